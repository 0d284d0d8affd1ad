/**
 * Reigns: who begins to write whose state, and when, watched from outside. One writer an epoch; nobody goes back to
 * an epoch before one that it knew, or believes one that is nobody's; nobody takes over who has just woken, or has
 * just been told that the writer lives; no owner begins without what somebody is giving it.
 */
import type { Epoch, Input, Output } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Device } from './device.ts'
import { isAfter, type Oracle, type Write } from './oracle.ts'

/** Nobody can know that another is silent who has been awake for so short a time only, in milliseconds. */
const SLEEPY = 250
/** Who gave something to an owner that is back is waited for so long at least, in milliseconds. */
const PATIENT = 2_000

export class Reigns {
  /** By (owner, epoch): the session that wrote in it. */
  readonly #writers = new Map<string, string>()
  /** By (session, owner): the last epoch it was in. */
  readonly #epochs = new Map<string, Epoch>()
  /** By (session, owner): when it was last told that somebody hears the writer. */
  readonly #assured = new Map<string, Millis>()
  /** By (session of an owner, peer): when it last gave something, and what it had when it began to give. */
  readonly #given = new Map<string, { at: Millis; had: readonly Write[] }>()
  /** Sessions that have said goodbye, and hear nothing. */
  readonly #deaf = new Set<string>()
  readonly #oracle: Oracle
  readonly #fail: (what: string) => void

  constructor(oracle: Oracle, fail: (what: string) => void) {
    this.#oracle = oracle
    this.#fail = fail
  }

  handled(device: Device, input: Input, now: Millis): void {
    if (input.type === 'closed') {
      for (const owner of device.machine.holding) this.#assured.delete(`${device.session} ${owner}`)
      this.#given.delete(`${device.session} ${input.peer}`)
    }
    if (input.type === 'leave') this.#deaf.add(device.session)
    if (input.type === 'resume') this.#deaf.delete(device.session)
    if (input.type !== 'message' || this.#deaf.has(device.session)) return
    const { from, message } = input
    const name = `${device.session} ${message.owner}`
    if (message.type === 'leave') this.#assured.delete(name)
    const giving = message.type === 'held' || message.type === 'delta'
    const gathers = message.owner === device.id && device.machine.duty(device.id)?.part === 'returning'
    if (giving && gathers) {
      const before = this.#given.get(`${device.session} ${from}`)
      const had = before?.had ?? this.#oracle.missing(device, from, now)
      // Who only says again that it has something may be out of reach.
      const at = message.type === 'delta' ? now : (before?.at ?? now)
      this.#given.set(`${device.session} ${from}`, { at, had })
    }
    if (message.type !== 'probed') return
    const duty = device.machine.duty(message.owner)
    const { beat, margin } = device.config
    const current = duty?.epoch.n === message.epoch.n && duty.epoch.session === message.epoch.session
    if (current && duty.roster.includes(from) && message.silence < beat + margin) this.#assured.set(name, now)
  }

  changed(device: Device, { owner, part, epoch }: Extract<Output, { type: 'changed' }>, now: Millis): void {
    const { id, session } = device
    const name = `${session} ${owner}`
    const before = this.#epochs.get(name)
    this.#epochs.set(name, epoch)
    if (before !== undefined && isAfter(before, epoch)) {
      this.#fail(`${id} goes back to epoch ${epoch.n} of ${owner}, from ${before.n}`)
    }
    if (epoch.writer === 'X') this.#fail(`${id} believes a forger to write for ${owner}`)
    if (part !== 'writing') return
    const reign = `${owner} ${epoch.n} ${epoch.session}`
    const fresh = !this.#writers.has(reign)
    const writer = this.#writers.get(reign) ?? session
    this.#writers.set(reign, writer)
    if (writer !== session) this.#fail(`two writers in epoch ${epoch.n} of ${owner}`)
    if (epoch.writer !== id) this.#fail(`${id} writes in the epoch of ${epoch.writer}`)
    if (fresh && owner === id) this.#began(device, now)
    if (!fresh || owner === id) return
    if (now - device.wokeAt < SLEEPY) this.#fail(`took over at waking up: ${id} for ${owner}`)
    const assured = this.#assured.get(name) ?? Number.NEGATIVE_INFINITY
    // Since its clock jumped it has waited long enough by that.
    const jumped = assured < device.shakenAt
    if (now - assured < SLEEPY && !jumped)
      this.#fail(`took over though the writer was heard: ${id} for ${owner}`)
  }

  #began(device: Device, now: Millis): void {
    for (const [name, { at, had }] of this.#given) {
      const [session, from = ''] = name.split(' ')
      if (session !== device.session) continue
      this.#given.delete(name)
      if (now - at >= PATIENT || at < device.shakenAt) continue
      for (const write of this.#oracle.missing(device, from, at)) {
        if (!had.includes(write)) continue
        this.#fail(`${device.id} begins to write without ${write.key}, which ${from} was giving`)
      }
    }
  }

  dropped(device: Device, owner: string): void {
    this.#epochs.delete(`${device.session} ${owner}`)
  }
}
