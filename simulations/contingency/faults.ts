/**
 * Faults: which there are in a seed's world at all, and what each of them does when its moment comes.
 */
import type { Config, Message } from '#protocols/contingency/index'
import { unreachable } from '#protocols/machine'
import type { Random } from '../random.ts'
import type { Device, Disk } from './device.ts'
import type { Town } from './town.ts'

export const faults = [
  'loss',
  'delay',
  'double',
  'overtake',
  'part', // ways closed in both directions
  'part-one-way',
  'freeze',
  'crash', // and back with what was kept, without it, or never
  'crash-midway', // between two outputs, when something of weight is said
  'crash-together',
  'leave', // a goodbye, and back or not
  'doze', // a goodbye, and frozen until it goes on
  'jump', // of a clock
  'drift',
  'throttle',
  'full', // holders with little room
  'forget', // a holder acknowledges, and has nothing any more
  'move', // the owner goes on on another device, while the first is frozen
  'two-tabs',
  'silent', // closed channels are not noticed
  'forge',
] as const

export type Fault = (typeof faults)[number]

/** A world has few faults or many, so that each is also seen alone. */
export function drawFaults(random: Random, allowed: readonly Fault[]): Set<Fault> {
  const chance = random.pick([0, 0.1, 0.25, 0.5, 0.8])
  return new Set(allowed.filter(() => random.chance(chance)))
}

/** Back after so long at most, in milliseconds. */
const AWAY = 20_000
const WEIGHTY: readonly Message['type'][] = [
  'appoint',
  'leave',
  'fenced',
  'delta',
  'held',
  'accept',
  'dismiss',
]

export class Trouble {
  readonly #town: Town
  readonly #random: Random
  readonly #config: Config
  /** Set when the faults are over. */
  #over = false
  /** People who come back once the faults are over, if not before. */
  readonly #away = new Map<string, Disk>()

  constructor(town: Town, config: Config) {
    this.#town = town
    this.#random = town.world.random.fork()
    this.#config = config
  }

