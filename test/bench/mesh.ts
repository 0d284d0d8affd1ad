/**
 * `npm run bench:mesh`: what a bootstrap holds as the mesh grows, how soon strangers reach each other with it and
 * without it, how a peer is found, and how many RTCPeerConnections that takes.
 *
 * Real Node peers on loopback, several to a process, linked over WebRTC, or with `--over cable` over WebSocket, of which
 * more fit into a machine. The bootstrap is a process of its own. The mesh is measured at each size once nothing changes
 * any more; the rest at the largest: first a quiet minute, then half of the strangers with the bootstrap alive, then
 * `kill -9`, then the other half, then the look-ups.
 */
import { writeFile } from 'node:fs/promises'
import { setTimeout as pass } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { keyOf } from '#node/keyspace'
import { ALPHA, K } from '#node/registration/dht'
import { Random } from '../../simulations/random.ts'
import { Colony } from '../support/colony/colony.ts'
import type { Over } from '../support/colony/commands.ts'
import { meanRounds } from './mesh/ideal.ts'
import {
  find,
  mean,
  opened,
  perHour,
  reach,
  roundTrip,
  shareOf,
  slowShare,
  usageOf,
} from './mesh/measures.ts'
import { percentile, ratio, summarise } from './statistics.ts'

const SIZES = [10, 50, 100, 200]
const PER_HOUSE = 20
/**
 * Nothing has changed for so long in a mesh that has settled, in milliseconds: peers ask once a minute whether they may
 * hang up. How long is waited for that, and how long the mesh is watched then.
 */
const STILL = 75_000
const SETTLING = 600_000
const WATCH = 10_000
/** A minute in which nothing happens but what always does. */
const QUIET = 60_000
const STRANGERS = 60
/** Of all pairs that are not linked yet, at most so many each time: look-ups need some as well. */
const STRANGERS_SHARE = 0.25
const FINDS = 400
/** After the bootstrap died, until everyone has heard of it, in milliseconds. */
const NEWS = 5_000
/** Networks that the ideal figure is the mean of. */
const NETWORKS = 5

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '200' },
    anchors: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1' },
    links: { type: 'string', default: '8' },
    contingents: { type: 'string', default: '2' },
    over: { type: 'string', default: 'webrtc' },
    json: { type: 'string' },
  },
})
const peers = number('peers', 2)
const anchors = number('anchors', 0)
const random = new Random(number('seed', 0))
/** Of each peer. The defaults are those of `createNode`; with fewer of both more peers fit into a machine. */
const options = {
  links: number('links', 0),
  contingents: number('contingents', 0),
  over: medium(values.over),
}
const began = performance.now()

