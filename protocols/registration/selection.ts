/**
 * Which of several registrations of one owner stands: the greatest epoch, in it the greatest sequence. A writer
 * that says two things under one number has no say in which is believed; but all who see both believe the same.
 */
import { compareEpochs } from '../contingency/index.ts'
import { type Registration, wire } from './messages.ts'

/** Positive when `a` stands and not `b`; 0 only for registrations that say the same. */
export function compareRegistrations(a: Registration, b: Registration): number {
  return (
    compareEpochs(a.epoch, b.epoch) ||
    a.sequence - b.sequence ||
    Number(a.gone) - Number(b.gone) ||
    compareBytes(wire.encode(a), wire.encode(b))
  )
}

/** The one that stands. @returns `undefined` when there is none */
export function select<R extends Registration>(registrations: Iterable<R>): R | undefined {
  let best: R | undefined
  for (const each of registrations)
    if (best === undefined || compareRegistrations(each, best) > 0) best = each
  return best
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.byteLength - b.byteLength : (a[at] ?? 0) - (b[at] ?? -1)
}
