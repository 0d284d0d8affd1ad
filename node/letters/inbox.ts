/**
 * The inbox: messages that others left for this peer while it was away, as its developer reads them.
 *
 * Law: it shows only what its sender signed for us, under that sender. Whatever else lies there is erased and
 * counted. `at` is the sender's clock, a claim; the order is that in which stand-ins took messages in.
 */
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { compareVersions, type Entry, INBOX } from '#protocols/state/index'
import type { PeerId } from '../peer-id.ts'
import { isDeposit, openLetter } from '../state/inbox.ts'
import type { Seal } from '../state/seal.ts'
import type { Port } from '../state/state.ts'

export interface Letter {
  /** Chosen by the sender; one sender has each only once. */
  readonly id: string
  /** Who signed it. */
  readonly sender: PeerId
  readonly value: unknown
  /** When it was written, by the sender's clock but never later than now: `Date.now()` milliseconds. */
  readonly at: number
}

export interface InboxInit {
  key: Ed25519PrivateKey
  seal: Seal
  port: Port
  /** A message that was not here before. */
  onLetter: (letter: Letter) => void
}

/** Dispatches `change` when a message comes or goes. */
export class Inbox extends EventTarget {
  readonly #init: InboxInit
  readonly #shown = new Map<string, { entry: Entry; letter: Letter }>()
  readonly #unsubscribe: () => void
  #last: Promise<void> = Promise.resolve()
  /** Entries that were no message to us, and were erased. */
  refused = 0

  /** Reads what there is. */
  static async open(init: InboxInit): Promise<Inbox> {
    const inbox = new Inbox(init)
    inbox.#take([...init.port.entries()], () => {})
    await inbox.#last
    return inbox
  }

  private constructor(init: InboxInit) {
    super()
    this.#init = init
    this.#unsubscribe = init.port.onChange((merged) => this.#take(merged, init.onLetter))
  }

  /** Newest first. */
  list(): readonly Letter[] {
    const all = [...this.#shown.values()].sort((a, b) => compareVersions(b.entry, a.entry))
    return all.map(({ letter }) => letter)
  }

  /**
   * Deletes a message here, with all holders and on all devices. No effect if it is gone already.
   * @throws ColoniaError `storage`, `state-full`, `stopped`
   */
  async remove({ sender, id }: Pick<Letter, 'sender' | 'id'>): Promise<void> {
    const key = `${INBOX}${sender}/${id}`
    if (!this.#shown.has(key)) return
    await this.#erase(key)
    this.#hide(key)
  }

  /** Resolves when nothing is being read any more. Idempotent. */
  async stop(): Promise<void> {
    this.#unsubscribe()
    await this.#last
  }

  #take(merged: readonly Entry[], onNew: (letter: Letter) => void): void {
    const ours = merged.filter(({ key }) => key.startsWith(INBOX))
    if (ours.length === 0) return
    // What cannot be erased now, on a full disk or at the very end, is read again at the next start.
    this.#last = this.#last.then(() => this.#read(ours, onNew)).catch(() => {})
  }

  async #read(entries: readonly Entry[], onNew: (letter: Letter) => void): Promise<void> {
    for (const entry of entries) {
      // The deletion of one, which only the owner can have signed.
      if (!isDeposit(entry)) {
        this.#hide(entry.key)
        continue
      }
      const letter = await this.#open(entry)
      if (letter !== undefined) {
        const known = this.#shown.has(entry.key)
        this.#shown.set(entry.key, { entry, letter })
        if (known) continue
        onNew(letter)
        this.dispatchEvent(new Event('change'))
      } else {
        this.refused += 1
        this.#hide(entry.key)
        await this.#erase(entry.key)
      }
    }
  }

  async #open(entry: Entry): Promise<Letter | undefined> {
    const letter = await openLetter(this.#init.key, entry)
    if (letter === undefined) return undefined
    const { sender, id, value: envelope } = letter
    const { at, value } = (envelope ?? {}) as { at?: unknown; value?: unknown }
    return typeof at === 'number' && at >= 0 ? { id, sender, value, at: Math.min(at, Date.now()) } : undefined
  }

  async #erase(key: string): Promise<void> {
    const { port, seal } = this.#init
    await port.write(async (version) => [await seal.erase(key, version)])
  }

  #hide(key: string): void {
    if (this.#shown.delete(key)) this.dispatchEvent(new Event('change'))
  }
}
