/**
 * The contingency family: what owners, contingents and strangers say about one owner's state.
 *
 * Every message names the owner, and most carry the epoch in which they are said. All are idempotent: they
 * state what is, not what to do next, so that losing, repeating or reordering them costs time and nothing
 * else. Entries are sealed or signed already; whoever carries them can neither read nor forge them.
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'
import { MAX_CHAIN, MAX_RANKS } from './epoch.ts'

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const bytes = (max: number) => v.pipe(v.instance(Uint8Array), v.maxLength(max))
export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const rank = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_RANKS))
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits'))
export const roster = v.pipe(v.array(id), v.maxLength(MAX_RANKS))

export const epoch = v.object({ n: count, writer: id, session: text(32) })
/** Signed by `by`, who writes in epoch (`n`, `session`): if that writer fails, `to` may stand in at `rank`. */
const delegation = v.object({
  owner: id,
  by: id,
  to: id,
  n: count,
  session: text(32),
  rank,
  /** Unix milliseconds; checked where the signature is. */
  expires: count,
  proof: bytes(256),
})
/** From the owner's own delegation down to the one that is shown. */
export const chain = v.pipe(v.array(delegation), v.maxLength(MAX_CHAIN))
const entry = v.object({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  n: count,
  by: text(160),
  body: bytes(65_600),
})
const head = { owner: id, epoch }
/** How far a copy has come, and whether it is the same. */
const copy = { have: count, digest }
/** The writer's count of its decisions on who holds: of two in one epoch the later stands. */
const turn = { turn: count }

const schemas = {
  /**
   * Writer to holder: hold this state, of so many bytes, at this rank. Said again whenever the roster changes. `away`: a
   * stand-in has not heard of the owner for so many milliseconds, nor have those whom it stands in for.
   */
  appoint: v.object({
    ...head,
    ...turn,
    ...copy,
    rank,
    roster,
    chain,
    bytes: count,
    away: v.optional(count),
  }),
  /** Holder to writer. `next` is the holder's own first contingent, to be the next rank. */
  accept: v.object({ ...head, ...turn, ...copy, next: v.optional(id) }),
  /** Holder to writer, when asked or at any later time. */
  refuse: v.object({ ...head, reason: v.picklist(['full', 'leaving']), suggest: roster }),
  /** Writer to holder: I have what you have, if that is still this; you are no longer needed. */
  dismiss: v.object({ ...head, ...turn, digest }),
  /** All entries with counters in (from, to]. Who had all up to `from` then has all up to `to`; `last`: that is all. */
  delta: v.object({
    ...head,
    from: count,
    to: count,
    last: v.boolean(),
    entries: v.pipe(v.array(entry), v.maxLength(256)),
  }),
  /** Writer to holder, every second of an otherwise silent link. */
  beat: v.object({ ...head, ...copy }),
  /** Holder to writer: the answer to `beat` and `delta`, with the last turn that it knows. */
  stored: v.object({ ...head, ...turn, ...copy }),
  /** Send me everything after `from`. */
  fetch: v.object({ ...head, from: count }),
  /** To the writer and other holders: how long have you not heard the writer? */
  probe: v.object({ ...head }),
  probed: v.object({ ...head, silence: count }),
  /** This is the epoch, who writes in it, and by what right: said to whoever is behind, and by who takes over. */
  fenced: v.object({ ...head, chain }),
  /** Writer to holders: I am leaving, stand in. Holder to writer: I am leaving, go on with `successor`. */
  leave: v.object({ ...head, successor: v.optional(id) }),
  /** I hold nothing of that owner. */
  left: v.object({ ...head }),
  /** The owner is back, in a new session, and asks for what there is. */
  return: v.object({ ...head }),
  /** To a returning owner, or to a writer that has not appointed me: I hold a copy, by this right. */
  held: v.object({ ...head, ...copy, chain }),
  /** From a stranger: keep this for the owner, sealed to the owner's key. */
  deposit: v.object({ owner: id, id: text(32), body: bytes(4_096) }),
  deposited: v.object({
    owner: id,
    id: text(32),
    outcome: v.picklist(['kept', 'present', 'full', 'unknown']),
  }),
  /** From a stranger: is the owner there, and what does a public record say? */
  ask: v.object({ owner: id, key: v.optional(text(256)) }),
  /** `away`: milliseconds since the owner was last heard. */
  tell: v.object({
    owner: id,
    presence: v.picklist(['present', 'away', 'unknown']),
    away: v.optional(count),
    entry: v.optional(entry),
  }),
  /** What was said on this stream as number `of`, once more; see `again.ts`. */
  again: v.object({ of: v.pipe(count, v.maxValue(255)) }),
  /** To whoever is linked, and again when it is another by half: up for so many milliseconds, holding for so many owners, with so many bytes free. */
  status: v.object({ up: count, owners: count, room: count }),
}

/** What is on a stream. */
export type Wired = MessageOf<typeof schemas>
/** What is said there, in however few bytes. */
export type Said = Exclude<Wired, { type: 'again' }>
/** What is for the machine. */
export type Message = Exclude<Said, { type: 'status' }>
/** What owner, writers and holders say to each other; the rest is with strangers. */
export type Inner = Exclude<Message, { type: 'deposit' | 'deposited' | 'ask' | 'tell' }>
export type Of<Type extends Wired['type']> = Extract<Wired, { type: Type }>
export type Delegation = v.InferOutput<typeof delegation>

/** Longest is a delta of one record at its cap. */
export const wire = door('/colonia/contingency/1', 98_304, schemas)

const OF_WRITER = new Set<string>(['beat', 'delta', 'fetch', 'dismiss', 'fenced', 'leave'])

/** What only a writer says. */
export function isOfWriter({ type }: Inner): boolean {
  return OF_WRITER.has(type)
}
