/**
 * The registry: drives the registrar. It publishes who writes, here and in the DHT, and finds who writes elsewhere.
 *
 * Law: what it finds was let pass by `envelope.ts`, whoever it came from, and of several the one that stands is
 * given. What it finds of a state in which this peer has a part goes to the contingency machine as a hint, which
 * is a reason to ask and no more. Starting waits for nothing here, and neither does stopping, for long.
 */
import type { AbortOptions, PrivateKey } from '@libp2p/interface'
import { raceSignal } from 'race-signal'
import { compareEpochs, type Epoch, type Output as Happening, type Part } from '#protocols/contingency/index'
import { unreachable } from '#protocols/machine'
import {
  type Draft,
  defaultTiming,
  type Input,
  MAX_RELAYS,
  Machine,
  type Output,
  type Registration,
  select,
} from '#protocols/registration/index'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import type { PeerId } from '../peer-id.ts'
import {
  CARRIES,
  type Errand,
  NEAREST_CARRIES,
  PUT_CARRIES,
  type RegistrationDht,
  Rounds,
  UNHURRIED,
} from './dht.ts'
import { keyOf, open, type Reason } from './envelope.ts'
import { Errands } from './errands.ts'
import { Kept } from './kept.ts'
import type { Put } from './place.ts'
import { publish } from './publish.ts'

/** The end of patience with one look-up or put, in milliseconds: half a dozen requests in a row that time out. */
const ERRAND = 10_000
/**
 * After something was found, others have so long to tell of something later, in milliseconds: a dial on a near path
 * takes less. Whoever is silent may be dead; who takes longer is found by the next look-up, being linked by then.
 */
const GRACE = 500
/** How long a goodbye may take, in milliseconds: a request to someone who is dead, and the puts after it. */
const GOODBYE = 1_500
/** Relays with longer addresses are left out, as the wire's door would have it. */
const MAX_RELAY = 256

export interface RegistryInit {
  key: PrivateKey
  dht: RegistrationDht
  duties: Duties
  /** Who is to keep this peer's own registration, if that is known without asking. */
  nearby?: () => readonly PeerId[] | undefined
  /** Whether that is a bootstrap: what it alone keeps is lost with it. */
  isEntrance?: (peer: PeerId) => boolean
  /** `kept` may have changed. */
  onKept?: () => void
  timing?: Partial<typeof defaultTiming>
  clock?: Clock
}

/** What the registry needs of contingency. */
export interface Duties {
  /** This peer's part in that owner's state, if it has one. */
  duty(owner: PeerId): { part: Part; epoch: Epoch } | undefined
  hint(hint: { owner: PeerId; peer: PeerId; epoch?: Epoch }): void
}

/** What a look-up found. */
export interface Lookup {
  registration: Registration
  /** Rounds until somebody had one; 0 when it is kept here. */
  rounds: number
}

export type Change = Extract<Happening, { type: 'changed' | 'dropped' }>

export class Registry {
  readonly #init: RegistryInit
  readonly #self: PeerId
  readonly #drive: Drive<Input>
  readonly #errands: Errands
  /** Look-ups that are under way, by owner and the connections that they may have carried. */
  readonly #finds = new Map<string, Promise<Lookup | undefined>>()
  readonly #holds = new Set<PeerId>()
  readonly #stopped = new AbortController()
  /** Puts that withdraw what was registered. */
  readonly #goodbyes: Promise<void>[] = []
  #leaving = false
  readonly #kept = new Kept()
  readonly #met = () => {
    if (this.#init.dht.dht.routingTable.size === 1) this.#drive.give({ type: 'company' })
  }

  constructor(init: RegistryInit) {
    const { key, timing, clock = systemClock } = init
    this.#init = init
    this.#errands = new Errands(clock, this.#stopped.signal)
    this.#self = key.publicKey.toString()
    const config = { ...defaultTiming, ...timing, self: this.#self, random: Math.random }
    this.#drive = drive({
      machine: new Machine(config),
      clock,
      perform: (output: Output) => this.#perform(output),
    })
    init.dht.dht.routingTable.addEventListener('peer:add', this.#met)
  }

