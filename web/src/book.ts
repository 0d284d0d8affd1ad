/**
 * The book: contacts, recent calls and the own name, as private records of the node's state, so that whoever
 * holds that state holds the book too and it comes back on another device.
 *
 *     contact/PEERID = { name, since }     call/SLOT = { peer, name, direction, end, at, seconds }
 *     profile/name = text, public      letters/read = [SENDER/ID]
 *
 * Calls lie in a ring of a hundred slots, because a state remembers every name that it ever had.
 *
 * Law: what a person wrote over someone is theirs: no call changes it. The state is the only copy; all that is
 * shown is read from it.
 */
import type { Call, CallEnd, ColoniaNode, PeerId } from '#node/api'

/** Calls that are kept. Nobody looks further back; a guess. */
const MAX_CALLS = 100
const NAME = 'profile/name'
/** Messages that were read and not deleted since: no more than an inbox holds. */
const READ = 'letters/read'
const MAX_READ = 128

interface Contact {
  name: string
  /** `Date.now()` milliseconds. */
  since: number
}

export interface PastCall {
  peer: PeerId
  /** What they called themselves. */
  name: string | undefined
  direction: Call['direction']
  end: CallEnd
  /** When media first flowed, or else when it ended: `Date.now()` milliseconds. */
  at: number
  /** How long media flowed, if it did. */
  seconds: number | undefined
}

/** Someone in the book: a contact, or a stranger who called or was called. */
export interface Person {
  peer: PeerId
  name: string | undefined
  last: PastCall | undefined
}

interface KeptCall {
  /** Of the record. */
  name: string
  call: PastCall
}

type State = ColoniaNode['state']

/** Dispatches `change` when anything in it changes, here or on another device. */
export class Book extends EventTarget {
  /** Why the last thing could not be kept. */
  fault: string | undefined
  readonly #state: State
  #typed: string | undefined
  readonly #seen = new Set<string>()
  #writing = Promise.resolve()

  constructor(state: State) {
    super()
    this.#state = state
    void this.#follow()
  }

  /** The own name. */
  get name(): string | undefined {
    return this.#typed ?? (this.#state.get(NAME) as string | undefined)
  }

  /** Whom one talked to or missed last, first; then contacts without a call that is still kept. */
  get people(): Person[] {
    const calls = this.#calls()
    const contacts = this.#state.list('contact/').map(({ name }) => name.slice('contact/'.length))
    const peers = new Set([...calls.map(({ call }) => call.peer).reverse(), ...contacts])
    return [...peers].map((peer) => {
      const last = calls.findLast(({ call }) => call.peer === peer)?.call
      return { peer, name: this.#contact(peer)?.name || nameIn(calls, peer), last }
    })
  }

  /** What I call them, or what they called themselves when we last spoke. */
  nameOf(peer: PeerId): string | undefined {
    return this.#contact(peer)?.name || nameIn(this.#calls(), peer)
  }

  /**
   * Remembers a call, in place of what was said of it before, and makes a contact of whom one really talked to.
   */
  remember(call: PastCall): Promise<void> {
    const { peer, at, name = '', seconds } = call
    return this.#keep(async () => {
      const known = this.#contact(peer)
      const met = seconds !== undefined && (known === undefined || known.name === '')
      const contact: Contact = { name, since: known?.since ?? at }
      await this.#state.bulk([
        { type: 'put', name: this.#slotOf(call), value: call },
        ...(met ? [{ type: 'put' as const, name: `contact/${peer}`, value: contact }] : []),
      ])
    })
  }

  rename(peer: PeerId, name: string): Promise<void> {
    return this.#keep(async () => {
      const since = this.#contact(peer)?.since ?? Date.now()
      await this.#state.put(`contact/${peer}`, { name, since })
    })
  }

  /** Removes the contact, and its calls with it: whom I forget I do not want to see. */
  forget(peer: PeerId): Promise<void> {
    return this.#keep(async () => {
      const calls = this.#calls().filter(({ call }) => call.peer === peer)
      const names = [`contact/${peer}`, ...calls.map(({ name }) => name)]
      await this.#state.bulk(names.map((name) => ({ type: 'delete', name })))
    })
  }

  /** Whether that message was on a screen already: here, or on another device. */
  hasRead(letter: string): boolean {
    return (
      this.#seen.has(letter) || (this.#state.get(READ) as string[] | undefined)?.includes(letter) === true
    )
  }

  /** These are all the messages there are, and they are read. */
  read(letters: readonly string[]): Promise<void> {
    for (const letter of letters) this.#seen.add(letter)
    return this.#keep(async () => {
      await this.#state.put(READ, letters.slice(0, MAX_READ))
    })
  }

  /** Keeps the own name, public: it is what others see. Of what is typed faster than it is written only the last is. */
  sign(name: string): Promise<void> {
    this.#typed = name
    return this.#keep(async () => {
      const typed = this.#typed
      if (typed === undefined) return
      if (typed !== this.#state.get(NAME)) await this.#state.put(NAME, typed, { public: true })
      if (this.#typed === typed) this.#typed = undefined
    })
  }

  #contact(peer: PeerId): Contact | undefined {
    return this.#state.get(`contact/${peer}`) as Contact | undefined
  }

  /** Oldest first. */
  #calls(): KeptCall[] {
    const calls = this.#state.list('call/').map(({ name, value }) => ({ name, call: value as PastCall }))
    return calls.sort((a, b) => a.call.at - b.call.at)
  }

  /** Where it lies already, or else a free slot, or else that of the oldest. */
  #slotOf({ peer, at }: PastCall): string {
    const calls = this.#calls()
    const same = calls.find(({ call }) => call.peer === peer && call.at === at)
    const slots = Array.from({ length: MAX_CALLS }, (_, slot) => `call/${String(slot).padStart(2, '0')}`)
    const free = slots.find((slot) => calls.every(({ name }) => name !== slot))
    return same?.name ?? free ?? calls[0]?.name ?? 'call/00'
  }

  /** One write after the other: each looks at what is there before it adds to it. */
  #keep(write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(write).then(
      () => this.#became(undefined),
      (error: Error) => this.#became(error.message),
    )
    return this.#writing
  }

  #became(fault: string | undefined): void {
    if (this.fault === fault) return
    this.fault = fault
    this.#changed()
  }

  async #follow(): Promise<void> {
    for await (const _ of this.#state.watch()) this.#changed()
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

function nameIn(calls: readonly KeptCall[], peer: PeerId): string | undefined {
  return calls.findLast(({ call }) => call.peer === peer && call.name)?.call.name
}
