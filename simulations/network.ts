/**
 * Streams between peers on virtual time: what libp2p and `node/call/paths.ts` give a protocol, with dials for
 * what can go wrong. Every message passes the real door for bytes, out and in.
 *
 * Law: a stream delivers in order or not at all. When it is cut, what is on its way is lost, and each end
 * finds out in its own time; until then it talks to nobody. Any number of streams may lead to a peer, all are
 * read, the newest is written to: so a message may come twice, and late.
 */
import type { Millis } from '#protocols/machine'
import type { Door } from '#protocols/wire/index'
import type { World } from './world.ts'

export interface Dials {
  /** One way, in milliseconds. */
  delay: Millis
  /** Up to so much more, uniformly, drawn for each message. */
  jitter: Millis
  /** Chance that a message is the last thing its stream ever carries, and is itself lost. */
  loss: number
  /** The longest it takes an end to notice that its stream is cut, in milliseconds. */
  notice: Millis
}

export interface Ear<Message, Fault> {
  up(peer: string): void
  down(peer: string, fault?: Fault): void
  message(from: string, message: Message): void
}

/** One end of a stream. */
interface End {
  owner: string
  peer: string
  /** Set on both ends when the stream is made. */
  other: End | undefined
  open: boolean
  closing: boolean
  /** When the last thing sent from here arrives: nothing overtakes it. */
  arrives: Millis
}

export class Network<Message extends { type: string }, Fault> {
  dials: Dials
  /** Sees each message as it is sent; false cuts its stream at this very message. */
  watch: (from: string, to: string, message: Message) => boolean = () => true
  readonly #world: World
  readonly #door: Door<Message>
  readonly #ears = new Map<string, Ear<Message, Fault>>()
  /** Open ends by owner and peer, the newest last. */
  readonly #ends = new Map<string, End[]>()
  readonly #blocked = new Map<string, Fault>()
  /** Who has left, and what others hear who look for them. */
  readonly #gone = new Map<string, Fault>()

  constructor(world: World, door: Door<Message>, dials: Partial<Dials> = {}) {
    this.#world = world
    this.#door = door
    this.dials = { delay: 20, jitter: 10, loss: 0, notice: 100, ...dials }
  }

  join(id: string, ear: Ear<Message, Fault>): void {
    this.#ears.set(id, ear)
    this.#gone.delete(id)
  }

  /**
   * Is gone with all its streams: closed, so that what was sent is still delivered, or cut by a `crash`. Whoever
   * looks for it from now on hears `fault`.
   */
  leave(id: string, fault: Fault, crash: boolean): void {
    this.#ears.delete(id)
    this.#gone.set(id, fault)
    for (const [slot, ends] of [...this.#ends]) {
      if (!slot.startsWith(`${id} `)) continue
      this.#ends.delete(slot)
      for (const way of ends) {
        if (crash) this.#cut(way)
        else this.#close(way)
        way.open = false
      }
    }
  }

  /** Opens a stream; answers the opener with `up` or, if the way is blocked, `down`. Who is not there never answers. */
  open(from: string, to: string): void {
    this.#world.after(this.#delay(), () => {
      if (!this.#ears.has(to) && !this.#gone.has(to)) return
      const fault = this.#gone.get(to) ?? this.#blocked.get(pair(from, to))
      if (fault !== undefined) {
        return void this.#world.after(this.#delay(), () => this.#ears.get(from)?.down(to, fault))
      }
      const near = end(from, to)
      const far = end(to, from)
      near.other = far
      far.other = near
      this.#attach(far)
      // What the far end says at once must not arrive before this end is there.
      far.arrives = this.#world.now() + this.#delay()
      this.#world.after(far.arrives - this.#world.now(), () => {
        if (near.open) this.#attach(near)
        else this.#ears.get(from)?.down(to)
      })
    })
  }

  send(from: string, to: string, message: Message): void {
    const bytes = this.#door.encode(message)
    const way = this.#newest(from, to)
    if (way === undefined) return
    const lost = !this.watch(from, to, message) || this.#world.random.chance(this.dials.loss)
    if (lost || way.closing) return this.#cut(way)
    this.#carry(way, (far) => {
      const taken = this.#door.decode(bytes)
      if (taken.type !== 'unknown') this.#ears.get(far.owner)?.message(from, taken as Message)
    })
  }

  /** Closes all streams to a peer; what was sent is still delivered. */
  close(from: string, to: string): void {
    for (const way of this.#ends.get(key(from, to)) ?? []) this.#close(way)
  }

  /** Cuts every stream between two peers. */
  cut(one: string, other: string): void {
    for (const way of [...(this.#ends.get(key(one, other)) ?? [])]) this.#cut(way)
  }

  /** From now on no stream can be made between two peers, and this is why. Those that there are stay. */
  block(one: string, other: string, fault: Fault): void {
    this.#blocked.set(pair(one, other), fault)
  }

  unblock(one: string, other: string): void {
    this.#blocked.delete(pair(one, other))
  }

  streams(from: string, to: string): number {
    return this.#ends.get(key(from, to))?.length ?? 0
  }

  #newest(from: string, to: string): End | undefined {
    return this.#ends.get(key(from, to))?.at(-1)
  }

  #carry(way: End, arrive: (far: End) => void): void {
    way.arrives = Math.max(way.arrives, this.#world.now() + this.#delay())
    this.#world.after(way.arrives - this.#world.now(), () => {
      if (way.other?.open === true) arrive(way.other)
    })
  }

  #attach(way: End): void {
    const slot = key(way.owner, way.peer)
    this.#ends.set(slot, [...(this.#ends.get(slot) ?? []), way])
    this.#ears.get(way.owner)?.up(way.peer)
  }

  #close(way: End): void {
    if (way.closing) return
    way.closing = true
    this.#carry(way, (far) => {
      this.#close(far)
      this.#detach(far)
    })
  }

  /** Nothing more arrives at either end, and each notices in its own time. */
  #cut(way: End): void {
    for (const each of [way, way.other]) {
      if (each?.open !== true) continue
      each.open = false
      this.#world.after(this.#world.random.unit() * this.dials.notice, () => this.#detach(each))
    }
  }

  #detach(way: End): void {
    const slot = key(way.owner, way.peer)
    const before = this.#ends.get(slot) ?? []
    const rest = before.filter((each) => each !== way)
    if (rest.length === before.length) return
    // A closing end still lets out what was put into it, but hears no more.
    way.open = false
    if (rest.length > 0) this.#ends.set(slot, rest)
    else this.#ends.delete(slot)
    if (rest.length === 0) this.#ears.get(way.owner)?.down(way.peer)
    else if (before.at(-1) === way) this.#ears.get(way.owner)?.up(way.peer)
  }

  #delay(): Millis {
    return this.dials.delay + this.#world.random.unit() * this.dials.jitter
  }
}

function end(owner: string, peer: string): End {
  return { owner, peer, other: undefined, open: true, closing: false, arrives: 0 }
}

function key(owner: string, peer: string): string {
  return `${owner} ${peer}`
}

function pair(one: string, other: string): string {
  return one < other ? key(one, other) : key(other, one)
}
