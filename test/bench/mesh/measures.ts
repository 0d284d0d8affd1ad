/** What is measured of a colony that has settled. Each measure leaves it a moment of quiet between one try and the next. */
import { readFile } from 'node:fs/promises'
import { setTimeout as pass } from 'node:timers/promises'
import type { Random } from '../../../simulations/random.ts'
import type { Colony } from '../../support/colony/colony.ts'
import type { Acquaintance, Report } from '../../support/colony/commands.ts'
import { percentile } from '../statistics.ts'
import { pairs } from './pairs.ts'

/** The end of patience with one connect or find, in milliseconds: that of a whole dial in `node/link/links.ts`. */
const PATIENCE = 16_000
/** Between one try and the next, in milliseconds, so that the one before does not slow it. */
const QUIET = 100
/** A second, and something: a dial that took so long lost its first packet of DTLS, which is sent again after one. */
const SLOW = 900
/** From one word of how far it is to the next, in tries. */
const REPORTED = 10
/** Links whose round trips are taken. */
const PINGS = 100

export interface Usage {
  rssBytes: number
  cpuSeconds: number
}

/** Memory and processor time of a process, as Linux tells them. */
export async function usageOf(pid: number): Promise<Usage> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ])
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1])
  // Behind the name, which is in brackets: the 14th and 15th field, in hundredths.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { rssBytes: kilobytes * 1_024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 }
}

/** The share of a processor that a process takes for so many milliseconds. */
export async function shareOf(pid: number, millis: number): Promise<number> {
  const [before, began] = [await usageOf(pid), performance.now()]
  await pass(millis)
  const after = await usageOf(pid)
  return ((after.cpuSeconds - before.cpuSeconds) * 1_000) / (performance.now() - began)
}

export type Say = (line: string) => void

export interface Reached {
  millis: number[]
  failures: string[]
}

/** Makes direct links between peers that never had one and know no way to each other; says now and then how far it is. */
export async function reach(colony: Colony, count: number, random: Random, say: Say): Promise<Reached> {
  const result: Reached = { millis: [], failures: [] }
  if (count < 1) return result
  const strangers = pairs(colony.peers, ['stranger'], random)
  for await (const { from, to } of strangers) {
    try {
      const { millis } = await from.house.tell('connect', { from: from.id, to: to.id, millis: PATIENCE })
      result.millis.push(millis)
    } catch (error) {
      result.failures.push(`${from.id} did not reach ${to.id}: ${(error as Error).message}`)
    }
    const done = result.millis.length + result.failures.length
    if (done >= count) break
    if (done % REPORTED === 0) say(`tried ${done} of ${count} strangers, ${result.failures.length} in vain`)
    await pass(QUIET)
  }
  return result
}

/** The share of dials that lost their first packet of DTLS. */
export function slowShare(millis: readonly number[]): number | null {
  return millis.length === 0 ? null : millis.filter((each) => each >= SLOW).length / millis.length
}

export interface Found {
  /** Of those that were not linked. */
  millis: number[]
  /** Of all, 0 of those that were linked. */
  rounds: number[]
  /** How many were found in which way. */
  how: Record<string, number>
  failures: string[]
}

/**
 * Finds peers by others: linked to them or not, as chance has it, because the ideal figure counts those that know each
 * other as well. Only ways that were gone before are not gone again.
 */
export async function find(colony: Colony, count: number, random: Random, say: Say): Promise<Found> {
  const result: Found = { millis: [], rounds: [], how: {}, failures: [] }
  const wanted: Acquaintance[] = ['link', 'stranger']
  for await (const { from, to, known } of pairs(colony.peers, wanted, random)) {
    try {
      const found = await from.house.tell('find', { from: from.id, to: to.id, millis: PATIENCE })
      result.how[found.how] = (result.how[found.how] ?? 0) + 1
      if (found.presence === 'away') result.failures.push(`${from.id} takes ${to.id} to be away`)
      else {
        result.rounds.push(found.rounds)
        if (known !== 'link') result.millis.push(found.millis)
      }
    } catch (error) {
      result.failures.push(`${from.id} did not find ${to.id}: ${(error as Error).message}`)
    }
    const done = result.rounds.length + result.failures.length
    if (done >= count) break
    if (done % (10 * REPORTED) === 0) say(`looked for ${done} of ${count}, ${result.failures.length} in vain`)
    if (known !== 'link') await pass(QUIET)
  }
  return result
}

/** The median round trip of links, in milliseconds. */
export async function roundTrip(colony: Colony, random: Random): Promise<number | null> {
  const rtts: number[] = []
  for await (const { from, to } of pairs(colony.peers, ['link'], random)) {
    // A link may be let go just then.
    const rtt = await from.house.tell('ping', { from: from.id, to: to.id }).catch(() => undefined)
    if (rtt !== undefined) rtts.push(rtt)
    if (rtts.length >= PINGS) break
  }
  return percentile(rtts, 50)
}

/** RTCPeerConnections that a peer opened since the report before, per hour, in the mean of all. */
export function perHour(before: readonly Report[], after: readonly Report[], millis: number): number {
  return ((mean(opened(after)) - mean(opened(before))) / millis) * 3_600_000
}

export function opened(reports: readonly Report[]): number[] {
  return reports.map(({ counts }) => counts.peerConnections)
}

export function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}
