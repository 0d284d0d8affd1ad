/**
 * A town: people whose call machines, networks and media engines run in a world of virtual time. What
 * `node/call/calls.ts` does in a browser, a person does here.
 */
import { expect } from 'vitest'
import type { Drive } from '#node/driver'
import {
  type Input,
  Machine,
  type MediaState,
  type Message,
  type Output,
  type PathFault,
  type Phase,
  type Seat,
  type Snapshot,
  timing,
  wire,
} from '#protocols/call/index'
import { unreachable } from '#protocols/machine'
import { Engine, Medium } from '../../../simulations/engine.ts'
import { type Dials, Network } from '../../../simulations/network.ts'
import { World } from '../../../simulations/world.ts'

export const SECOND = 1000
export const both: MediaState = { audio: true, video: true }

/** The `n`th call id there is. */
export function callId(n: number): string {
  return n.toString(16).padStart(32, '0')
}

type Partner = Pick<Seat<string>, 'to' | 'direction'>

export class Town {
  readonly world: World
  readonly network: Network<Message, PathFault>
  readonly people: Person[] = []
  readonly #media = new Map<string, Medium>()
  #calls = 0

  constructor(seed = 1, dials: Partial<Dials> = {}) {
    this.world = new World(seed)
    this.network = new Network(this.world, wire, dials)
  }

  person(id: string, capacity = 1): Person {
    const person = new Person(id, this, capacity)
    this.people.push(person)
    return person
  }

  newCall(): string {
    this.#calls += 1
    return callId(this.#calls)
  }

  medium(call: string): Medium {
    const medium = this.#media.get(call) ?? new Medium(this.world)
    this.#media.set(call, medium)
    return medium
  }

  run(span: number): void {
    this.world.run(span)
  }

  /** What holds of any town at any time. */
  check(): void {
    for (const { engines } of this.people) {
      for (const engine of engines.values()) expect(engine.refused).toEqual([])
    }
  }
}

export class Person {
  readonly id: string
  machine: Machine<string>
  drive: Drive<Input<string>>
  /** Every call this person saw, under the name it goes by now. */
  readonly calls = new Map<string, Snapshot>()
  /** The phases each call went through; a merged call goes on with those that it had. */
  readonly phases = new Map<string, Phase[]>()
  readonly engines = new Map<string, Engine>()
  readonly ignored: string[] = []
  readonly rang: string[] = []
  /** Whether this person is back, and not yet in the call again. */
  wonders = false
  /** Whether there is a page. */
  here = true
  /** Whether this device may not know yet of a seat that there is. */
  mayReturn = false
  readonly #town: Town
  readonly #capacity: number
  readonly #partners = new Map<string, Partner>()
  #seat: { call: string; media: MediaState; at: number } | undefined

  constructor(id: string, town: Town, capacity: number) {
    this.id = id
    this.#town = town
    this.#capacity = capacity
    this.machine = this.#newMachine()
    this.drive = this.#arrive()
  }

  /** The page goes, or crashes without a word; what it keeps is the seat in a call that goes on. */
  leave({ crash = false } = {}): void {
    if (!crash) this.drive.give({ type: 'leave' })
    const last = [...this.calls].at(-1)
    const goesOn = last?.[1].phase === 'active' || last?.[1].phase === 'reconnecting'
    if (last !== undefined && !this.wonders) {
      const [call, { localMedia: media }] = last
      this.#seat = goesOn ? { call, media, at: this.#town.world.now() } : undefined
    }
    this.drive.stop()
    this.#town.network.leave(this.id, 'unreachable', crash)
    for (const engine of this.engines.values()) engine.close()
    this.engines.clear()
    this.here = false
  }

  /** The page is opened again. Without `memory` it is another device's, which does not know of the seat yet. */
  comeBack({ memory = true } = {}): void {
    this.machine = this.#newMachine()
    this.drive = this.#arrive()
    this.here = true
    this.wonders = false
    for (const [call, { phase }] of this.calls) if (phase !== 'ended') this.calls.delete(call)
    if (memory) this.remember()
  }

  /** The seat is found. */
  remember(): void {
    const seat = this.#seat
    if (seat === undefined) return
    const { call, media, at } = seat
    const patience = at + timing.lost - this.#town.world.now()
    const partner = this.#partners.get(call)
    if (patience <= 0 || partner === undefined) return
    this.phases.set(`${call} until ${at}`, this.phases.get(call) ?? [])
    this.phases.delete(call)
    this.wonders = true
    const sitting = this.#town.world.random.bits().toString(16).padStart(16, '0')
    this.drive.give({ type: 'return', call, ...partner, media, sitting, patience })
  }

  #newMachine(): Machine<string> {
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
    const capacity = this.#capacity
    const mayReturn = () => this.mayReturn
    return new Machine({ self: this.id, compare, capacity, name: () => this.id, mayReturn })
  }

