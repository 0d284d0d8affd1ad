/**
 * A town of devices: what lies between them on virtual time. Messages are lost, late, doubled and overtake each
 * other, ways are closed in one direction or both; links are noticed to come and go; a registry tells who writes.
 *
 * Law: what arrives has been through the wire's door and the door for signatures, as in `node/contingency/`.
 */
import {
  type Config,
  type Epoch,
  type Input,
  type Message,
  type Output,
  wire,
} from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import { SPAN } from '#protocols/state/index'
import { World } from '../world.ts'
import { Device, type Disk } from './device.ts'
import { isAfter, Oracle } from './oracle.ts'
import { Reigns } from './reigns.ts'
import { isGenuine, passes, seal, signed } from './seal.ts'
import { Talk } from './talk.ts'

export interface Dials {
  /** One way, in milliseconds, and up to so much more for each message. */
  delay: Millis
  jitter: Millis
  /** Chances of each message: to be lost, to come twice, to be overtaken. */
  loss: number
  double: number
  overtaken: number
  /** Chance that a closed channel is noticed at once. */
  notice: number
}

export const calm: Dials = { delay: 20, jitter: 10, loss: 0, double: 0, overtaken: 0, notice: 1 }

/** From one look at the links to the next, in milliseconds. */
const SURVEY = 5_000
/** How long what is registered stands without being said again. */
const EXPIRY = 60_000
/** How much later a message that is overtaken comes. */
const LATE = 1_500
/** Messages encoded and decoded: one in so many, since the codec has tests of its own. */
const CODEC = 16

interface Registered {
  epoch: Epoch
  roster: readonly string[]
  until: Millis
}

export class Town {
  readonly world: World
  readonly oracle: Oracle
  /** All that ever were. */
  readonly devices: Device[] = []
  dials: Dials = calm
  /** Ways that are closed, `from to`. */
  readonly closed = new Set<string>()
  /** Sees each message when it is sent. */
  watch: (from: Device, to: string, message: Message) => void = () => {}
  /** Sees each change of what a device is to an owner, and when it has nothing of it any more. */
  see: (device: Device, owner: string) => void = () => {}
  readonly talk: Talk
  readonly #config: Config
  /** Who writes, as published. */
  readonly #registry = new Map<string, Registered>()
  /** By (device, peer): which device of that peer was last heard. */
  readonly #routes = new Map<string, Device>()
  readonly #reigns: Reigns
  readonly #fail: (what: string) => void
  readonly #trace: ((line: string) => void) | undefined
  #arrivals = new Map<string, Millis>()
  #writeId = 0
  #sent = 0

  constructor(seed: number, config: Config, fail: (what: string) => void, trace?: (line: string) => void) {
    this.world = new World(seed)
    this.#config = config
    this.#fail = fail
    this.#trace = trace
    this.oracle = new Oracle(() => this.devices, fail)
    this.talk = new Talk(() => this.world.now())
    this.#reigns = new Reigns(this.oracle, fail)
  }

  get running(): Device[] {
    return this.devices.filter(({ runs }) => runs)
  }

  /** The devices of a peer that are not crashed, the newest last. */
  of(id: string): Device[] {
    return this.devices.filter((device) => device.id === id && device.alive)
  }

