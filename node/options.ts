/** The options of `createNode`: defaults, and the check that refuses what cannot work. */
import { multiaddr } from '@multiformats/multiaddr'
import * as v from 'valibot'
import { MAX_RANKS } from '#protocols/contingency/index'
import type { NodeOptions } from './api.ts'
import { isDirectAddress } from './entrance/hearsay.ts'
import { ColoniaError } from './errors.ts'

/** Most links a peer may aim for: a tenth of the connections that a tab may open in its life. */
export const MAX_LINKS = 48
const MAX_BOOTSTRAPS = 16
const MAX_LISTEN = 8
const MAX_NAME = 64

const url = v.pipe(
  v.string(),
  v.url('expected a URL that begins with http:// or https://, or a multiaddr'),
  v.regex(/^https?:\/\//, 'expected a URL that begins with http:// or https://'),
  v.transform((text) => new URL(text).origin),
)

type Address = ReturnType<typeof multiaddr>

const address = (allowed: string, check: (address: Address) => boolean) =>
  v.pipe(
    v.string(),
    v.check((text) => passes(text, check), `expected a multiaddr ${allowed}`),
  )

const peer = address(
  'such as /dns4/example.org/tcp/443/tls/ws/p2p/PEERID',
  (one) => isDirectAddress(one) && /\/p2p\/[^/]+$/.test(String(one)),
)
// TLS is for a proxy in front, as with a bootstrap.
const listen = address('such as /ip4/0.0.0.0/tcp/4001/ws or /ip4/0.0.0.0/udp/4002/webrtc-direct', (one) =>
  /^\/ip[46]\/[^/]+\/(tcp\/\d+\/ws|udp\/\d+\/webrtc-direct)$/.test(String(one)),
)
const announce = address(
  'such as /dns4/example.org/tcp/443/tls/ws or /ip4/192.0.2.1/udp/4002/webrtc-direct',
  (one) => isDirectAddress(one) && !/\/(p2p|certhash)\/|^\/dns.*webrtc-direct/.test(String(one)),
)
// Which one is meant shows in the first character, and the message is about that one.
const entrance = v.lazy((input) => (String(input).startsWith('/') ? peer : url))

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const schema = v.strictObject({
  bootstraps: v.optional(v.pipe(v.array(entrance), v.maxLength(MAX_BOOTSTRAPS))),
  identity: v.optional(v.pipe(v.string(), v.minLength(1))),
  name: v.optional(v.pipe(v.string(), v.maxLength(MAX_NAME))),
  iceServers: v.optional(v.array(v.looseObject({ urls: v.union([v.string(), v.array(v.string())]) }))),
  links: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LINKS))),
  contingents: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_RANKS))),
  capacity: v.optional(v.strictObject({ owners: count, bytes: count })),
  listen: v.optional(v.pipe(v.array(listen), v.maxLength(MAX_LISTEN))),
  announce: v.optional(v.pipe(v.array(announce), v.maxLength(MAX_LISTEN))),
  signal: v.optional(v.instance(AbortSignal)),
})

/** @throws ColoniaError `bad-options`, naming the option and what is allowed. */
export function verifyOptions(options: NodeOptions): NodeOptions {
  const result = v.safeParse(schema, options)
  if (result.success) {
    const { announce = [], listen = [] } = result.output
    if (announce.length === 0 || listen.length > 0) return { ...options, ...(result.output as NodeOptions) }
    throw new ColoniaError('bad-options', 'option announce: there is nothing to announce without listen')
  }
  const issue = result.issues[0]
  const path = v.getDotPath(issue) ?? 'options'
  const known = Object.keys(schema.entries).join(', ')
  const hint = issue.type === 'strict_object' ? ` (known options: ${known})` : ''
  throw new ColoniaError('bad-options', `option ${path}: ${issue.message}${hint}`)
}

function passes(text: string, check: (address: Address) => boolean): boolean {
  try {
    return check(multiaddr(text))
  } catch {
    return false
  }
}
