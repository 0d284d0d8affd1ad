/**
 * A device: one machine as it runs somewhere, with its disk, its clock, and all that can happen to it: it is
 * frozen, crashes between any two of its outputs, comes back with or without what it had kept.
 */
import { type Clock, type Drive, drive } from '#node/driver'
import {
  type Config,
  type Delegation,
  type Epoch,
  type Input,
  Machine,
  type Output,
} from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import { compareVersions, type Entry } from '#protocols/state/index'
import type { World } from '../world.ts'

/** Another's copy, or the own state, as it is kept. */
export interface Kept {
  entries: Map<string, Entry>
  epoch: Epoch
  chain: readonly Delegation[]
  roster: readonly string[]
}

/** What survives a crash. */
export type Disk = Map<string, Kept>

export interface DeviceEvents {
  output(device: Device, output: Output): void
  /** Right after an input was handled. */
  handled(device: Device, input: Input, outputs: readonly Output[]): void
}

export class Device {
  readonly id: string
  readonly session: string
  readonly disk: Disk
  readonly machine: Machine
  readonly config: Config
  readonly bornAt: Millis
  /** Running, or frozen; not after a crash. */
  alive = true
  frozen = false
  /** Outputs that are still performed before it crashes. */
  fuse: number | undefined
  /** Called when the fuse is burnt down. */
  burnt: () => void = () => {}
  /** How much faster than true time its clock goes, and how far it is ahead. */
  rate = 1
  ahead: Millis = 0
  /** Ticks come up to so much late, as in a hidden tab. */
  throttle: Millis = 0
  /** When it was last away from time, and has not heard anything since that would let it take over. */
  wokeAt: Millis = Number.NEGATIVE_INFINITY
  /** When its time was last not as it seemed to be: patience that ran out then was none. */
  shakenAt: Millis = Number.NEGATIVE_INFINITY
  /** What the device is linked to, as far as it knows. */
  links = new Set<string>()
  readonly #world: World
  readonly #events: DeviceEvents
  readonly #drive: Drive<Input>
  #frozenAt: Millis = 0
  /** What came, and which timers were due, while it was frozen. */
  #waiting: (() => void)[] = []
  #due: (() => void)[] = []

  constructor(world: World, id: string, disk: Disk, config: Config, events: DeviceEvents) {
    this.#world = world
    this.#events = events
    this.id = id
    this.session = world.random.bits().toString(16).padStart(8, '0')
    this.disk = disk
    this.config = config
    this.bornAt = world.now()
    this.machine = new Machine({ self: id, session: this.session, config })
    this.#drive = drive<Input, Output>({
      machine: this.machine,
      clock: this.#clock(),
      perform: (output) => this.#perform(output),
      trace: (input, outputs) => this.#handled(input, outputs),
    })
  }

  /** Whether it does something now. */
  get runs(): boolean {
    return this.alive && !this.frozen
  }

  boot(known: readonly string[], registered: number): void {
    const own = this.disk.get(this.id)
    const entries = [...(own?.entries.values() ?? [])]
    for (const [owner, kept] of this.disk) {
      if (owner === this.id || kept.epoch.n === 0) continue
      const { epoch, chain } = kept
      this.give({ type: 'restore', owner, entries: [...kept.entries.values()], epoch, chain })
    }
    const n = Math.max(own?.epoch.n ?? 0, registered)
    this.give({ type: 'start', entries, n, known: [...(own?.roster ?? []), ...known] })
  }

  give(input: Input): void {
    if (!this.alive) return
    if (this.frozen) this.#waiting.push(() => this.#drive.give(input))
    else this.#drive.give(input)
  }

  crash(): void {
    this.alive = false
    this.#drive.stop()
  }

  freeze(): void {
    this.frozen = true
    this.#frozenAt = this.#world.now()
  }

  /** Its clock goes on so much later, as after a sleep. */
  jump(span: Millis): void {
    this.ahead += span
    this.shakenAt = this.#world.now()
    if (span > this.config.frozen) this.wokeAt = this.#world.now()
  }

  wake(): void {
    this.frozen = false
    this.shakenAt = this.#world.now()
    if (this.#world.now() - this.#frozenAt > this.config.frozen) this.wokeAt = this.#world.now()
    const [waiting, due] = [this.#waiting.splice(0), this.#due.splice(0)]
    // What came first may be done last.
    for (const act of this.#world.random.chance(0.5) ? [...due, ...waiting] : [...waiting, ...due]) {
      if (this.alive) act()
    }
  }

  #clock(): Clock {
    return {
      now: () => this.#world.now() * this.rate + this.ahead,
      after: (wait, act) => {
        const late = this.throttle * this.#world.random.unit()
        let wanted = true
        this.#world.after(wait / this.rate + late, () => {
          if (!wanted) return
          if (this.frozen) this.#due.push(() => wanted && act())
          else act()
        })
        return () => {
          wanted = false
        }
      },
    }
  }

  #handled(input: Input, outputs: readonly Output[]): void {
    const now = this.#world.now() * this.rate + this.ahead
    const deadline = this.machine.nextDeadline()
    if (input.type === 'tick' && deadline !== undefined && deadline <= now) {
      throw new Error(`deadline: ${this.id} was ticked at ${now} and wants it again at ${deadline}`)
    }
    this.#events.handled(this, input, outputs)
    const farewell = input.type === 'closed' || (input.type === 'message' && input.message.type === 'leave')
    if (farewell) this.wokeAt = Number.NEGATIVE_INFINITY
  }

  #perform(output: Output): void {
    if (!this.alive) return
    if (this.fuse !== undefined) {
      this.fuse -= 1
      if (this.fuse < 0) return this.burnt()
    }
    // What is replaced or dropped can still be looked at.
    this.#events.output(this, output)
    this.#keep(output)
  }

  #keep(output: Output): void {
    if (output.type === 'dropped') this.disk.delete(output.owner)
    if (output.type !== 'persist' && output.type !== 'changed') return
    const blank = { epoch: { n: 0, writer: '', session: '' }, chain: [], roster: [] }
    const kept = this.disk.get(output.owner) ?? { entries: new Map(), ...blank }
    this.disk.set(output.owner, kept)
    if (output.type === 'persist') {
      for (const entry of output.entries) {
        const old = kept.entries.get(entry.key)
        if (old === undefined || compareVersions(old, entry) < 0) kept.entries.set(entry.key, entry)
      }
    } else {
      kept.epoch = output.epoch
      kept.chain = output.chain
      kept.roster = output.roster
    }
  }
}
