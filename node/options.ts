/** The options of `createNode`: defaults, and the check that refuses what cannot work. */
import * as v from 'valibot'
import { MAX_RANKS } from '#protocols/contingency/index'
import type { NodeOptions } from './api.ts'
import { ColoniaError } from './errors.ts'

/** Most links a peer may aim for: a tenth of the connections that a tab may open in its life. */
export const MAX_LINKS = 48
const MAX_BOOTSTRAPS = 16
const MAX_NAME = 64

const url = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^https?:\/\//, 'expected a URL that begins with http:// or https://'),
  v.transform((text) => new URL(text).origin),
)

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const schema = v.strictObject({
  bootstraps: v.optional(v.pipe(v.array(url), v.maxLength(MAX_BOOTSTRAPS))),
  identity: v.optional(v.pipe(v.string(), v.minLength(1))),
  name: v.optional(v.pipe(v.string(), v.maxLength(MAX_NAME))),
  iceServers: v.optional(v.array(v.looseObject({ urls: v.union([v.string(), v.array(v.string())]) }))),
  links: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LINKS))),
  contingents: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_RANKS))),
  capacity: v.optional(v.strictObject({ owners: count, bytes: count })),
  signal: v.optional(v.instance(AbortSignal)),
})

/** @throws ColoniaError `bad-options`, naming the option and what is allowed. */
export function verifyOptions(options: NodeOptions): NodeOptions {
  const result = v.safeParse(schema, options)
  if (result.success) return { ...options, ...(result.output as NodeOptions) }
  const issue = result.issues[0]
  const path = v.getDotPath(issue) ?? 'options'
  const known = Object.keys(schema.entries).join(', ')
  const hint = issue.type === 'strict_object' ? ` (known options: ${known})` : ''
  throw new ColoniaError('bad-options', `option ${path}: ${issue.message}${hint}`)
}
