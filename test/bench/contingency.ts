/**
 * `npm run bench:contingency`: how soon a write is backed up, how soon a silent owner is missed and stood in for,
 * what a goodbye costs, and what silence costs; beside the bounds of `protocols/contingency/config.ts`.
 *
 * Real Node peers, each a process with a disk, over WebRTC with a real bootstrap. On one machine a round trip is
 * under a millisecond and says nothing, so every peer hears the others `--owd` milliseconds late; writes are also
 * measured without that. An owner crashes by SIGSTOP: its links stay open and nothing closes.
 */

import { writeFile } from 'node:fs/promises'
import { setTimeout as pass } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { defaultConfig } from '#protocols/contingency/index'
import { Company, now, type Peer, standsIn, warm } from './contingency/company.ts'
import { percentile, summarise } from './statistics.ts'

const { values } = parseArgs({
  options: {
    owd: { type: 'string', default: '25' },
    rounds: { type: 'string', default: '24' },
    json: { type: 'string' },
  },
})
const owd = number('owd', 0)
const rounds = number('rounds', 1)
const PUTS = 100
/** Long enough for what is said once to weigh little against what is said every second. */
const IDLE_MILLIS = 20_000
/** After a claim, for what it causes to be said; longer than the rest of the roster needs to answer. */
const SETTLE_MILLIS = 1_500
const HANDOFFS = 3
/** Records of a state of so many bytes: few enough of the largest that there are. */
const SIZES = { '10k': { records: 10, bytes: 1_000 }, '1m': { records: 16, bytes: 62_500 } } as const
type Size = keyof typeof SIZES

const { beat, margin } = defaultConfig
const bounds = { detection: beat / 2 + owd + margin, takeover: beat / 2 + owd + margin + owd }

const result = {
  put: { ...(await inCompany(owd, measurePuts)), loopback: await inCompany(0, measurePuts) },
  ...(await inCompany(owd, measureCrashes)),
  handoff: await measureHandoffs(),
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(table())
// Waits of peers that were not the first to say something are still open.
process.exit(0)

async function inCompany<T>(delay: number, measure: (company: Company) => Promise<T>): Promise<T> {
  const company = await Company.gather(delay)
  try {
    return await measure(company)
  } finally {
    await company.end()
  }
}

/** Three who hold each other's: an owner, and its two holders. */
async function three(company: Company): Promise<[owner: Peer, holders: Peer[]]> {
  const holders = await Promise.all([company.peer(), company.peer()])
  const owner = await company.peer()
  await Promise.all(
    [owner, ...holders].map((peer) => peer.is('to be held by two', (view) => warm(view) === 2)),
  )
  return [owner, holders]
}

async function measurePuts(company: Company) {
  const [owner] = await three(company)
  const [puts, rtts]: [number[], number[]] = [[], []]
  for (let n = 0; n < PUTS; n++) {
    rtts.push(...((await owner.ask({ type: 'ping' }))['rtts'] as number[]))
    // Ten names, so that the state stays small.
    const put = { type: 'put', name: `put/${n % 10}`, bytes: 200, until: 'backed-up' } as const
    puts.push(Number((await owner.ask(put))['took']))
  }
  const [put, rtt] = [summarise(puts), summarise(rtts)]
  say(`put: ${put.p50} ms, over a ping of ${rtt.p50} ms`)
  return { p50OverRtt: over(puts, percentile(rtts, 50)), millis: put, rttMillis: rtt }
}

/** Idle bytes, and then one crash after the other. */
async function measureCrashes(company: Company) {
  const [owner, holders] = await three(company)
  const all = [owner, ...holders]
  await quiet(company, all)
  const before = await company.sent(all)
  const begun = now()
  await pass(IDLE_MILLIS)
  const bytes = (await company.sent(all)) - before
  // Each holds for the two others.
  const links = all.length * holders.length
  const idle = { bytesPerSecond: tenth((bytes / links / (now() - begun)) * 1000), links }
  say(`idle: ${idle.bytesPerSecond} bytes a second and held link`)

  const [detections, takeovers]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    // At every phase of the beat alike, and with the quiet before it that jitter is measured in.
    await pass(3 * beat + (round / rounds) * beat)
    const at = now()
    owner.signal('SIGSTOP')
    const first = (what: string, holds: Parameters<Peer['says']>[1]) =>
      Promise.any(holders.map((holder) => holder.says(what, holds, at)))
    const [probe, claim] = await Promise.all([
      first('to ask for the owner', (line) => line.probe === true),
      first('to stand in', ({ view }) => view !== undefined && standsIn(owner)(view)),
    ])
    detections.push(probe.at - at)
    takeovers.push(claim.at - at)
    say(
      `crash ${round + 1} of ${rounds}: seen ${tenth(probe.at - at)} ms, stood in ${tenth(claim.at - at)} ms`,
    )
    owner.signal('SIGCONT')
    await Promise.all(holders.map((holder) => holder.is('to step down', (view) => !standsIn(owner)(view))))
    await owner.is('to be held again', (view) => warm(view) === 2)
  }
  const mean = detections.reduce((sum, one) => sum + one, 0) / detections.length
  return {
    idle,
    detection: {
      meanOverBound: hundredth(mean / bounds.detection),
      meanMillis: tenth(mean),
      boundMillis: bounds.detection,
      millis: summarise(detections),
    },
    takeover: {
      p50OverBound: over(takeovers, bounds.takeover),
      boundMillis: bounds.takeover,
      millis: summarise(takeovers),
    },
  }
}

