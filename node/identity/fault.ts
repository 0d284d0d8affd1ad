/** Why something is not an identity that can be taken up. `web/` has a sentence for each, in every language. */
import { ColoniaError } from '../errors.ts'

export type IdentityFault =
  | 'not-an-identity' // a file or a text of another kind
  | 'damaged' // begins like one, but is cut off or altered
  | 'too-large'
  | 'newer' // made by a later version of Colonia
  | 'other-key' // a key of another type than Ed25519
  | 'needs-passphrase'
  | 'wrong-passphrase'
  | 'word-count' // not 24 words
  | 'unknown-word' // `word` is not in the list
  | 'wrong-words' // all are in the list, but they do not belong together: one was mistaken, or two swapped
  | 'taken' // this device has that identity already, or keeps another one where it would lie

/** A ColoniaError `bad-identity` with its `reason`. Nothing of a key is in its message. */
export class IdentityError extends ColoniaError {
  readonly reason: IdentityFault
  /** The word that is not in the list, and which one it is, from 1. */
  readonly word: { text: string; number: number } | undefined

  constructor(reason: IdentityFault, message: string, word?: { text: string; number: number }) {
    super('bad-identity', message)
    this.reason = reason
    this.word = word
  }
}
