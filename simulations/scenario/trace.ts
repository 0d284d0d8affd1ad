/**
 * A churn trace: sessions that a bootstrap saw. It is text; `simulations/README.md` says how it is written. A trace that
 * was cut short or mixed up is refused, because a run on half of it would look like a run.
 *
 * Of some sessions only the beginning was seen. They are *censored*: they lasted at least so long. `completed` draws
 * what is missing from the sessions that lasted longer.
 */
import { constants, open } from 'node:fs/promises'
import { badOptions } from '#node/command-line'
import type { Random } from '../random.ts'

export interface Session {
  /** Milliseconds from the trace's begin. */
  at: number
  /** Milliseconds. */
  span: number
  end: 'goodbye' | 'lost' | 'censored'
}

export const TRACE_FORMAT = '# colonia-churn-trace/1'
export const TRACE_COLUMNS = 'start,seconds,end'
/** More is refused before anything is read. */
const MAX_BYTES = 64 * 2 ** 20
export const MAX_SESSIONS = 2_000_000
/** By so many seconds a line may have ended before the line above: a clock that is read twice, rounded to tenths. */
const SLACK = 1
/** No trace is longer: thirty years. */
const MAX_SECONDS = 1e9

const ENDS: Readonly<Record<string, Session['end']>> = {
  goodbye: 'goodbye',
  lost: 'lost',
  // Its connection closed in order and it went on without the server.
  'hung-up': 'censored',
  // Still there when the log was closed.
  open: 'censored',
}

/**
 * The sessions of a trace in the order in which they began.
 * @throws ColoniaError `bad-options`: what is wrong, and in which line
 */
export async function readTrace(path: string): Promise<Session[]> {
  return parseTrace(await readText(path), path)
}

async function readText(path: string): Promise<string> {
  // Without waiting: a pipe that nobody writes to would never open.
  // Without waiting: a pipe to which nobody writes would never open.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
    throw badOptions(`trace ${path} cannot be read: ${error.message}`)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw badOptions(`trace ${path} is not a file`)
    if (stats.size > MAX_BYTES) {
      throw badOptions(`trace ${path} has ${stats.size} bytes; allowed are ${MAX_BYTES} (64 MiB)`)
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** @throws ColoniaError `bad-options` */
function parseTrace(text: string, path: string): Session[] {
  const refuse = (line: number, why: string) => badOptions(`trace ${path}, line ${line}: ${why}`)
  if (text === '') throw badOptions(`trace ${path} is empty; its first line must be "${TRACE_FORMAT}"`)
  if (!text.endsWith('\n')) {
    throw refuse(text.split('\n').length, 'is cut short: there is no end of line')
  }
  const sessions: Session[] = []
  let latest = 0
  let from = 0
  for (let line = 1; from < text.length; line++) {
    const to = text.indexOf('\n', from)
    const row = text.slice(from, to)
    from = to + 1
    const head = line === 1 ? TRACE_FORMAT : line === 2 ? TRACE_COLUMNS : undefined
    if (head !== undefined) {
      if (row !== head) throw refuse(line, `must be "${head}", not "${row.slice(0, 60)}"`)
      continue
    }
    if (sessions.length === MAX_SESSIONS) throw refuse(line, `more than ${MAX_SESSIONS} sessions`)
    const read = parseRow(row)
    if (typeof read === 'string') throw refuse(line, read)
    const ended = (read.at + read.span) / 1_000
    if (ended < latest - SLACK) {
      throw refuse(
        line,
        `ended at ${ended} s, before the line above (${latest} s): lines stand as sessions ended`,
      )
    }
    latest = Math.max(latest, ended)
    sessions.push(read)
  }
  if (sessions.length === 0) throw badOptions(`trace ${path} has no session`)
  if (sessions.every(({ end }) => end === 'censored')) {
    throw badOptions(`trace ${path} has no session whose end was seen, so nothing says how long one lasts`)
  }
  return sessions.sort((a, b) => a.at - b.at)
}

/** A session, or what is wrong with the row. */
function parseRow(row: string): Session | string {
  const fields = row.split(',')
  const [start, seconds, name] = fields
  if (fields.length !== 3 || start === undefined || seconds === undefined || name === undefined) {
    return `has ${row === '' ? 0 : fields.length} fields; must be ${TRACE_COLUMNS}`
  }
  for (const [column, text] of [['start', start] as const, ['seconds', seconds] as const]) {
    if (!/^\d+(\.\d+)?$/.test(text) || Number(text) > MAX_SECONDS) {
      return `${column} must be a number of seconds from 0 to ${MAX_SECONDS}, not "${text.slice(0, 60)}"`
    }
  }
  const end = Object.hasOwn(ENDS, name) ? ENDS[name] : undefined
  if (end === undefined) {
    return `end must be ${Object.keys(ENDS).join(', ')}, not ${JSON.stringify(name.slice(0, 60))}`
  }
  return { at: Number(start) * 1_000, span: Number(seconds) * 1_000, end }
}

/**
 * The same sessions, with those that are censored gone on to an end. What a session lasts is estimated from all (the
 * product limit of Kaplan and Meier, 1958), and each that was cut is drawn from that, given that it lasted so long: it
 * takes span and end of a session that lasted longer. If the longest of all is censored, nothing is known beyond it; it
 * then ends where it was last seen (Efron 1967), with a goodbye as often as the others do.
 */
export function completed(sessions: readonly Session[], random: Random): Session[] {
  if (sessions.every(({ end }) => end !== 'censored')) return [...sessions]
  const { ends, survival } = productLimit(sessions)
  const longest = sessions.reduce((most, { span }) => Math.max(most, span), 0)
  const lost = ends.filter(({ end }) => end === 'lost').length / Math.max(1, ends.length)
  return sessions.map((session) => {
    if (session.end !== 'censored') return session
    const seen = first(ends.length, (at) => (ends[at] as Session).span > session.span)
    const bound = (seen === 0 ? 1 : (survival[seen - 1] as number)) * random.unit()
    const drawn = ends[first(ends.length, (at) => (survival[at] as number) <= bound)]
    if (drawn !== undefined) return { at: session.at, span: drawn.span, end: drawn.end }
    return { at: session.at, span: longest, end: random.chance(lost) ? 'lost' : 'goodbye' }
  })
}

/** Those that ended, shortest first, and the share of all that lasts longer than each. */
function productLimit(sessions: readonly Session[]): { ends: Session[]; survival: Float64Array } {
  // Of equal spans those that ended come first: who was cut at that moment had not ended yet.
  const rank = ({ end }: Session) => (end === 'censored' ? 1 : 0)
  const sorted = sessions.toSorted((a, b) => a.span - b.span || rank(a) - rank(b))
  const ends: Session[] = []
  const survival: number[] = []
  let share = 1
  for (const [at, session] of sorted.entries()) {
    if (session.end === 'censored') continue
    const atRisk = sorted.length - at
    share *= (atRisk - 1) / atRisk
    ends.push(session)
    survival.push(share)
  }
  return { ends, survival: Float64Array.from(survival) }
}

/** The first place from 0 to `count` - 1 at which `holds`, which then holds for all after it; `count` when none. */
function first(count: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
