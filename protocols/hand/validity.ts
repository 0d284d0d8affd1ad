/**
 * Which invitation may be replied to, and which reply belongs to an invitation. What is judged here is genuine: its
 * signature was checked before.
 */
import type { Message, Of } from './messages.ts'
import type { TextFault } from './text.ts'

/** How long an invitation is good for, in milliseconds: to send a text to someone, and get one back (guess). */
export const LIFE = 10 * 60_000
/** The furthest that one may expire from now: clocks without a network go wrong (guess). */
export const HORIZON = 60 * 60_000

export type Fault =
  | TextFault
  | 'expired' // an old invitation, or one that was withdrawn
  | 'too-far' // expires further from now than any does
  | 'own' // one's own
  | 'wrong-kind' // a reply where an invitation is wanted, or the other way about
  | 'not-for-you' // the invitation names someone else
  | 'other' // a reply to another invitation
  | 'other-peer' // not who was invited, or not who signed it
  | 'used' // that invitation has had its reply

/** Why `self` cannot reply to it. @param now Unix milliseconds */
export function faultOfInvitation(message: Message, self: Uint8Array, now: number): Fault | undefined {
  if (equal(message.from, self)) return 'own'
  if (message.type !== 'invitation') return 'wrong-kind'
  if (message.to !== undefined && !equal(message.to, self)) return 'not-for-you'
  if (message.expires * 1_000 <= now) return 'expired'
  return message.expires * 1_000 > now + HORIZON ? 'too-far' : undefined
}

/** Why it is no reply to that invitation. */
export function faultOfReply(message: Message, invitation: Of<'invitation'>): Fault | undefined {
  if (equal(message.from, invitation.from)) return 'own'
  if (message.type !== 'reply') return 'wrong-kind'
  if (!equal(message.nonce, invitation.nonce)) return 'other'
  return invitation.to === undefined || equal(invitation.to, message.from) ? undefined : 'other-peer'
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
}
