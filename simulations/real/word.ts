/**
 * Words: what a peer lets be known of itself while it runs, so that somebody who hears all peers can keep account of the
 * whole mesh. They are plain data, because a peer may be a process of its own.
 */
import { type Input, type Output, type Part, wire } from '#protocols/contingency/index'

export type Word =
  /** It has a copy of that owner's state, or something more of it. */
  | { type: 'keeps'; owner: string }
  | { type: 'drops'; owner: string }
  | { type: 'plays'; owner: string; part: Part }
  /** It has not heard that writer for as long as it should, and asks others. */
  | { type: 'suspects'; writer: string }
  /** Entries on their way to a holder: a whole state, or what was written since. */
  | { type: 'copies'; whole: boolean; bytes: number }
  /** What it said, by type: how many messages since the word before. */
  | { type: 'said'; counts: Record<string, number> }
  /** What it sent and opened so far. */
  | { type: 'sent'; bytes: number; links: number }

/** From the outputs of one peer's contingency machine to words. */
export class Mouth {
  readonly #say: (word: Word) => void
  #counts: Record<string, number> = {}
  #closed = false

  constructor(say: (word: Word) => void) {
    this.#say = say
  }

  readonly trace = (_: Input, outputs: readonly Output[]): void => {
    for (const output of outputs) this.#hear(output)
  }

  /** Nothing is said any more. */
  close(): void {
    this.#closed = true
  }

  /** Says what was only counted since the last time. */
  flush(): void {
    if (this.#closed) return
    this.#say({ type: 'said', counts: this.#counts })
    this.#counts = {}
  }

  #hear(output: Output): void {
    if (this.#closed) return
    switch (output.type) {
      case 'persist':
        if (output.entries.length > 0) this.#say({ type: 'keeps', owner: output.owner })
        return
      case 'dropped':
        return this.#say({ type: 'drops', owner: output.owner })
      case 'changed':
        return this.#say({ type: 'plays', owner: output.owner, part: output.part })
      case 'send': {
        const { message } = output
        this.#counts[message.type] = (this.#counts[message.type] ?? 0) + 1
        if (message.type === 'probe') this.#say({ type: 'suspects', writer: message.epoch.writer })
        if (message.type === 'delta' && message.entries.length > 0) {
          this.#say({ type: 'copies', whole: message.from === 0, bytes: wire.encode(message).byteLength })
        }
        return
      }
      default:
        return
    }
  }
}
