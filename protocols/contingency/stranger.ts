/** What strangers may ask of whoever holds or writes a state: is the owner there, and would you keep this for it? */
import type { Millis } from '../machine.ts'
import { DEPOSITED, INBOX } from '../state/index.ts'
import type { Duty } from './duty.ts'
import type { Of } from './messages.ts'

/** Keys that anyone may read; their bodies are signed by the owner. */
export const PUBLIC = 'public/'

/** Answers a stranger; `duty` takes in what is left for its owner. */
export function attend(
  from: string,
  message: Of<'ask'> | Of<'deposit'>,
  duty: Duty | undefined,
  now: Millis,
): Of<'tell'> | Of<'deposited'> {
  if (message.type === 'ask') return tell(message, duty, now)
  const { owner, id, body } = message
  return { type: 'deposited', owner, id, outcome: keep(from, id, body, duty) }
}

function tell({ owner, key }: Of<'ask'>, duty: Duty | undefined, now: Millis): Of<'tell'> {
  if (duty === undefined) return { type: 'tell', owner, presence: 'unknown' }
  const entry = key?.startsWith(PUBLIC) ? duty.store.get(key) : undefined
  const record = entry === undefined ? {} : { entry }
  if (duty.epoch.writer === owner) return { type: 'tell', owner, presence: 'present', ...record }
  return { type: 'tell', owner, presence: 'away', away: Math.round(now - duty.ownerHeard), ...record }
}

/** Takes a message into the store of a duty that stands in. */
function keep(
  from: string,
  id: string,
  body: Uint8Array<ArrayBuffer>,
  duty: Duty | undefined,
): Of<'deposited'>['outcome'] {
  if (duty === undefined) return 'unknown'
  if (!duty.isStandIn) return duty.epoch.writer === duty.owner ? 'present' : 'unknown'
  const key = `${INBOX}${from}/${id}`
  // Said twice because the answer was lost.
  if (duty.store.get(key) !== undefined) return 'kept'
  const { inbox } = duty.home.config
  const kept = [...duty.store.all()].filter((entry) => entry.key.startsWith(INBOX) && entry.by === DEPOSITED)
  const bytes = kept.reduce((sum, each) => sum + each.body.byteLength, 0)
  const theirs = kept.filter((entry) => entry.key.startsWith(`${INBOX}${from}/`))
  const full =
    kept.length >= inbox.messages || theirs.length >= inbox.perSender || bytes + body.byteLength > inbox.bytes
  const entry = { key, body, n: duty.store.top + 1, by: DEPOSITED }
  if (full || duty.store.refuses([entry]) !== undefined) return 'full'
  duty.merge([entry])
  return 'kept'
}
