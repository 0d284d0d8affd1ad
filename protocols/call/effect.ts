/** The vocabulary between one call and the machine that holds it. */
import type { Millis } from '../machine.ts'
import type { MediaState, Message } from './messages.ts'
import type { Step } from './negotiation.ts'

/** What a session is told when it begins. */
export interface SessionInit {
  call: string
  direction: 'incoming' | 'outgoing'
  /** The side with the greater PeerID is polite. */
  polite: boolean
  name: string | undefined
  media: MediaState
  /** This side was in the call before, lost its page, and sits down anew. */
  returned?: { sitting: string; name: string | undefined; until: Millis } | undefined
}

/** What a session asks of the machine around it. */
export type Effect =
  | { type: 'send'; message: Message }
  | { type: 'open-path' }
  /** Make the media engine; with `begin`, make it ask for an offer. */
  | { type: 'media-start'; begin: boolean }
  | { type: 'media-stop' }
  | { type: 'step'; step: Step }
  | { type: 'changed' }
  /** A message that makes no sense now. */
  | { type: 'nonsense' }
