/** Bytes of messages, by the codec that ships, of messages whose names are as long as in reality. */
import { type Message, wire } from '#protocols/contingency/index'

/** A PeerID of an Ed25519 key in text, the name of a session, and the proof of a delegation. */
const ID = '1'.repeat(52)
const SESSION = '1'.repeat(16)
const PROOF = new Uint8Array(64)
/** What a frame costs on a data channel beyond the message: length, protobuf, SCTP and DTLS. */
const FRAME = 60
/** Of an entry around its body. */
const ENTRY = 100

const epoch = { n: 1_000, writer: ID, session: SESSION }
const head = { owner: ID, epoch }
const copy = { have: 1_000_000_000, digest: '0'.repeat(16) }
const link = { owner: ID, by: ID, to: ID, n: 1_000, session: SESSION, rank: 1, expires: 1.8e12, proof: PROOF }
const roster = [ID, ID]

const samples: { [Type in Message['type']]: Extract<Message, { type: Type }> } = {
  appoint: { type: 'appoint', ...head, ...copy, turn: 1, rank: 1, roster, chain: [link], bytes: 10_000 },
  accept: { type: 'accept', ...head, ...copy, turn: 1, next: ID },
  refuse: { type: 'refuse', ...head, reason: 'full', suggest: roster },
  dismiss: { type: 'dismiss', ...head, turn: 1, digest: copy.digest },
  delta: { type: 'delta', ...head, from: 1_000, to: 2_000, last: true, entries: [] },
  beat: { type: 'beat', ...head, ...copy },
  stored: { type: 'stored', ...head, ...copy, turn: 1 },
  fetch: { type: 'fetch', ...head, from: 1_000 },
  probe: { type: 'probe', ...head },
  probed: { type: 'probed', ...head, silence: 1_000 },
  fenced: { type: 'fenced', ...head, chain: [link] },
  leave: { type: 'leave', ...head, successor: ID },
  left: { type: 'left', ...head },
  return: { type: 'return', ...head },
  held: { type: 'held', ...head, ...copy, chain: [link] },
  deposit: { type: 'deposit', owner: ID, id: SESSION, body: new Uint8Array(500) },
  deposited: { type: 'deposited', owner: ID, id: SESSION, outcome: 'kept' },
  ask: { type: 'ask', owner: ID },
  tell: { type: 'tell', owner: ID, presence: 'present' },
}

const sizes = Object.fromEntries(
  Object.entries(samples).map(([type, message]) => [type, wire.encode(message).byteLength + FRAME]),
) as Record<Message['type'], number>

/** Bytes of a message, bodies of entries left out. */
export function sizeOf(message: Message): number {
  const size = sizes[message.type]
  return message.type === 'delta' ? size + message.entries.length * ENTRY : size
}

/**
 * Beat and answer on one link between writer and holder, in bytes per second: `npm run bench:contingency` measured 40 on
 * the stream, in short forms (`again.ts`), and each has its frame.
 */
export const BEATS = 40 + 2 * FRAME
/** A request of a look-up; its answer with eight peers and their addresses; the same with a registration to keep. */
export const REQUEST = 120 + FRAME
export const ANSWER = 1_100 + FRAME
export const RECORD = 700 + FRAME
