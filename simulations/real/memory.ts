/**
 * Real peers in one process, in the ether. What a bootstrap does for them is done here: it introduces each to a few others,
 * and again while it wants more, ever more rarely.
 */
import type { ColoniaNode } from '#node/index'
import type { Parts } from '#node/parts'
import { MAX_PEERS } from '#protocols/introduction/index'
import { Latency, mix, type Place } from '../churn/latency.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type Between, Ether } from './ether.ts'
import { Resident } from './resident.ts'
import type { Word } from './word.ts'
import type { Guest, World } from './world.ts'

/**
 * A process has one core. A hundred that stay for hours took two fifths of one, coming one a second; of two hundred most
 * look-ups ran out of time; with sessions of a minute twenty took two thirds of a slower one (measured). `stage.ts` says
 * when its timers were late.
 */
export const MAX_NODES = 200
/** From one introduction to the next, in milliseconds: as `protocols/entrance/` has it, and at most. */
const AGAIN = { first: 2_000, cap: 60_000 }

interface Living {
  resident: Resident
  again: NodeJS.Timeout | undefined
}

export class MemoryWorld implements World {
  readonly #scenario: Scenario
  readonly #random: Random
  readonly #latency: Latency
  readonly #places = new Map<string, Place>()
  readonly #ether = new Ether((a, b) => this.#between(a, b))
  readonly #living = new Map<string, Living>()
  /** Those that were silenced, and are taken apart. */
  readonly #going = new Set<Promise<void>>()
  /** What stands for a bootstrap introduces, and carries handshakes. */
  #open = true
  /** One side of a partition. */
  #cut: ReadonlySet<string> = new Set()

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario
    this.#random = new Random(seed)
    this.#latency = new Latency(scenario, this.#random.bits())
  }

  async arrive(seed: number, onWord: (word: Word) => void): Promise<Guest> {
    const { contingents, links, stateBytes, writes } = this.#scenario
    const resident = await Resident.arrive({
      options: { bootstraps: [], links, contingents },
      medium: this.#ether.medium,
      habits: { stateBytes, writes },
      sent: (id) => this.#ether.countsOf(id),
      ...{ seed, onWord },
    })
    const { id } = resident.node
    this.#living.set(id, { resident, again: undefined })
    await this.#introduce(id, AGAIN.first)
    return {
      id,
      find: (target) => resident.find(target),
      leave: async () => {
        this.#forget(id)
        await resident.leave()
        this.#ether.leave(id)
      },
      vanish: () => {
        this.#forget(id)
        this.#ether.silence(id)
        // Nobody hears it stop.
        const going = resident.fall().finally(() => this.#going.delete(going))
        this.#going.add(going)
      },
    }
  }

  distance(a: string, b: string): number | undefined {
    if (this.#scenario.latency.kind !== 'coordinates') return undefined
    const [from, to] = [this.#place(a), this.#place(b)]
    return (from.x - to.x) ** 2 + (from.y - to.y) ** 2
  }

  async entrance(open: boolean): Promise<void> {
    this.#open = open
    this.#ether.carries = open
  }

  part(cut: ReadonlySet<string>): void {
    this.#cut = cut
  }

  async end(): Promise<void> {
    const all = [...this.#living.keys()]
    const residents = all.map((id) => this.#living.get(id)?.resident)
    for (const id of all) this.#forget(id)
    // All at once: there is nobody left to whom a goodbye would be news.
    for (const id of all) this.#ether.silence(id)
    await Promise.all([...residents.map((resident) => resident?.fall()), ...this.#going])
  }

  #forget(id: string): void {
    clearTimeout(this.#living.get(id)?.again)
    this.#living.delete(id)
  }

  async #introduce(id: string, wait: number): Promise<void> {
    const living = this.#living.get(id)
    if (living === undefined) return
    const { linking } = partsOf(living.resident.node)
    const alone = linking.views.length === 0
    if (this.#open && (linking.wanting || alone)) {
      const others = this.#some(id)
      await this.#ether.introduce(id, others)
      linking.introduced(others)
    }
    const next = alone ? AGAIN.first : wait
    living.again = setTimeout(() => void this.#introduce(id, Math.min(2 * next, AGAIN.cap)), next)
  }

  #some(self: string): string[] {
    const others = [...this.#living.keys()].filter((id) => id !== self)
    for (let at = 0; at < Math.min(MAX_PEERS, others.length); at++) {
      const other = at + this.#random.below(others.length - at)
      ;[others[at], others[other]] = [others[other] as string, others[at] as string]
    }
    return others.slice(0, MAX_PEERS)
  }

  #between(a: string, b: string): Between {
    const [from, to] = [this.#place(a), this.#place(b)]
    return {
      delay: () => this.#latency.delay(from, to, this.#random),
      linkable: !this.#latency.isBroken(from, to),
      open: () => this.#cut.has(a) === this.#cut.has(b),
    }
  }

  #place(peer: string): Place {
    const known = this.#places.get(peer)
    if (known !== undefined) return known
    const place = this.#latency.place(mix(this.#random.bits()), this.#random)
    this.#places.set(peer, place)
    return place
  }
}

/** What of a peer is not of the public type. */
function partsOf(node: ColoniaNode): Parts {
  return (node as unknown as { parts: Parts }).parts
}
