/**
 * Which registrations count. Signatures, of the envelope and of the chain's links, are checked at the driver's
 * door, and sizes at the wire's; here is what a genuine one may say.
 */
import { proves } from '../contingency/index.ts'
import type { Registration } from './messages.ts'

/** How long one stands without being published again: six times `republish`, and more than most clocks differ. */
export const LIFE = 3_600_000
/** The furthest that one may expire from now: its life, and as much again for a clock that is ahead. */
export const HORIZON = 2 * LIFE
/** A hundred years of one a second, as sequence or as epoch: beyond it nobody could ever go further. */
export const MAX_COUNT = 2 ** 32

/** Why a registration does not count. */
export type Fault =
  | 'wrong-owner' // it lies where another owner's belongs
  | 'wrong-signer' // signed by someone else than who it says that writes
  | 'expired'
  | 'expires-late' // beyond HORIZON: it could not be got rid of
  | 'far-count' // a sequence or epoch beyond MAX_COUNT
  | 'unproven' // the writer is not the owner, and its chain does not lead to that epoch

export interface Seen {
  /** Whose registration was looked for. */
  owner: string
  /** Who signed it. */
  signer: string
  /** Unix milliseconds. */
  now: number
}

/** What is wrong with a registration, if anything is. */
export function faultOf(registration: Registration, { owner, signer, now }: Seen): Fault | undefined {
  const { epoch, sequence, expires, chain } = registration
  if (registration.owner !== owner) return 'wrong-owner'
  if (epoch.writer !== signer) return 'wrong-signer'
  if (expires <= now) return 'expired'
  if (expires > now + HORIZON) return 'expires-late'
  if (sequence > MAX_COUNT || epoch.n > MAX_COUNT) return 'far-count'
  if (epoch.writer !== owner && !proves(owner, epoch, chain)) return 'unproven'
  return undefined
}
