/**
 * The stage: plays sessions on the wall clock in a world of real peers, and keeps account. Peers come and go when their
 * sessions say so, look each other up, and are hit by the faults that the real world knows.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { keyOf } from '#node/keyspace'
import { type Millis, unreachable } from '#protocols/machine'
import { distribution } from '../chance/distributions.ts'
import { Random } from '../random.ts'
import type { Happening } from '../report/run.ts'
import type { Fault, Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'
import { Account } from './account.ts'
import { Reach } from './reach.ts'
import type { Word } from './word.ts'
import type { Guest, World } from './world.ts'

/** Moments of a run. */
const MOMENTS = 60
/** From one line to the next, in milliseconds. */
const SAY = 5_000
/** Timers that are so late make peers take each other for dead: half the least margin of a heartbeat, in milliseconds. */
const LATE = 125

export interface StageInit {
  scenario: Scenario
  seed: number
  world: World
  sessions: readonly Session[]
  /** What is counted begins so long after the first arrival. */
  onset: Millis
  say: (line: string) => void
  signal: AbortSignal
}

export class Stage {
  readonly account: Account
  happenings: Happening[] = []
  readonly #init: StageInit
  readonly #random: Random
  readonly #guests = new Map<string, Guest>()
  readonly #reach = new Reach()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #acts = new Set<Promise<void>>()
  #began = performance.now()
  #trouble: unknown
  #closed = false
  #deadUntil: Millis | undefined
  /** By the moment before. */
  #spent = { bytes: 0, links: 0 }
  #fail: () => void = () => {}