  /** How the world is as long as there are faults. */
  begin(kinds: ReadonlySet<Fault>): void {
    const random = this.#random
    this.#town.dials = {
      delay: kinds.has('delay') ? random.pick([50, 150, 400]) : 20,
      jitter: kinds.has('delay') ? random.pick([20, 200]) : 10,
      loss: kinds.has('loss') ? random.pick([0.01, 0.05, 0.2]) : 0,
      double: kinds.has('double') ? 0.1 : 0,
      overtaken: kinds.has('overtake') ? 0.1 : 0,
      notice: kinds.has('silent') ? 0.2 : 1,
    }
  }

  /** Configuration of one peer. */
  configOf(kinds: ReadonlySet<Fault>): Config {
    if (!kinds.has('full') || this.#random.chance(0.5)) return this.#config
    return { ...this.#config, capacity: { owners: this.#random.pick([0, 1, 2]), bytes: 65_536 } }
  }

  strike(fault: Fault): void {
    const running = this.#town.running
    if (running.length === 0) return
    const victim = this.#random.pick(running)
    this.#town.note(`fault: ${fault} at ${victim.id}`)
    switch (fault) {
      case 'part':
      case 'part-one-way':
        return this.#part(victim, fault === 'part')
      case 'freeze':
        return this.#freeze(victim)
      case 'crash':
        return this.#crash(victim, this.#random.pick(['kept', 'kept', 'bare', 'never']))
      case 'crash-midway':
        return this.#light(victim)
      case 'crash-together':
        return this.#crashTogether(victim)
      case 'leave':
        return this.#leave(victim)
      case 'doze':
        return this.#doze(victim)
      case 'jump':
        return victim.jump(this.#random.pick([500, 5_000, 600_000]) * this.#random.unit())
      case 'drift':
        return
      case 'throttle':
        victim.throttle = 1_000
        return
      case 'forget':
        return this.#forget(victim)
      case 'move':
        return this.#second(victim, true)
      case 'two-tabs':
        return this.#second(victim, false)
      case 'forge':
        return this.#forge(victim)
      case 'loss':
      case 'delay':
      case 'double':
      case 'overtake':
      case 'full':
      case 'silent':
        return
      default:
        return unreachable(fault)
    }
  }

  /** From now on nothing goes wrong any more, and all who will come back do. */
  end(): void {
    this.#over = true
    const { devices, closed } = this.#town
    this.#town.note('faults are over')
    this.#town.dials = { delay: 20, jitter: 10, loss: 0, double: 0, overtaken: 0, notice: 1 }
    this.#town.watch = () => {}
    closed.clear()
    for (const device of devices) {
      device.fuse = undefined
      device.throttle = 0
      if (device.alive && device.frozen) device.wake()
      device.give({ type: 'resume' })
    }
    for (const id of [...this.#away.keys()]) this.#back(id)
    // Two devices that nobody holds cannot know of each other, for they are one peer.
    const ids = new Set(this.#town.running.map(({ id }) => id))
    if (ids.size > 1 && this.#config.copies > 0) return
    for (const id of ids) for (const device of this.#town.of(id).slice(0, -1)) this.#town.crash(device)
  }

  /** A session that another device has superseded is closed, or started again if it is the only one left. */
  reconcile(): void {
    for (const device of this.#town.running) {
      if (device.machine.duty(device.id)?.part !== 'superseded') continue
      this.#town.crash(device)
      if (this.#town.of(device.id).length === 0) this.#town.boot(device.id, device.disk, device.config)
    }
  }

  #crash(device: Device, how: 'kept' | 'bare' | 'never'): void {
    if (!device.alive) return
    this.#town.crash(device)
    if (how === 'never' || this.#town.of(device.id).length > 0) return
    this.#away.set(device.id, how === 'kept' ? device.disk : new Map())
    this.#town.world.after(AWAY * this.#random.unit() ** 2, () => this.#back(device.id))
  }

  #back(id: string): void {
    const disk = this.#away.get(id)
    this.#away.delete(id)
    if (disk === undefined || this.#town.of(id).length > 0) return
    const { config } = this.#town.devices.findLast((device) => device.id === id) ?? {}
    this.#town.boot(id, disk, config)
  }

  #part(victim: Device, both: boolean): void {
    const ids = [...new Set(this.#town.devices.map(({ id }) => id))]
    const island = new Set(ids.filter((id) => id === victim.id || this.#random.chance(0.3)))
    const ways = ids
      .filter((id) => !island.has(id))
      .flatMap((id) =>
        [...island].flatMap((other) => [`${id} ${other}`, ...(both ? [`${other} ${id}`] : [])]),
      )
    for (const way of ways) this.#town.closed.add(way)
    this.#later(30_000, () => {
      for (const way of ways) this.#town.closed.delete(way)
    })
  }

  #freeze(victim: Device): void {
    victim.freeze()
    this.#later(this.#random.pick([3_000, 30_000]), () => {
      if (victim.alive && victim.frozen) victim.wake()
    })
  }

  /** It crashes at the next message of weight, or a few outputs after it. */
  #light(victim: Device): void {
    const outputs = this.#random.below(4)
    const type = this.#random.pick(WEIGHTY)
    victim.burnt = () => this.#crash(victim, this.#random.pick(['kept', 'bare', 'never']))
    this.#town.watch = (from, _to, message) => {
      if (from !== victim || message.type !== type || victim.fuse !== undefined) return
      victim.fuse = outputs
    }
    if (this.#random.chance(0.5)) this.#later(1_000, () => this.#leave(victim))
  }

  /** A goodbye, of which everything arrives or, with the fuse lit, a part. */
  #leave(victim: Device): void {
    if (!victim.runs) return
    victim.give({ type: 'leave' })
    this.#crash(victim, this.#random.pick(['kept', 'bare', 'never']))
  }

  /** A page that the browser freezes says goodbye first; some go on before they froze. */
  #doze(victim: Device): void {
    victim.give({ type: 'leave' })
    if (this.#random.chance(0.8)) victim.freeze()
    this.#later(this.#random.pick([1_000, 3_000, 30_000]), () => {
      if (victim.alive && victim.frozen) victim.wake()
      victim.give({ type: 'resume' })
    })
  }

  /** An owner and those who hold it, at the same moment. */
  #crashTogether(victim: Device): void {
    const holders = victim.machine.holders().flatMap(({ id }) => this.#town.of(id))
    const together = this.#random.chance(0.5) ? [victim, ...holders.slice(0, 1)] : holders
    for (const device of together) this.#crash(device, this.#random.pick(['kept', 'bare', 'never']))
  }

  #forget(victim: Device): void {
    this.#town.crash(victim)
    if (this.#town.of(victim.id).length > 0) return
    const own = victim.disk.get(victim.id)
    this.#town.boot(victim.id, own === undefined ? new Map() : new Map([[victim.id, own]]), victim.config)
  }

  /** The owner goes on elsewhere, with nothing but the identity; the first device freezes and wakes, or runs on. */
  #second(victim: Device, freezes: boolean): void {
    if (this.#town.of(victim.id).length > 1) return
    if (freezes) this.#freeze(victim)
    this.#town.boot(victim.id, new Map(), victim.config)
  }

  /** A peer without any right says what would hurt if it were believed. */
  #forge(victim: Device): void {
    const owners = [victim.id, ...victim.machine.holding]
    const owner = this.#random.pick(owners)
    const duty = victim.machine.duty(owner)
    if (duty === undefined) return
    const n = duty.epoch.n + this.#random.pick([0, 1, 1_000_000])
    const mine = { n, writer: 'X', session: 'ffffffff' }
    const epoch = this.#random.pick([mine, { ...duty.epoch }, { ...duty.epoch, n }])
    const { digest } = duty.store
    const head = { owner, epoch }
    const copy = { have: 2 ** 40, digest }
    const right = [...duty.right]
    const entries = [{ key: 'name', n: n * 2 ** 20, by: 'X', body: new Uint8Array(8) }]
    const lies: Message[] = [
      { type: 'dismiss', ...head, turn: 1_000, digest },
      { type: 'fenced', ...head, chain: right },
      { type: 'fenced', ...head, chain: [] },
      { type: 'beat', ...head, ...copy },
      { type: 'stored', ...head, ...copy, turn: 1_000 },
      { type: 'leave', ...head, successor: 'X' },
      { type: 'left', ...head },
      { type: 'delta', ...head, from: 0, to: 2 ** 40, last: true, entries },
      { type: 'delta', ...head, from: 0, to: 2 ** 40, last: true, entries: [] },
      { type: 'probed', ...head, silence: 0 },
      { type: 'return', ...head },
      { type: 'fetch', ...head, from: 0 },
      { type: 'held', ...head, ...copy, chain: right },
      { type: 'appoint', ...head, ...copy, turn: 1_000, rank: 1, roster: ['X'], chain: right, bytes: 0 },
      { type: 'accept', ...head, ...copy, turn: 1_000 },
      { type: 'refuse', ...head, reason: 'full', suggest: ['X'] },
    ]
    this.#town.inject('X', victim, this.#random.pick(lies))
  }

  #later(span: number, act: () => void): void {
    this.#town.world.after(span * this.#random.unit(), () => {
      if (!this.#over) act()
    })
  }
}