  boot(id: string, disk: Disk = new Map(), config: Config = this.#config): Device {
    const device = new Device(this.world, id, disk, config, {
      output: (from, output) => this.#output(from, output),
      handled: (at, input, outputs) => this.#handled(at, input, outputs),
    })
    if (this.of(id).length > 0) this.oracle.twins = true
    this.devices.push(device)
    this.note(
      `${id} boots as ${device.session}, with ${disk.size === 0 ? 'nothing' : [...disk.keys()].join()}`,
    )
    const known = this.registered(id)
    device.boot(known === undefined ? [] : [known.epoch.writer, ...known.roster], known?.epoch.n ?? 0)
    this.world.after(100 * this.world.random.unit(), () => this.#survey(device))
    return device
  }

  /** It is gone; some notice at once. */
  crash(device: Device): void {
    if (!device.alive) return
    this.note(`${device.id} crashes`)
    device.crash()
    for (const other of this.running) {
      if (!other.links.has(device.id) || !this.world.random.chance(this.dials.notice)) continue
      this.world.after(200 * this.world.random.unit(), () => {
        const another = this.#routes.get(`${other.session} ${device.id}`) !== device
        if (!another || !this.#reaches(other, device.id)) this.#unlink(other, device.id)
      })
    }
  }

  write(device: Device, values: Record<string, string>): void {
    const { machine, id } = device
    const version = machine.next
    const duty = machine.duty(id)
    if (version === undefined || duty === undefined || !device.runs) return
    const entries = Object.entries(values).map(([key, value]) => seal(id, key, version, value))
    // Who gathers is in no epoch: what it writes counts as of the one that it says.
    const gathering = { n: Math.floor(version.n / SPAN), writer: id, session: device.session }
    const epoch = duty.part === 'returning' ? gathering : { ...duty.epoch }
    const able = duty.store.refuses(entries) === undefined && duty.part !== 'superseded'
    if (able) this.oracle.wrote(id, entries, epoch)
    device.give({ type: 'write', id: ++this.#writeId, entries })
    const lost = entries.filter(({ key, n }) => duty.store.get(key)?.n !== n)
    if (able && device.alive && lost.length > 0) this.#fail(`a write of ${id} did not replace what it saw`)
  }

  /** Something said by no device. */
  inject(from: string, to: Device, message: Message): void {
    const said = signed(from, message)
    if (passes(said)) to.give({ type: 'message', from, message: said })
  }

  registered(owner: string): Registered | undefined {
    const known = this.#registry.get(owner)
    return known === undefined || known.until < this.world.now() ? undefined : known
  }

  note(line: string): void {
    this.#trace?.(`${Math.round(this.world.now())} ${line}`)
  }

  #handled(device: Device, input: Input, outputs: readonly Output[]): void {
    this.#reigns.handled(device, input, this.world.now())
    if (this.#trace === undefined) return
    const quiet = (message: Message) => message.type === 'beat' || message.type === 'stored'
    const said = outputs.filter((each) => each.type !== 'send' || !quiet(each.message))
    if (said.length === 0 && (input.type === 'tick' || (input.type === 'message' && quiet(input.message))))
      return
    const show = (key: string, value: unknown) =>
      value instanceof Uint8Array || key === 'body'
        ? '…'
        : key === 'chain'
          ? (value as unknown[]).length
          : value
    this.note(`${device.id}/${device.session} ${JSON.stringify(input, show)} → ${JSON.stringify(said, show)}`)
  }

  #output(device: Device, output: Output): void {
    this.oracle.output(device, output)
    switch (output.type) {
      case 'send':
        if (output.message.type !== 'beat' && output.message.type !== 'stored') {
          this.talk.note(
            `${device.id} sends ${output.message.type} of ${output.message.owner} to ${output.to}`,
          )
        }
        if (output.message.type === 'deposited' && output.message.outcome === 'kept') {
          const { owner, id } = output.message
          const epoch = device.machine.duty(owner)?.epoch ?? { n: 0, writer: '', session: '' }
          this.oracle.deposited(device, owner, `inbox/${output.to}/${id}`, epoch)
        }
        return this.#send(device, output.to, signed(device.id, output.message))
      case 'persist':
        for (const entry of output.entries) {
          if (!isGenuine(output.owner, entry)) this.#fail(`believed a forged ${entry.key} of ${output.owner}`)
        }
        return
      case 'changed':
        this.talk.note(`${device.id} changes its part for ${output.owner}`)
        this.see(device, output.owner)
        this.#reigns.changed(device, output, this.world.now())
        if (output.part === 'writing') this.#publish(device, output.owner, output.epoch, output.roster)
        return
      case 'dropped':
        this.#reigns.dropped(device, output.owner)
        return this.see(device, output.owner)
      default:
        return
    }
  }

  /** Registers who writes. @returns whether someone is further, who is then told of */
  #publish(device: Device, owner: string, epoch: Epoch, roster: readonly string[]): void {
    const known = this.registered(owner)
    const until = this.world.now() + EXPIRY
    if (known === undefined || !isAfter(known.epoch, epoch))
      this.#registry.set(owner, { epoch, roster, until })
    else if (known.epoch.session !== device.session) {
      device.give({ type: 'hint', owner, peer: known.epoch.writer, epoch: known.epoch })
      if (owner === device.id) for (const peer of known.roster) device.give({ type: 'hint', owner, peer })
    }
  }

  #send(from: Device, to: string, message: Message): void {
    this.watch(from, to, message)
    this.#sent += 1
    const taken = this.#sent % CODEC === 0 ? (wire.decode(wire.encode(message)) as Message) : message
    const { random } = this.world
    const { delay, jitter, loss, double, overtaken } = this.dials
    if (random.chance(loss)) return
    const way = `${from.session} ${to}`
    const first = delay + jitter * random.unit() + (random.chance(overtaken) ? LATE * random.unit() : 0)
    const copies = random.chance(double) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      let at = this.world.now() + first + copy * LATE * random.unit()
      if (overtaken === 0 && copy === 0) {
        at = Math.max(at, this.#arrivals.get(way) ?? 0)
        this.#arrivals.set(way, at)
      }
      this.world.after(at - this.world.now(), () => this.#arrive(from, to, taken))
    }
  }

  #arrive(from: Device, to: string, message: Message): void {
    if (this.closed.has(`${from.id} ${to}`) || !passes(message)) return
    const target = this.#target(from, to)
    if (target === undefined) return
    this.#routes.set(`${target.session} ${from.id}`, from)
    target.give({ type: 'message', from: from.id, message })
  }

  /** Of two devices of one peer, the one that was last heard; otherwise the newest. */
  #target(from: Device, to: string): Device | undefined {
    const known = this.#routes.get(`${from.session} ${to}`)
    return known?.alive === true ? known : this.of(to).at(-1)
  }

