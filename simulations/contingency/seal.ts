/**
 * Signatures as a simulation needs them: a tag that only the honest make, so that what was forged on the way can
 * be told. The code under test never looks at one; the simulated door does, and so do the checkers.
 */
import type { Delegation, Message } from '#protocols/contingency/index'
import type { Entry, Version } from '#protocols/state/index'

const TAG_BYTES = 4

/** An entry as its owner signs it. */
export function seal(owner: string, key: string, { n, by }: Version, value: string): Entry {
  const payload = new TextEncoder().encode(value)
  const body = new Uint8Array(payload.byteLength + TAG_BYTES)
  body.set(payload)
  body.set(tag(`${owner} ${key} ${n} ${by} ${value}`), payload.byteLength)
  return { key, n, by, body }
}

/** Whether the owner wrote it, or it is a message to the owner, whose sender only the owner can check. */
export function isGenuine(owner: string, { key, n, by, body }: Entry): boolean {
  if (key.startsWith('inbox/') && by === 'inbox') return true
  const value = new TextDecoder().decode(body.subarray(0, body.byteLength - TAG_BYTES))
  return same(body.subarray(-TAG_BYTES), tag(`${owner} ${key} ${n} ${by} ${value}`))
}

/** The message with all links signed that `self` gives in it. */
export function signed(self: string, message: Message): Message {
  if (!('chain' in message)) return message
  const chain = message.chain.map((link) =>
    link.by === self && link.proof.byteLength === 0 ? { ...link, proof: tag(linkText(link)) } : link,
  )
  return { ...message, chain }
}

export function isSigned(link: Delegation): boolean {
  return same(link.proof, tag(linkText(link)))
}

/** What a driver's door lets in. */
export function passes(message: Message): boolean {
  if ('chain' in message && !message.chain.every(isSigned)) return false
  return message.type !== 'delta' || message.entries.every((entry) => isGenuine(message.owner, entry))
}

function linkText({ owner, by, to, n, session, rank }: Delegation): string {
  return `${owner} ${by} ${to} ${n} ${session} ${rank}`
}

/** FNV-1a of a text that no forger knows how to make. */
function tag(text: string): Uint8Array<ArrayBuffer> {
  let hash = 0x2f0e1d5b
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return Uint8Array.of(hash, hash >>> 8, hash >>> 16, hash >>> 24)
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
}
