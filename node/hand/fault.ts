/** Why a text is no invitation or reply that can be taken. `web/` has a sentence for each, in every language. */
import type { Fault } from '#protocols/hand/index'
import { ColoniaError } from '../errors.ts'

export type HandFault = Fault

const sentences: Readonly<Record<HandFault, string>> = {
  'not-one': 'there is no invitation or reply in that text',
  damaged: 'that was cut off or altered',
  'too-large': 'far too large to be an invitation or a reply',
  newer: 'made by a later version of Colonia',
  expired: 'that invitation is too old, or was withdrawn',
  'too-far': 'that invitation is from the future: one of the two clocks is wrong',
  own: 'that is one’s own',
  'wrong-kind': 'a reply where an invitation is wanted, or the other way about',
  'not-for-you': 'that invitation is for someone else',
  other: 'a reply to another invitation',
  'other-peer': 'not from who was invited',
  used: 'that invitation has had its reply',
}

/** A ColoniaError `bad-invitation` with its `reason`. */
export class HandError extends ColoniaError {
  readonly reason: HandFault

  constructor(reason: HandFault, options?: ErrorOptions) {
    super('bad-invitation', sentences[reason], options)
    this.reason = reason
  }
}
