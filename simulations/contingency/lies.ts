/** Lies: what X, a peer without any right, could say of an owner's state, and what would hurt if it were believed. */
import type { Duty } from '#protocols/contingency/duty'
import type { Message } from '#protocols/contingency/index'
import type { Random } from '../random.ts'

export function liesOf(owner: string, duty: Duty, random: Random): Message[] {
  const n = duty.epoch.n + random.pick([0, 1, 1_000_000])
  const mine = { n, writer: 'X', session: 'ffffffff' }
  const epoch = random.pick([mine, { ...duty.epoch }, { ...duty.epoch, n }])
  const { digest } = duty.store
  const head = { owner, epoch }
  const right = [...duty.right]
  // What it can sign is its own link only.
  const link = { owner, by: 'X', to: 'X', n: duty.epoch.n, session: 'ffffffff', rank: 1, expires: 0 }
  const claim = [{ ...link, proof: new Uint8Array() }]
  const reign = { n: duty.epoch.n + 1, writer: 'X', session: 'ffffffff' }
  const entries = [{ key: 'name', n: n * 2 ** 20, by: 'X', body: new Uint8Array(8) }]
  return [
    { type: 'dismiss', ...head, turn: 1_000, digest },
    { type: 'fenced', ...head, chain: right },
    { type: 'fenced', ...head, chain: [] },
    { type: 'fenced', owner, epoch: reign, chain: claim },
    { type: 'fenced', owner, epoch: reign, chain: [...right, ...claim].slice(-4) },
    { type: 'beat', ...head, have: 2 ** 40, digest },
    { type: 'stored', ...head, turn: 1_000, have: 2 ** 40, digest },
    { type: 'leave', ...head, successor: 'X' },
    { type: 'left', ...head },
    { type: 'delta', ...head, from: 0, to: 2 ** 40, last: true, entries },
    { type: 'delta', ...head, from: 0, to: 2 ** 40, last: true, entries: [] },
    { type: 'probed', ...head, silence: 0 },
    { type: 'return', ...head },
    { type: 'fetch', ...head, from: 0 },
    { type: 'held', ...head, have: 2 ** 40, digest, chain: right },
    {
      type: 'appoint',
      ...head,
      have: 2 ** 40,
      digest,
      turn: 1_000,
      rank: 1,
      roster: ['X'],
      chain: right,
      bytes: 0,
    },
    { type: 'accept', ...head, turn: 1_000, have: 2 ** 40, digest },
    { type: 'refuse', ...head, reason: 'full', suggest: ['X'] },
  ]
}
