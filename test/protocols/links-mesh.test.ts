/** What becomes of a mesh whose peers all choose their links by the machine, with nothing but what they are told. */
import { describe, expect, test } from 'vitest'
import { defaultConfig, type Input, MAX_LINKS, Machine, type Output } from '#protocols/links/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'
import { forSeeds } from '../simulations/seeds.ts'

type Peer = string

describe('a mesh', () => {
  test('of many who came through a few: each is linked to its nearest, none has too many, all hang together', () =>
    forSeeds(3, (seed) => {
      const mesh = new Mesh(seed, 80)
      mesh.run(180_000)
      mesh.check()
      // A third goes at once.
      for (const peer of mesh.peers.filter((_, index) => index % 3 === 0)) mesh.leave(peer)
      mesh.run(120_000)
      mesh.check()
    }))
})

/** Peers that run the machine, link to each other, and were introduced to a few who came first. */
class Mesh {
  readonly peers: Peer[]
  readonly #world: World
  readonly #random: Random
  readonly #drives = new Map<Peer, ReturnType<World['host']>>()
  readonly #links = new Map<Peer, Set<Peer>>()
  readonly #keys = new Map<Peer, bigint>()

  constructor(seed: number, count: number) {
    this.#world = new World(seed)
    this.#random = new Random(seed)
    this.peers = Array.from({ length: count }, (_, index) => `p${index}`)
    for (const peer of this.peers) {
      this.#keys.set(peer, (BigInt(this.#random.below(2 ** 32)) << 32n) | BigInt(this.#random.below(2 ** 32)))
      this.#links.set(peer, new Set())
    }
    for (const [index, peer] of this.peers.entries()) {
      this.#world.after(index * 300, () => this.#join(peer, this.peers.slice(0, Math.min(index, 16))))
    }
  }

  run(millis: number): void {
    this.#world.run(millis)
  }

  leave(peer: Peer): void {
    this.#drives.get(peer)?.stop()
    this.#drives.delete(peer)
    for (const other of this.#links.get(peer) ?? []) this.#unlink(peer, other)
    this.#links.delete(peer)
  }

  check(): void {
    const alive = [...this.#drives.keys()]
    for (const peer of alive) {
      const links = this.#links.get(peer) ?? new Set()
      const others = alive.filter((other) => other !== peer)
      const nearest = others.sort((a, b) => (this.#distance(peer, a) < this.#distance(peer, b) ? -1 : 1))
      const leaves = nearest.slice(0, defaultConfig.near)
      expect(leaves.filter((leaf) => !links.has(leaf))).toEqual([])
      expect(links.size).toBeLessThanOrEqual(MAX_LINKS)
    }
    const degrees = alive.map((peer) => this.#links.get(peer)?.size ?? 0)
    const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length
    expect(mean).toBeLessThanOrEqual(2 * defaultConfig.target)
    const reached = new Set([alive[0] as Peer])
    for (const peer of reached) for (const other of this.#links.get(peer) ?? []) reached.add(other)
    expect(reached.size).toBe(alive.length)
  }

  #distance(a: Peer, b: Peer): bigint {
    return (this.#keys.get(a) ?? 0n) ^ (this.#keys.get(b) ?? 0n)
  }

  #join(peer: Peer, introduced: readonly Peer[]): void {
    const keys = (id: Peer) => this.#keys.get(id) ?? 0n
    const machine = new Machine<Peer>({
      ...{ ...defaultConfig, self: keys(peer), keyOf: keys },
      keeps: () => false,
    })
    const drive = this.#world.host<Input<Peer>, Output<Peer>>(peer, machine, (output) => {
      if (output.type === 'tell') {
        const { to, peers: told } = output
        for (const other of to)
          this.#world.after(50, () => this.#give(other, { type: 'told', from: peer, peers: told }))
      } else if (output.type === 'retire') this.#unlink(peer, output.peer)
      else if (output.type === 'look') {
        const seen = this.#walk(peer)
        this.#world.after(500, () => this.#give(peer, { type: 'seen', peers: seen }))
      } else this.#world.after(400 + this.#random.below(400), () => this.#link(peer, output.peer))
    })
    this.#drives.set(peer, drive)
    drive.give({ type: 'introduced', peers: introduced })
  }

  /** Who a look-up finds: the eight nearest of all that were asked about their links, as long as these get nearer. */
  #walk(peer: Peer): Peer[] {
    const near = (seen: Iterable<Peer>) =>
      [...seen].sort((a, b) => (this.#distance(peer, a) < this.#distance(peer, b) ? -1 : 1)).slice(0, 8)
    const asked = new Set<Peer>([peer])
    let seen = near(this.#links.get(peer) ?? [])
    for (;;) {
      const next = seen.find((each) => !asked.has(each))
      if (next === undefined) return seen
      asked.add(next)
      const told = [...(this.#links.get(next) ?? [])].filter((each) => each !== peer)
      seen = near(new Set([...seen, ...told]))
    }
  }

  #link(peer: Peer, other: Peer): void {
    if (!this.#drives.has(peer)) return
    if (!this.#drives.has(other)) return this.#give(peer, { type: 'dial-failed', peer: other })
    this.#links.get(peer)?.add(other)
    this.#links.get(other)?.add(peer)
    this.#give(peer, { type: 'linked', peer: other })
    this.#give(other, { type: 'linked', peer })
  }

  #unlink(peer: Peer, other: Peer): void {
    this.#links.get(peer)?.delete(other)
    this.#links.get(other)?.delete(peer)
    this.#give(peer, { type: 'unlinked', peer: other })
    this.#give(other, { type: 'unlinked', peer })
  }

  #give(peer: Peer, input: Input<Peer>): void {
    this.#drives.get(peer)?.give(input)
  }
}
