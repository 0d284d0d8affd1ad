/**
 * Refusals: why a message of contingency is not taken in, and how often that was so.
 *
 * What is refused here changes nothing and goes no further; the machine refuses more, by epoch and part, and says
 * so to whom it concerns. Only what a peer cannot have said in good faith is refused.
 */
import { appoints, holdsRightly, proves, type Said } from '#protocols/contingency/index'
import type { Entry } from '#protocols/state/index'
import type { PeerId } from '../peer-id.ts'
import { isGenuine } from '../state/seal.ts'
import { faultOf } from './right.ts'

export type Refusal =
  /** Bytes that are no message, or that refer to what was not said. Its stream is closed. */
  | 'malformed'
  /** Of a type that this version does not know. */
  | 'unknown'
  /** A delegation or an entry that is not signed by whose it is. */
  | 'forged'
  /** A delegation whose time is over, or too far ahead. */
  | 'expired'
  /** A chain that does not give this peer the right it claims: another's, another epoch's, with a gap. */
  | 'baseless'
  /** A message for an absent owner of a shape, or with a counter, that would cost the owner more than the message. */
  | 'unfit'
  /** Said too fast. Its stream is closed; a question is only not answered. */
  | 'flood'
  /** There was no room: this peer said so. */
  | 'full'

export type Refused = Readonly<Record<Refusal, number>>

export function nothingRefused(): Record<Refusal, number> {
  return { malformed: 0, unknown: 0, forged: 0, expired: 0, baseless: 0, unfit: 0, flood: 0, full: 0 }
}

/** Why what `from` says is not believed; `undefined` if it is. */
export async function refusalOf(
  from: PeerId,
  message: Said,
  wall: number,
): Promise<'forged' | 'expired' | 'baseless' | undefined> {
  if ('chain' in message && message.chain.length > 0) {
    if (!hasRight(from, message)) return 'baseless'
    // Who was once a holder may always give back what it has.
    const fault = await faultOf(message.chain, message.type === 'held' ? undefined : wall)
    if (fault !== undefined) return fault
  }
  if (message.type !== 'delta') return undefined
  const genuine = await genuineOf(message.owner, message.entries)
  return genuine.length === message.entries.length ? undefined : 'forged'
}

/** Those that the owner signed, or that lie in the inbox. */
export async function genuineOf(owner: PeerId, entries: readonly Entry[]): Promise<Entry[]> {
  const verdicts = await Promise.all(entries.map((entry) => isGenuine(owner, entry)))
  return entries.filter((_, index) => verdicts[index])
}

/** What a message costs of its sender's allowance; to check a signature takes a quarter of what a message does. */
export function costOf(message: Said): number {
  const links = 'chain' in message ? message.chain.length : 0
  const entries = message.type === 'delta' ? message.entries.length : 0
  return 1 + (links + entries) / 4
}

function hasRight(from: PeerId, message: Extract<Said, { chain: unknown }>): boolean {
  const { owner, epoch, chain } = message
  switch (message.type) {
    case 'appoint':
      return appoints(from, chain.at(-1)?.to ?? '', message)
    case 'held':
      return holdsRightly(owner, from, chain)
    case 'fenced':
      return proves(owner, epoch, chain)
  }
}