  constructor(init: StageInit) {
    this.#init = init
    this.#random = new Random(init.seed ^ 0x5eed)
    this.account = new Account(init.scenario, () => performance.now(), this.#reach)
  }

  /** Until the scenario is over, or the signal fires. @returns milliseconds that were measured @throws what a world could not do */
  async play(): Promise<{ millis: Millis; complete: boolean }> {
    const { scenario, sessions, onset, world, signal, say } = this.#init
    const span = scenario.hours * 3_600_000
    this.#began = performance.now()
    for (const session of sessions) this.#after(session.at, () => this.#host(session))
    for (const fault of scenario.faults) this.#after(onset + fault.at, () => this.#befall(fault))
    this.happenings = scenario.faults.map((fault) => {
      return { at: fault.at, span: 'span' in fault ? fault.span : 0, what: fault.type }
    })
    this.#after(onset, async () => this.account.measure())
    for (let n = 1; n <= MOMENTS; n++) this.#after(onset + (span * n) / MOMENTS, () => this.#moment(onset))
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    const saying = setInterval(() => say(this.#line(onset)), SAY)
    const { promise: over, resolve } = Promise.withResolvers<void>()
    this.#after(onset + span, async () => resolve())
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
    this.#fail = resolve
    await over
    clearInterval(saying)
    delay.disable()
    const late = Math.round(delay.percentile(99) / 1e6)
    if (late > LATE) say(`this machine was too busy: one timer in a hundred was late by ${late} ms or more`)
    for (const timer of this.#timers) clearTimeout(timer)
    const millis = Math.max(0, performance.now() - this.#began - onset)
    const complete = !signal.aborted && this.#trouble === undefined
    const end = { millis: Math.min(millis, span), complete }
    this.account.pass()
    this.#closed = true
    await world.end()
    await Promise.allSettled(this.#acts)
    if (this.#trouble !== undefined) throw this.#trouble
    return end
  }

  async #host({ span, end }: Session): Promise<void> {
    const { world } = this.#init
    const due = performance.now() + span
    // What it says before anyone knows who it is.
    const early: Word[] = []
    let id: string | undefined
    const guest = await world.arrive(this.#random.bits(), (word) => {
      if (id === undefined) early.push(word)
      else if (!this.#closed) this.account.heard(id, word)
    })
    if (this.#closed) return
    id = guest.id
    this.#guests.set(id, guest)
    this.account.came(id)
    for (const word of early) this.account.heard(id, word)
    // A peer writes its own state from its first moment on, when there is none yet.
    this.account.heard(id, { type: 'plays', owner: id, part: 'writing' })
    this.#lookLater(guest)
    this.#after(due - this.#began, () => this.#part(guest, end === 'goodbye'))
  }

  async #part(guest: Guest, wishes: boolean): Promise<void> {
    if (!this.#guests.delete(guest.id)) return
    // Who stands still says no goodbye.
    const graceful = wishes && !this.#reach.frozen.has(guest.id)
    this.account.went(guest.id, graceful)
    this.#reach.frozen.delete(guest.id)
    if (graceful) await guest.leave()
    else guest.vanish()
  }

  #lookLater(guest: Guest): void {
    const { lookups } = this.#init.scenario
    if (lookups === 0) return
    const wait = distribution({ kind: 'exponential', mean: 3_600 / lookups }).draw(this.#random) * 1_000
    this.#after(performance.now() - this.#began + wait, async () => {
      if (!this.#guests.has(guest.id)) return
      this.#lookLater(guest)
      const { frozen } = this.#reach
      const others = this.#reach
        .awake(this.#guests.keys())
        .filter((id) => id !== guest.id && this.#reach.joins(id, guest.id))
      if (others.length === 0 || frozen.has(guest.id)) return
      const target = this.#random.pick(others)
      const answer = await guest.find(target)
      // Whoever went meanwhile, or stood still, was not there to be found, or to hear the answer.
      const there = (id: string) => this.#guests.has(id) && !frozen.has(id)
      const both = there(target) && there(guest.id) && this.#reach.joins(target, guest.id)
      if (both && !this.#closed) this.account.looked(answer)
    })
  }

  async #befall(fault: Fault): Promise<void> {
    const { scenario } = this.#init
    const all = [...this.#guests.values()]
    const some = (share: number) => {
      const hit = all.map((guest) => ({ guest, at: this.#random.unit() })).sort((a, b) => a.at - b.at)
      return hit.slice(0, Math.round(share * all.length)).map(({ guest }) => guest)
    }
    const now = performance.now() - this.#began
    switch (fault.type) {
      case 'kill':
        return void (await Promise.all(some(fault.share).map((guest) => this.#part(guest, false))))
      case 'region':
        return void (await Promise.all(this.#near(fault.share).map((guest) => this.#part(guest, false))))
      case 'exodus':
        for (const guest of some(fault.share)) {
          const graceful = !this.#random.chance(scenario.ungraceful)
          this.#after(now + this.#random.unit() * fault.span, () => this.#part(guest, graceful))
        }
        return
      case 'flash-crowd': {
        const stay = distribution(scenario.session)
        for (let n = 0; n < Math.round(all.length * (fault.factor - 1)); n++) {
          const end = this.#random.chance(scenario.ungraceful) ? 'lost' : 'goodbye'
          const session = { at: 0, span: stay.draw(this.#random) * 1_000, end } as const
          this.#after(now + this.#random.unit() * fault.span, () => this.#host(session))
        }
        return
      }
      case 'partition': {
        this.#cut(new Set(some(fault.share).map(({ id }) => id)))
        return this.#after(now + fault.span, async () => this.#cut(new Set()))
      }
      case 'freeze': {
        const still = some(fault.share)
        for (const guest of still) {
          this.#reach.frozen.set(guest.id, performance.now())
          guest.freeze?.()
        }
        this.account.reconsider()
        return this.#after(now + fault.span, async () => {
          for (const guest of still) if (this.#reach.frozen.delete(guest.id)) guest.thaw?.()
          this.account.reconsider()
        })
      }
      case 'bootstrap-down':
        return await this.#shut(now + fault.span)
      case 'day-night':
        // Sessions have it in them (`sessions.ts`).
        return
      default:
        return unreachable(fault)
    }
  }

  /** Those that are nearest to one of them; without places, in the keyspace. */
  #near(share: number): Guest[] {
    const all = [...this.#guests.values()]
    if (all.length === 0) return []
    const centre = this.#random.pick(all).id
    const { world } = this.#init
    const far = ({ id }: Guest) => world.distance?.(id, centre) ?? Number(keyOf(id) ^ keyOf(centre))
    return all.toSorted((a, b) => far(a) - far(b)).slice(0, Math.round(share * all.length))
  }

  /** The bootstrap is dead until then; of several such spans the one that began last counts. */
  async #shut(until: Millis): Promise<void> {
    const { world } = this.#init
    this.#deadUntil = until
    this.#after(until, async () => {
      if (this.#deadUntil !== until) return
      this.#deadUntil = undefined
      await world.entrance(true)
    })
    await world.entrance(false)
  }

  #cut(cut: ReadonlySet<string>): void {
    this.#reach.cut = cut
    this.#init.world.part?.(cut)
    this.account.reconsider()
  }

  async #moment(onset: Millis): Promise<void> {
    const { account } = this
    account.pass()
    const { spent } = account
    const { counts, moments } = account.tally
    const before = moments.at(-1)
    const lost = counts.lossesAvoidable + counts.lossesUnavoidable + counts.lossesNewborn
    const failures = counts.lookups - counts.lookupsGood
    const at = performance.now() - this.#began - onset
    const seconds = (at - (before?.at ?? 0)) / 1_000
    const sum = (of: (moment: (typeof moments)[number]) => number) =>
      moments.reduce((total, moment) => total + of(moment), 0)
    moments.push({
      at,
      population: account.population,
      states: account.states,
      underReplicated: account.underReplicated,
      lost: lost - sum((moment) => moment.lost),
      lookups: counts.lookups - sum((moment) => moment.lookups),
      lookupFailures: failures - sum((moment) => moment.lookupFailures),
      bytesPerNode: (spent.bytes - this.#spent.bytes) / seconds / Math.max(1, account.population),
      links: spent.links - this.#spent.links,
    })
    this.#spent = spent
    const moment = moments.at(-1)
    const bootstrap = await this.#init.world.bootstrap?.()
    if (bootstrap !== undefined && moment !== undefined) moment.connections = bootstrap.connections
  }

  #line(onset: Millis): string {
    const { account } = this
    const left = Math.ceil((onset + this.#init.scenario.hours * 3_600_000 - this.#now) / 1_000)
    const { counts } = account.tally
    const losses = counts.lossesAvoidable + counts.lossesUnavoidable + counts.lossesNewborn
    const phase = this.#now < onset ? 'getting under way' : `${left} s left`
    return `${phase}: ${account.population} peers, ${account.states} states, ${account.underReplicated} with too few copies, ${losses} lost, ${counts.lookupsGood} of ${counts.lookups} found`
  }

  get #now(): Millis {
    return performance.now() - this.#began
  }

  /** @param at since the begin */
  #after(at: Millis, act: () => Promise<void>): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        if (this.#closed) return
        const acting = act()
          .catch((error) => {
            this.#trouble ??= error
            this.#fail()
          })
          .finally(() => this.#acts.delete(acting))
        this.#acts.add(acting)
      },
      Math.max(0, at - this.#now),
    )
    this.#timers.add(timer)
  }
}