/** An owner with a state fills its first holder, loses it by a goodbye, gets others, and says goodbye itself. */
async function measureHandoffs() {
  const ownersBytes: Record<Size, number[]> = { '10k': [], '1m': [] }
  const holdersBytes: Record<Size, number[]> = { '10k': [], '1m': [] }
  const [roundTrips, throughputs]: [number[], number[]] = [[], []]
  for (const size of Object.keys(SIZES) as Size[]) {
    for (let n = 0; n < HANDOFFS; n++) {
      const one = await inCompany(owd, (company) => measureHandoff(company, size))
      ownersBytes[size].push(one.ownersBytes)
      holdersBytes[size].push(one.holdersBytes)
      roundTrips.push(one.roundTrips)
      if (size === '1m') throughputs.push(one.throughput)
      say(
        `goodbye ${n + 1} of ${HANDOFFS} with ${size}: the owner's ${one.ownersBytes} bytes and ` +
          `${hundredth(one.roundTrips)} round trips, a contingent's ${one.holdersBytes} bytes`,
      )
    }
  }
  return {
    bytes10k: percentile(ownersBytes['10k'], 50),
    bytes1m: percentile(ownersBytes['1m'], 50),
    contingentBytes10k: percentile(holdersBytes['10k'], 50),
    contingentBytes1m: percentile(holdersBytes['1m'], 50),
    p50Rtts: over(roundTrips, 1),
    rtts: summarise(roundTrips),
    bytesMost: Math.max(...Object.values({ ...ownersBytes }).flat(), ...Object.values(holdersBytes).flat()),
    snapshotMegabytesPerSecond: hundredth(percentile(throughputs, 50) ?? 0),
  }
}