  #reaches(device: Device, peer: string): boolean {
    const open = !this.closed.has(`${device.id} ${peer}`) && !this.closed.has(`${peer} ${device.id}`)
    return open && this.of(peer).some((other) => other !== device)
  }

  #unlink(device: Device, peer: string): void {
    if (!device.links.delete(peer)) return
    device.give({ type: 'closed', peer })
    this.#tellLinks(device)
  }

  /** Links are looked at now and then; and what is registered with them. */
  #survey(device: Device): void {
    if (!device.alive) return
    this.world.after(SURVEY * (0.8 + 0.4 * this.world.random.unit()), () => this.#survey(device))
    const ids = [...new Set(this.devices.map(({ id }) => id))].filter((id) => id !== device.id)
    const gone = [...device.links].filter((peer) => !this.#reaches(device, peer))
    const fresh = ids.filter((peer) => !device.links.has(peer) && this.#reaches(device, peer))
    for (const peer of gone) this.#unlink(device, peer)
    for (const peer of fresh) device.links.add(peer)
    if (fresh.length > 0) this.#tellLinks(device)
    if (device.links.size > 0) this.#consult(device)
  }

  /** Who writes republishes; who holds a copy looks whether someone writes whom it does not know. */
  #consult(device: Device): void {
    const { machine, id } = device
    for (const owner of [id, ...machine.holding]) {
      const duty = machine.duty(owner)
      if (duty === undefined || duty.part === 'returning') continue
      if (duty.part === 'writing') this.#publish(device, owner, duty.epoch, duty.roster)
      const known = this.registered(owner)
      if (duty.part === 'holding' && known !== undefined && isAfter(known.epoch, duty.epoch)) {
        device.give({ type: 'hint', owner, peer: known.epoch.writer, epoch: known.epoch })
      }
    }
  }

  #tellLinks(device: Device): void {
    const now = this.world.now()
    const candidates = [...device.links].map((peer) => {
      const other = this.of(peer)[0]
      return { id: peer, up: now - (other?.bornAt ?? now), load: other?.machine.holding.length ?? 0, rtt: 40 }
    })
    device.give({ type: 'candidates', candidates })
  }
}
