/** Reading a report from a file, which anyone may have written. */
import { createReadStream } from 'node:fs'
import * as v from 'valibot'
import { badOptions } from '#node/command-line'
import { amount, line, number, scenarioSchema, whole } from '../scenario/schema.ts'
import type { Report } from './run.ts'

const MEBIBYTE = 1_048_576
/** Bytes of a file: a report of a hundred runs with a moving picture each has less. */
const MAX_BYTES = 256 * MEBIBYTE
const FORMAT = 'colonia-simulation/1'
/** Characters of what a file says that are shown in a refusal. */
const SHOWN = 500

const spread = v.object({
  ...{ count: whole, mean: number, p50: number, p95: number, max: number },
  cdf: v.pipe(v.array(v.tuple([number, number])), v.maxLength(101)),
})
const moment = v.object({
  ...{ at: amount, population: amount, states: amount, underReplicated: amount, lost: amount },
  ...{ lookups: amount, lookupFailures: amount, bytesPerNode: amount },
  links: v.exactOptional(amount),
  connections: v.exactOptional(amount),
})
const frame = v.object({
  at: amount,
  nodes: v.array(v.object({ id: whole, state: v.picklist(['up', 'frozen', 'cut']) })),
  copies: v.array(
    v.object({
      from: whole,
      to: whole,
      owner: v.pipe(number, v.integer('must be a whole number'), v.minValue(-1)),
    }),
  ),
  news: v.array(line),
})
const run = v.object({
  seed: v.pipe(whole, v.maxValue(2 ** 32 - 1)),
  hash: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]*$/, 'must be hexadecimal digits'))),
  ...{ events: whole, seconds: amount, millis: amount, complete: v.boolean() },
  figures: v.record(line, v.nullable(number)),
  spreads: v.record(line, spread),
  moments: v.array(moment),
  happenings: v.array(v.object({ at: amount, span: amount, what: line })),
  frames: v.array(frame),
  messages: v.exactOptional(v.record(line, amount)),
})
const schema = v.object({
  format: v.literal(FORMAT),
  world: v.picklist(['discrete', 'memory', 'webrtc']),
  command: line,
  versions: v.object({ colonia: line, node: line }),
  scenario: scenarioSchema,
  runs: v.pipe(v.array(run), v.maxLength(1_000)),
}) satisfies v.GenericSchema<unknown, Report>

/**
 * Fields that are not known are left out: a newer Colonia may have written them.
 * @throws ColoniaError `bad-options`: the file, where in it something is wrong, and what is allowed
 */
export async function readReport(path: string): Promise<Report> {
  const refuse = (why: string) => badOptions(`${path} ${why}`)
  const text = await read(path, refuse)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw refuse(`is not JSON: ${shown((error as Error).message)}`)
  }
  const format = v.safeParse(v.object({ format: v.string() }), parsed)
  if (!format.success)
    throw refuse(`is not the report of a simulation: it has no format, such as "${FORMAT}"`)
  if (format.output.format !== FORMAT) {
    throw refuse(`has the format "${shown(format.output.format)}"; allowed is "${FORMAT}"`)
  }
  const result = v.safeParse(schema, parsed, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw refuse(`is damaged: ${sentence(issue)}`)
}

/** A pipe does not say how long it is, so what is read is counted. */
async function read(path: string, refuse: (why: string) => Error): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path)) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw refuse(code === 'ENOENT' ? 'is not there' : `cannot be read: ${message}`)
  }
  if (bytes > MAX_BYTES) throw refuse(`is longer than ${MAX_BYTES / MEBIBYTE} MiB, which is allowed`)
  return Buffer.concat(chunks).toString('utf8')
}

function sentence(issue: v.BaseIssue<unknown>): string {
  const where = shown(v.getDotPath(issue) ?? 'all of it')
  if (issue.received === 'undefined') return `${where} is missing`
  if (issue.type === 'max_length') return `${where} is longer than ${issue.requirement}`
  // These say in their messages what is allowed; of all others valibot knows it.
  const own = ['regex', 'finite', 'safe_integer', 'integer', 'raw_check'].includes(issue.type)
  return `${where} ${own ? shown(issue.message) : `must be ${issue.expected}`}`
}

/** Of what a file says, so that it can be printed. */
function shown(text: string): string {
  const plain = text.slice(0, SHOWN).replace(/\p{Cc}/gu, '?')
  return text.length > SHOWN ? `${plain}…` : plain
}