async function measureHandoff(company: Company, size: Size) {
  const { records, bytes } = SIZES[size]
  const owner = await company.peer()
  for (let n = 0; n < records; n++) {
    await owner.ask({ type: 'put', name: `record/${n}`, bytes, until: 'local' })
  }
  const first = await company.peer()
  const appointed = await owner.says('to be held', ({ view }) => view !== undefined && warm(view) === 1)
  const backed = await owner.says('to be backed up', ({ view }) => view?.unbacked === 0, appointed.at)
  const second = await company.peer()
  await owner.is('to be held by two', (view) => warm(view) === 2)
  await quiet(company, [owner, first, second])

  const holdersBytes = await leaving(company, owner, first, [second, owner])
  const third = await company.peer()
  await owner.is('to be held by two again', (view) => warm(view) === 2)
  await quiet(company, [owner, second, third])

  const rtts = (await owner.ask({ type: 'ping' }))['rtts'] as number[]
  const holders = [second, third]
  const begun = now()
  const ownersBytes = await leaving(company, owner, owner, holders)
  const stands = (holder: Peer) =>
    holder.says('to stand in', ({ view }) => view !== undefined && standsIn(owner)(view), begun)
  const claim = await Promise.any(holders.map(stands))
  const goodbye = owner.lines.findLast(({ begun: at }) => at !== undefined)?.['begun']
  return {
    holdersBytes,
    ownersBytes,
    roundTrips: (claim.at - Number(goodbye)) / (percentile(rtts, 50) ?? 1),
    throughput: (records * bytes) / 1000 / (backed.at - appointed.at),
  }
}

/** Bytes said of `owner`'s state, but for the beats that are said anyway, when `peer` says goodbye to `others`. */
async function leaving(company: Company, owner: Peer, peer: Peer, others: readonly Peer[]): Promise<number> {
  const before = await company.sent([peer, ...others], owner)
  const { sent } = await peer.ask({ type: 'leave', of: owner.id })
  await pass(SETTLE_MILLIS)
  return Number(sent) + (await company.sent(others, owner)) - before
}

/** Until nothing is said but what is said every second. */
async function quiet(company: Company, peers: readonly Peer[]): Promise<void> {
  const most = 100 * peers.length * peers.length
  for (let last = await company.sent(peers); ; ) {
    await pass(beat)
    const sent = await company.sent(peers)
    if (sent - last < most) return
    last = sent
  }
}

function table(): string {
  const { put, detection, takeover, handoff, idle } = result
  const rows: [what: string, measured: string, target: string][] = [
    ['put until backed up, p50 over a round trip', `${put.p50OverRtt}`, '≤ 1.5'],
    ['  milliseconds, p50 and p95', `${put.millis.p50}, ${put.millis.p95}`, ''],
    ['  the same on bare loopback', `${put.loopback.millis.p50}, ${put.loopback.millis.p95}`, ''],
    ['crash to suspicion, mean over the bound', `${detection.meanOverBound}`, '≤ 1.25'],
    ['  milliseconds, p50 and p95', `${detection.millis.p50}, ${detection.millis.p95}`, ''],
    ['crash to takeover, p50 over the bound', `${takeover.p50OverBound}`, '≤ 1.5'],
    ['  milliseconds, p50 and p95', `${takeover.millis.p50}, ${takeover.millis.p95}`, ''],
    ["an owner's goodbye, bytes: 10 kB of state", `${handoff.bytes10k}`, '≤ 2000'],
    ["an owner's goodbye, bytes: 1 MB of state", `${handoff.bytes1m}`, '≤ 2000'],
    ["a contingent's goodbye, bytes: 1 MB", `${handoff.contingentBytes1m}`, '≤ 2000'],
    ['goodbye to stand-in, p50 in round trips', `${handoff.p50Rtts}`, '≤ 3'],
    ['idle, bytes a second and held link', `${idle.bytesPerSecond}`, '≤ 100'],
    ['first snapshot of 1 MB, MB a second', `${handoff.snapshotMegabytesPerSecond}`, ''],
  ]
  const lines = rows.map(
    ([what, ...cells]) => what.padEnd(46) + cells.map((cell) => cell.padStart(14)).join(''),
  )
  return `${lines.join('\n')}\n`
}

function over(samples: readonly number[], bound: number | null): number | null {
  const median = percentile(samples, 50)
  return median === null || bound === null ? null : hundredth(median / bound)
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100
}

function number(name: 'owd' | 'rounds', least: number): number {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`--${name} takes a whole number from ${least}`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