  /** Registrations that were refused, by reason. */
  get refused(): ReadonlyMap<Reason, number> {
    return this.#init.dht.refused
  }

  /** Whether others than entrances keep this peer's own registration, as it was said last. */
  get kept(): boolean {
    return this.#kept.any
  }

  /**
   * Who writes the state of `owner`, as registered: the owner, or who stands in for it. With `gone` nobody is
   * there; the contingents may still hold a copy. `undefined`: nothing is registered, or nobody could be asked.
   * @throws the signal's reason
   */
  async find(owner: PeerId, options: AbortOptions = {}): Promise<Registration | undefined> {
    return (await this.#join(owner, CARRIES, options))?.registration
  }

  /** The same, with what it took. @throws the signal's reason */
  lookUp(owner: PeerId, options: AbortOptions = {}): Promise<Lookup | undefined> {
    return this.#join(owner, CARRIES, options)
  }

  /** Walks to where `peer` is in the keyspace; each that is linked to it, and in which round that was heard. */
  walk(peer: PeerId, signal: AbortSignal): AsyncIterable<{ by: PeerId; rounds: number }> {
    return this.#init.dht.walk(peer, this.#errand(CARRIES, signal))
  }

  /** Peers near to this one in the keyspace. */
  nearest(): Promise<readonly PeerId[]> {
    return this.#init.dht.nearest({ ...this.#errand(NEAREST_CARRIES), timeoutFactor: UNHURRIED })
  }

  /** What this peer is to an owner's state has changed. */
  changed(change: Change): void {
    const { owner } = change
    const holds = change.type === 'changed' && change.part === 'holding'
    if (change.type === 'changed' && change.part === 'writing') {
      const { epoch, roster: contingents, chain } = change
      this.#drive.give({ type: 'writes', owner, writing: { epoch, contingents, chain } })
    } else this.#drive.give({ type: 'yields', owner })
    if (holds === this.#holds.has(owner)) return
    if (holds) this.#holds.add(owner)
    else this.#holds.delete(owner)
    this.#drive.give({ type: 'holds', owners: [...this.#holds] })
  }

  /** Who writes the state of `owner` is in doubt; whoever is registered is told to contingency. */
  seek(owner: PeerId): void {
    this.#errands.add(() => this.#look(owner, CARRIES))
  }

  /** The relays by which this peer is reached now. */
  relays(addresses: readonly { toString(): string }[]): readonly string[] {
    const all = addresses.map(String).filter(({ length }) => length <= MAX_RELAY)
    const relays = all.slice(0, MAX_RELAYS)
    this.#drive.give({ type: 'ways', ways: { relays } })
    return relays
  }

  /** The same; resolves when others than entrances keep that. @throws the signal's reason */
  async register(addresses: readonly { toString(): string }[], options: AbortOptions = {}): Promise<void> {
    await this.#kept.until(this.relays(addresses), options)
  }

  /** Withdraws what is registered. Nothing depends on its arriving. */
  leave(): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#stopped.abort(new Error('this peer leaves'))
    this.#drive.give({ type: 'leave' })
  }

  /** Withdraws, waits a moment for that, and stops. Idempotent. */
  async stop(): Promise<void> {
    this.leave()
    await Promise.all(this.#goodbyes)
    this.#init.dht.dht.routingTable.removeEventListener('peer:add', this.#met)
    this.#drive.stop()
  }

  #perform(output: Output): void {
    switch (output.type) {
      case 'put':
        if (output.draft.gone) return void this.#goodbyes.push(this.#withdraw(output.draft))
        return this.#errands.add(() => this.#put(output.draft))
      case 'look':
        return this.#errands.add(() => this.#look(output.owner, CARRIES))
      default:
        return unreachable(output)
    }
  }

  async #put(draft: Draft): Promise<void> {
    const { owner, sequence } = draft
    const errand = { ...this.#errand(PUT_CARRIES), ...this.#keepers(owner), timeoutFactor: UNHURRIED }
    const { keepers, refusals } = await publish(draft, this.#init, errand)
    if (this.#leaving) return
    const { isEntrance = () => false } = this.#init
    // What entrances alone keep is gone with them: that is no success.
    const copies = keepers.filter((keeper) => !isEntrance(keeper)).length
    this.#drive.give({ type: 'put', owner, sequence, copies })
    if (owner === this.#self) {
      this.#kept.set(copies > 0 ? draft.relays : undefined)
      this.#init.onKept?.()
    }
    // Whoever refused it may keep one that stands and not ours. Those that were near enough to be asked are linked by now.
    if (refusals > 0) await this.#look(owner, 0)
  }

  async #withdraw(draft: Draft): Promise<void> {
    const signal = AbortSignal.timeout(GOODBYE)
    const errand = { signal, allowance: { carries: 0 }, ...this.#keepers(draft.owner) }
    await publish(draft, this.#init, errand)
  }

  async #look(owner: PeerId, carries: number): Promise<void> {
    const found = await this.#join(owner, carries, { signal: this.#stopped.signal })
    const { duties } = this.#init
    const duty = duties.duty(owner)
    if (found === undefined || duty === undefined) return
    const { epoch, contingents } = found.registration
    if (duty.part !== 'returning' && compareEpochs(epoch, duty.epoch) === 0) return
    duties.hint({ owner, peer: epoch.writer, epoch })
    // Who comes back with nothing needs whoever has something.
    if (owner === this.#self) for (const peer of contingents) duties.hint({ owner, peer })
  }

  /** Joins a look-up that is under way. One caller's impatience does not end it for the others. */
  #join(owner: PeerId, carries: number, { signal }: AbortOptions): Promise<Lookup | undefined> {
    const key = `${owner} ${carries}`
    let finding = this.#finds.get(key)
    if (finding === undefined) {
      finding = this.#find(owner, carries).finally(() => this.#finds.delete(key))
      this.#finds.set(key, finding)
    }
    return raceSignal(finding, signal, { translateError: () => signal?.reason })
  }

  async #find(owner: PeerId, carries: number): Promise<Lookup | undefined> {
    const { dht, shelf, remember } = this.#init.dht
    const count = new Rounds()
    const values = [shelf.of(owner)].filter((value) => value !== undefined)
    let rounds = values.length > 0 ? 0 : undefined
    const enough = new AbortController()
    try {
      for await (const event of dht.get(keyOf(owner), this.#errand(carries, enough.signal))) {
        if (event.name !== 'PEER_RESPONSE') continue
        const round = count.count(event)
        if (event.record === undefined) continue
        const { value } = event.record
        rounds ??= round
        if (!values.some((known) => same(known, value))) values.push(value)
        AbortSignal.timeout(GRACE).addEventListener('abort', () => enough.abort(), { once: true })
      }
    } catch {
      // Out of time, or somebody did not take our correction: what was found until then stands.
    }
    const checked = values.map((value) => open(owner, value, Date.now()).catch(() => undefined))
    const found = select((await Promise.all(checked)).filter((each) => each !== undefined))
    if (found === undefined) return undefined
    // Relays that are no addresses lead nowhere, and are no reason to know less.
    await remember(found).catch(() => {})
    return { registration: found, rounds: rounds ?? 0 }
  }

  /** Who is to keep a registration, if that is known: this peer's own lies with those who are near to it. */
  #keepers(owner: PeerId): Put {
    const keepers = owner === this.#self ? this.#init.nearby?.() : undefined
    return keepers === undefined ? {} : { keepers }
  }

  #errand(carries: number, ...ends: AbortSignal[]): Errand {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ERRAND), ...ends])
    return { signal, allowance: { carries } }
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
}
