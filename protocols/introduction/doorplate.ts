/**
 * The doorplate: what `GET /introduction` says, as JSON, so that a page needs no configuration. It only
 * helps to find the entrance; what matters is then asked over an authenticated libp2p stream.
 */
import * as v from 'valibot'

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const doorplate = v.object({
  /** PeerID of the bootstrap. */
  peerId: text(128),
  /** Multiaddrs to dial it, each ending in `/p2p/PEERID`. */
  addresses: v.pipe(v.array(text(512)), v.minLength(1), v.maxLength(16)),
  /** Lowest and highest version of the introduction that it speaks. */
  lowest: count,
  highest: count,
})

export type Doorplate = v.InferOutput<typeof doorplate>

/** The doorplate in `json`, or what is wrong with it. Unknown fields are dropped. */
export function readDoorplate(json: unknown): Doorplate | { error: string } {
  const result = v.safeParse(doorplate, json)
  if (result.success) return result.output
  const issue = result.issues[0]
  return { error: `${v.getDotPath(issue) ?? 'introduction'}: ${issue.message}` }
}