  #arrive(): Drive<Input<string>> {
    const { world, network } = this.#town
    const drive = world.host<Input<string>, Output<string>>(this.id, this.machine, (output) =>
      this.#perform(output),
    )
    network.join(this.id, {
      up: (to) => drive.give({ type: 'path-up', to }),
      down: (to, fault) => drive.give({ type: 'path-down', to, ...(fault === undefined ? {} : { fault }) }),
      message: (from, message) => drive.give({ type: 'message', from, message }),
    })
    return drive
  }

  /** The latest call. */
  get call(): string {
    const call = [...this.calls.keys()].at(-1)
    if (call === undefined) throw new Error(`${this.id} has no call`)
    return call
  }

  get now(): Snapshot | undefined {
    return this.calls.get(this.call)
  }

  /** The phase of the latest call; once ended, how. */
  get state(): string {
    if (this.calls.size === 0) return 'none'
    const { phase, end } = this.now ?? {}
    return end ?? phase ?? 'none'
  }

  get path(): Phase[] {
    return this.phases.get(this.call) ?? []
  }

  get engine(): Engine {
    const engine = this.engines.get(this.call)
    if (engine === undefined) throw new Error(`${this.id} has no engine for ${this.call}`)
    return engine
  }

  place(to: Person, media = both): string {
    const call = this.#town.newCall()
    this.#partners.set(call, { to: to.id, direction: 'outgoing' })
    this.drive.give({ type: 'place', call, to: to.id, name: this.id, media })
    return call
  }

  accept(media = both): void {
    this.wonders = false
    this.drive.give({ type: 'accept', call: this.call, media })
  }

  decline(): void {
    this.drive.give({ type: 'decline', call: this.call })
  }

  hangUp(): void {
    this.drive.give({ type: 'hang-up', call: this.call })
  }

  mute(media: MediaState): void {
    this.drive.give({ type: 'set-media', call: this.call, media })
  }

  /** Says something to `to` that the machine would not. */
  say(to: Person, message: Message): void {
    to.drive.give({ type: 'message', from: this.id, message })
  }

  #perform(output: Output<string>): void {
    const { network } = this.#town
    switch (output.type) {
      case 'send':
        return network.send(this.id, output.to, output.message)
      case 'open-path':
        return network.open(this.id, output.to)
      case 'close-path':
        return network.close(this.id, output.to)
      case 'media-start':
        return this.#startMedia(output.call, output.begin)
      case 'media-stop':
        this.engines.get(output.call)?.close()
        return void this.engines.delete(output.call)
      case 'step':
        return this.engines.get(output.call)?.perform(output.step)
      case 'incoming':
        this.rang.push(output.call)
        // A page that shows one call at a time has seen the last one end by now.
        if (this.#capacity === 1) {
          expect([...this.calls.values()].filter(({ phase }) => phase !== 'ended')).toEqual([])
        }
        this.#partners.set(output.call, { to: output.from, direction: 'incoming' })
        return this.#changed(output.call, output.snapshot)
      case 'changed':
        return this.#changed(output.call, output.snapshot)
      case 'merged':
        this.calls.delete(output.from)
        this.#partners.set(output.to, {
          ...(this.#partners.get(output.from) as Partner),
          direction: 'incoming',
        })
        this.phases.set(output.to, this.phases.get(output.from) ?? [])
        return void this.phases.delete(output.from)
      case 'ignored':
        return void this.ignored.push(output.reason)
      default:
        return unreachable(output)
    }
  }

  #changed(call: string, snapshot: Snapshot): void {
    this.calls.set(call, snapshot)
    const phases = this.phases.get(call) ?? []
    if (phases.at(-1) !== snapshot.phase) phases.push(snapshot.phase)
    this.phases.set(call, phases)
  }

  #startMedia(call: string, begin: boolean): void {
    const engine = new Engine(this.#town.world, this.#town.medium(call), {
      needed: () => this.drive.give({ type: 'negotiation-needed', call }),
      described: (description) => this.drive.give({ type: 'described', call, description }),
      failed: () => this.drive.give({ type: 'step-failed', call }),
      gathered: (candidate) => this.drive.give({ type: 'gathered', call, candidate }),
      connectivity: (state) => this.drive.give({ type: 'connectivity', call, state }),
    })
    this.engines.set(call, engine)
    if (begin) engine.addTracks(2)
  }
}

/** Two people in the middle of a call that `ann` placed to `bob`. */
export function talking(seed = 1, dials: Partial<Dials> = {}): { town: Town; ann: Person; bob: Person } {
  const town = new Town(seed, dials)
  const [ann, bob] = [town.person('ann'), town.person('bob')]
  ann.place(bob)
  town.run(SECOND)
  bob.accept()
  town.run(2 * SECOND)
  expect([ann.state, bob.state]).toEqual(['active', 'active'])
  return { town, ann, bob }
}