const colony = await Colony.found({
  perHouse: PER_HOUSE,
  options,
  flags: ['--anchors', String(anchors)],
  say,
})
let result: Awaited<ReturnType<typeof measure>>
try {
  result = await measure()
} finally {
  await colony.end()
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(table())
process.exit(result.reach.failures > 0 || result.find.success < 1 ? 1 : 0)

async function measure() {
  const settled = []
  for (const size of [...SIZES.filter((each) => each < peers), peers]) settled.push(await grow(size))
  const last = await colony.reports()
  say(`a quiet minute of ${colony.peers.length} peers`)
  const quietSince = performance.now()
  await pass(QUIET)
  const quiet = await colony.reports()
  const peerConnectionsPerHour = tenth(perHour(last, quiet, performance.now() - quietSince))

  const size = colony.peers.length
  const strangers = (size * (size - 1) - sum(quiet.map(({ links }) => links.length))) / 2
  const count = Math.min(STRANGERS, Math.floor(strangers * STRANGERS_SHARE))
  const alive = await reach(colony, count, random, say)
  say(`reached ${alive.millis.length} strangers: ${JSON.stringify(summarise(alive.millis))}`)
  await colony.bootstrap.kill()
  await pass(NEWS)
  const dead = await reach(colony, count, random, say)
  say(`with the bootstrap dead: ${JSON.stringify(summarise(dead.millis))}`)
  const found = await find(colony, FINDS, random, say)
  const rtt = await roundTrip(colony, random)
  const ideal = tenThousandth(idealRounds())
  const meanRoundsFound = tenThousandth(mean(found.rounds))
  const failed = [...alive.failures, ...dead.failures, ...found.failures]
  for (const failure of failed) say(failure)

  return {
    options: { ...options, anchors },
    settled,
    reach: {
      alive: { ...summarise(alive.millis), slowShare: hundredth(slowShare(alive.millis)) },
      dead: { ...summarise(dead.millis), slowShare: hundredth(slowShare(dead.millis)) },
      deadOverAlive: ratio(dead.millis, alive.millis),
      failures: alive.failures.length + dead.failures.length,
    },
    find: {
      p50OverRtt: over(percentile(found.millis, 50), rtt),
      meanRounds: meanRoundsFound,
      idealMeanRounds: ideal,
      meanRoundsOverIdeal: ideal === 0 ? null : hundredth(meanRoundsFound / ideal),
      success: tenThousandth(found.rounds.length / (found.rounds.length + found.failures.length)),
      millis: summarise(found.millis),
      rttMillis: hundredth(rtt),
      how: found.how,
    },
    peerConnectionsPerHour,
    /** Of a peer, from its coming until the largest mesh had settled. */
    peerConnectionsToJoin: tenth(mean(opened(last))),
    /** Peers that were not linked and held a minute after they came. */
    late: colony.late.length,
    failed,
  }
}

/** A mesh of so many, and what the bootstrap holds for it. */
async function grow(size: number) {
  const since = performance.now()
  await colony.grow(size)
  const { reports, settled } = await colony.settle({ still: STILL, patience: SETTLING })
  const { pid } = colony.bootstrap
  const cpuShare = await shareOf(pid, WATCH)
  const one = {
    peers: size,
    sockets: await colony.sockets(),
    ...(await usageOf(pid)),
    cpuShare: tenThousandth(cpuShare),
    linksPerPeer: tenth(mean(reports.map(({ links }) => links.length))),
    linksMost: Math.max(...reports.map(({ links }) => links.length)),
    peerConnectionsPerPeer: tenth(mean(opened(reports))),
    settled,
    seconds: Math.round((performance.now() - since) / 1_000),
  }
  say(JSON.stringify(one))
  return one
}

/** For these very peers, as their keys lie. */
function idealRounds(): number {
  const keys = colony.peers.map(({ id }) => keyOf(id))
  return mean(Array.from({ length: NETWORKS }, () => meanRounds({ keys, k: K, alpha: ALPHA, random }, 4_000)))
}

function table(): string {
  const { settled, reach, find, peerConnectionsPerHour, peerConnectionsToJoin } = result
  const bound = Math.floor(anchors * 1.1)
  const connections = options.over === 'webrtc' ? 'RTCPeerConnections' : 'cables'
  const rows: [what: string, measured: string, target: string][] = [
    ...settled.map((one): [string, string, string] => [
      `${one.peers} peers: WebSockets, MB, % of a core at the bootstrap`,
      `${one.sockets}, ${Math.round(one.rssBytes / 1e6)}, ${tenth(one.cpuShare * 100)}`,
      one.peers > anchors ? `≤ ${bound}` : '',
    ]),
    ['to a stranger, bootstrap alive, ms, p50 and p95', `${reach.alive.p50}, ${reach.alive.p95}`, ''],
    ['to a stranger, bootstrap dead, ms, p50 and p95', `${reach.dead.p50}, ${reach.dead.p95}`, ''],
    ['  dead over alive', `${reach.deadOverAlive}`, '≤ 1.2'],
    ['  failures', `${reach.failures}`, '0'],
    ['found', `${tenth(find.success * 100)} %`, '100 %'],
    ['  mean rounds, ideal', `${find.meanRounds}, ${find.idealMeanRounds}`, ''],
    ['  mean rounds over ideal', `${find.meanRoundsOverIdeal}`, '≤ 1.1'],
    ['  ms, p50 and p95', `${find.millis.p50}, ${find.millis.p95}`, ''],
    ['  p50 over the round trip of a link', `${find.p50OverRtt}`, ''],
    [`${connections} of a peer to join`, `${peerConnectionsToJoin}`, ''],
    [`${connections} of a peer in an hour after`, `${peerConnectionsPerHour}`, ''],
  ]
  // Where everyone is linked to everyone nobody is a stranger.
  const lines = rows.map(
    ([what, ...cells]) =>
      what.padEnd(58) + cells.map((cell) => cell.replaceAll('null', '–').padStart(14)).join(''),
  )
  return `${lines.join('\n')}\n`
}

function over(value: number | null, base: number | null): number | null {
  return value === null || base === null ? null : hundredth(value / base)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

function hundredth(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}

function tenThousandth(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

function number(name: 'peers' | 'anchors' | 'seed' | 'links' | 'contingents', least: number): number {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`--${name} takes a whole number from ${least}`)
}

function medium(name: string): Over {
  if (name === 'webrtc' || name === 'cable') return name
  throw new TypeError(
    '--over takes webrtc, or cable: WebSocket between peers, of which more fit into a machine',
  )
}

function say(line: string): void {
  process.stderr.write(`${Math.round((performance.now() - began) / 1_000)} s: ${line}\n`)
}
