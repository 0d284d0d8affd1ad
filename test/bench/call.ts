/**
 * `npm run bench:call`: how long until two people see each other, beside the fastest that the browser allows
 * and beside PeerJS; how long until the page is ready; how old a frame is when it is seen.
 *
 * Everything is measured in one Chromium and one run, in rounds through all variants, so that whatever else
 * the machine is doing befalls all alike: the ratios are what counts. The camera is open already, and whoever
 * is called answers at once. A time ends when the caller's screen is given the first remote frame.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openChromium } from '../support/chromium.ts'
import { meet, openApp, type Pair } from './people.ts'
import { startServers } from './servers.ts'
import { ratio, type Summary, summarise } from './statistics.ts'

/**
 * Rounds after which both people come back with fresh pages: a tab may open some 500 RTCPeerConnections in
 * its life, closed ones counting until they are collected, and a round takes up to eight.
 */
const ROUNDS_A_PAGE = 20

const VARIANTS = ['floor', 'peerjs', 'cold', 'warm'] as const
type Variant = (typeof VARIANTS)[number]

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, json: { type: 'string' } },
})
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1')

const times: Record<Variant, number[]> = { floor: [], peerjs: [], cold: [], warm: [] }
const glass = { peerjs: [] as number[], warm: [] as number[] }
const ready: number[] = []
let failures = 0

const servers = await startServers()
const chromium = await openChromium({ fps: 20, large: true })
try {
  await openApp(chromium, servers.app.url)
  for (let round = 0; round < rounds; round += ROUNDS_A_PAGE) {
    const pair = await meet(chromium, servers)
    // Once each for nothing: what is timed is not how a browser compiles a page.
    for (const variant of VARIANTS) await dial(pair, variant)
    for (let n = round; n < Math.min(round + ROUNDS_A_PAGE, rounds); n++) await play(pair, n)
    for (const variant of ['peerjs', 'warm'] as const) glass[variant].push(...(await pair.glass(variant)))
    await pair.leave()
  }
} finally {
  await chromium.close()
  await Promise.all([servers.bench.stop(), servers.app.stop(), servers.peerjs.stop()])
}
await report()
if (failures > 0) process.exitCode = 1

async function play(pair: Pair, round: number): Promise<void> {
  const words: string[] = []
  const attempt = async (name: string, samples: number[], work: () => Promise<number>) => {
    try {
      const time = await work()
      samples.push(time)
      words.push(`${name} ${Math.round(time)}`)
    } catch (error) {
      failures += 1
      words.push(`${name} failed (${error instanceof Error ? error.message : error})`)
    }
  }
  for (const variant of VARIANTS) await attempt(variant, times[variant], () => dial(pair, variant))
  await attempt('ready', ready, () => openApp(chromium, servers.app.url))
  say(`round ${round + 1} of ${rounds}: ${words.join(', ')} ms`)
}

function dial(pair: Pair, variant: Variant): Promise<number> {
  return variant === 'floor' ? pair.floor() : pair.call(variant)
}

async function report(): Promise<void> {
  const { floor, peerjs, cold, warm } = times
  const ratios = { coldOverPeerjs: ratio(cold, peerjs), warmOverFloor: ratio(warm, floor) }
  const call = Object.fromEntries(VARIANTS.map((variant) => [variant, summarise(times[variant])]))
  const result = {
    call: { ...call, failures, ratios },
    ready: summarise(ready),
    glass: { peerjs: summarise(glass.peerjs), warm: summarise(glass.warm) },
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)

  const rows: [string, Summary][] = [
    ['call: floor, two connections in one page', summarise(floor)],
    ['call: PeerJS', summarise(peerjs)],
    ['call: Colonia cold, never met', summarise(cold)],
    ['call: Colonia warm, already linked', summarise(warm)],
    ['page open to ready', result.ready],
    ['glass to glass: PeerJS', result.glass.peerjs],
    ['glass to glass: Colonia warm', result.glass.warm],
  ]
  const table = rows.map(([name, { p50, p95, samples }]) => row(name, p50, p95, samples))
  process.stdout.write(
    `${[row('milliseconds', 'p50', 'p95', 'samples'), ...table].join('\n')}\n\n` +
      `cold / PeerJS ${ratios.coldOverPeerjs}, warm / floor ${ratios.warmOverFloor}, ` +
      `failures ${failures} of ${rounds * (VARIANTS.length + 1)}\n`,
  )
}

function row(name: string, ...cells: (string | number | null)[]): string {
  return name.padEnd(42) + cells.map((cell) => String(cell ?? '–').padStart(9)).join('')
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
