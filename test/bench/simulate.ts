/**
 * `npm run bench:simulate`: how fast the discrete world is, what a node takes of memory, and whether a seed gives the same
 * run twice. Beside it, in the same run, a bare binary heap with as many pending events, which does nothing else.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Simulation, shardsOf } from '../../simulations/churn/simulation.ts'
import { Random } from '../../simulations/random.ts'
import { Campaign } from '../../simulations/runner/campaign.ts'
import { scenarioNamed } from '../../simulations/scenario/command-line.ts'
import { BareHeap } from './simulate/bare-heap.ts'

const { values } = parseArgs({
  options: {
    /** The smallest colony and the largest, and powers of ten between them. */
    largest: { type: 'string', default: '1000000' },
    smallest: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    json: { type: 'string' },
  },
})
const largest = Number(values.largest)
const smallest = Number(values.smallest)
const hours = Number(values.hours)
/** A heap's speed is measured over so many pops and pushes. */
const TURNS = 2_000_000
/** Events of one look at the simulator's speed. */
const PIECE = 20_000
/** One worker alone is asked for no more than this, to spare time. */
const ALONE = 10_000
/** Peers of one colony: more are several of them, each by itself (`simulations/churn/simulation.ts`). */
const COLONY = 512
/** Colonies that are measured, after one that the engine learns from. */
const COLONIES = 16
/** Peers whose memory is measured, in one colony. */
const REMEMBERED = 4_096

const kad = { ...scenarioNamed('kad'), hours, lookups: 0, calls: 0, writes: 0, seeds: 1 }
const began = performance.now()
const engine = measureEngine()
const bytesPerNode = measureMemory()
const scale = await measureScale()
const deterministic = await isDeterministic()
const result = { engine, bytesPerNode, scale, deterministic }
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(table())

/** Colonies at work, one after the other as a run of many peers has them, and a bare heap of the same size. */
function measureEngine() {
  let [events, millis, pending] = [0, 0, 0]
  for (let shard = 0; shard <= COLONIES; shard++) {
    const simulation = new Simulation({ ...kad, nodes: COLONY, hours: 6 }, 1, shard)
    while (simulation.now === 0) simulation.advance(PIECE)
    pending = simulation.pending
    const [from, since] = [simulation.events, performance.now()]
    while (!simulation.advance(PIECE)) {}
    if (shard === 0) continue
    events += simulation.events - from
    millis += performance.now() - since
  }
  const perSecond = events / (millis / 1_000)
  const bare = bareHeap(pending)
  return {
    perSecond: Math.round(perSecond),
    bareHeap: Math.round(bare),
    pending,
    overBareHeap: perSecond / bare,
  }
}

function bareHeap(pending: number): number {
  const random = new Random(1)
  const heap = new BareHeap()
  for (let n = 0; n < pending; n++) heap.push(random.unit())
  const since = performance.now()
  for (let n = 0; n < TURNS; n++) heap.push(heap.pop() + random.unit())
  return TURNS / ((performance.now() - since) / 1_000)
}

function measureMemory(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage().heapUsed
  const simulation = new Simulation({ ...kad, nodes: REMEMBERED, colony: REMEMBERED, hours: 1 }, 1, 0)
  while (!simulation.advance(PIECE)) {}
  collect()
  const bytes = (process.memoryUsage().heapUsed - before) / REMEMBERED
  say(`${simulation.events} events, ${bytes.toFixed(0)} bytes a node`)
  return Math.round(bytes)
}

async function measureScale() {
  const rows = []
  for (let nodes = smallest; nodes <= largest; nodes *= 10) {
    for (const workers of nodes <= ALONE ? [1, availableParallelism()] : [availableParallelism()]) {
      // More workers are of use where there are more jobs than one: where there are too few shards, more seeds.
      const seeds = Math.max(1, Math.floor(workers / shardsOf({ ...kad, nodes })))
      const campaign = await Campaign.of({ ...kad, nodes, seeds }, { workers, screen: process.stderr })
      const since = performance.now()
      await campaign.run()
      const seconds = (performance.now() - since) / 1_000
      const runs = campaign.runs()
      const events = runs.reduce((sum, run) => sum + run.events, 0)
      const microsPerEvent = (seconds * workers * 1e6) / events
      rows.push({
        nodes,
        colonies: shardsOf({ ...kad, nodes }),
        hours,
        workers,
        seeds: runs.length,
        seconds,
        events,
        microsPerEvent,
      })
      say(`${nodes} nodes, ${hours} h, ${workers} workers, ${runs.length} seeds: ${seconds.toFixed(1)} s`)
    }
  }
  return rows
}

/** The same seed twice, by one worker and by several. */
async function isDeterministic(): Promise<boolean> {
  const hashes = []
  for (const workers of [1, 2]) {
    const campaign = await Campaign.of({ ...kad, nodes: 2_000, hours: 2, seeds: 2 }, { workers })
    await campaign.run()
    hashes.push(campaign.runs().map(({ hash }) => hash))
  }
  return JSON.stringify(hashes[0]) === JSON.stringify(hashes[1])
}

function table(): string {
  const rows = scale.map(
    ({ nodes, workers, seeds, seconds, microsPerEvent }) =>
      `| ${nodes} | ${workers} | ${seeds} | ${seconds.toFixed(1)} | ${microsPerEvent.toFixed(1)} |`,
  )
  return [
    `simulator: ${engine.perSecond} events a second, bare heap of ${engine.pending}: ${engine.bareHeap}; ratio ${engine.overBareHeap.toFixed(3)}`,
    `memory: ${bytesPerNode} bytes a node; the same seed twice: ${deterministic ? 'the same' : 'NOT the same'}`,
    `KAD churn for ${hours} h:`,
    '| nodes | workers | seeds | seconds | µs of a core an event |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function say(line: string): void {
  process.stderr.write(`${Math.round((performance.now() - began) / 1_000)} s: ${line}\n`)
}
