/**
 * What a call can be in, what it can end with, and how long each thing may take. The phases and ends are
 * those that `node/api.ts` shows to a developer.
 */
import type { Millis } from '../machine.ts'
import type { MediaState } from './messages.ts'

export const phases = [
  ...(['calling', 'ringing', 'incoming'] as const),
  ...(['connecting', 'active', 'reconnecting', 'ended'] as const),
] as const
export type Phase = (typeof phases)[number]

export type End =
  | 'hung-up'
  | 'they-hung-up'
  | 'declined'
  | 'i-declined'
  | 'busy'
  | 'cancelled'
  | 'no-answer'
  | 'unreachable'
  | 'no-entrance'
  | 'incompatible'
  | 'lost'
  | 'failed'

/** Why a path to a peer could not be opened. */
export type PathFault = 'unreachable' | 'no-entrance' | 'incompatible' | 'broken'

/** `stalled` is what no ICE says: nothing has come for a second, though it is sent. */
export type Connectivity = 'connected' | 'stalled' | 'disconnected' | 'failed'

/** Everything a session knows that is of interest outside it. */
export interface Snapshot {
  phase: Phase
  end: End | undefined
  name: string | undefined
  localMedia: MediaState
  remoteMedia: MediaState
  /** Their page is gone, as it said or as nobody being there says; until when their seat is kept. */
  away: Millis | undefined
}

/** Times in milliseconds. */
export const timing = {
  /** How long a call rings: the spec of the page, and what telephone networks use (30–60 s). */
  ring: 45_000,
  /** The callee rings a little longer, so that it is the caller who gives up and says so. */
  ringGrace: 5_000,
  /** How long a caller tries to reach a peer at all; a page that reloads is back within 2–3 s. */
  reach: 6_000,
  /** How long an acknowledgement waits for a message to ride on (TCP's delayed ACK, RFC 9293: at most 500). */
  ack: 200,
  /** First wait before a path is tried again; grows by half each time, which makes five tries within `reach`. */
  pathRetry: 400,
  /** Longest wait before a path is tried again. */
  pathRetryMax: 8_000,
  /** From `accept` to media. ICE gives up after about 15 s (RFC 8445 timers as Chromium has them). */
  connect: 30_000,
  /** `disconnected` often heals by itself within a second or two; then ICE is restarted. */
  restart: 2_000,
  /** Between two ICE restarts: long enough for one to gather, signal and check. */
  restartAgain: 5_000,
  /** Of one change several things tell, from a dead link to the browser's `online`, one second apart (Chromium). */
  restartSettle: 1_500,
  /**
   * Media gone for so long is lost. It is also how long a seat is kept, because a crashed tab looks like a lost
   * network from the other side: two minutes are a laptop that is opened again, or a machine that restarts (guess).
   */
  lost: 120_000,
  /** How long an ended session stays to get its last word through. */
  linger: 5_000,
} as const
