/**
 * Reigns: who begins to write whose state, and when, watched from outside. One writer an epoch; nobody goes back to
 * an epoch before one that it knew; nobody takes over who has just woken, or has just been told that the writer lives.
 */
import type { Epoch, Input, Output } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Device } from './device.ts'
import { isAfter } from './oracle.ts'

/** Nobody can know that another is silent who has been awake for so short a time only, in milliseconds. */
const SLEEPY = 250

export class Reigns {
  /** By (owner, epoch): the session that wrote in it. */
  readonly #writers = new Map<string, string>()
  /** By (session, owner): the last epoch it was in. */
  readonly #epochs = new Map<string, Epoch>()
  /** By (session, owner): when it was last told that somebody hears the writer. */
  readonly #assured = new Map<string, Millis>()
  readonly #fail: (what: string) => void

  constructor(fail: (what: string) => void) {
    this.#fail = fail
  }

  handled(device: Device, input: Input, now: Millis): void {
    if (input.type === 'closed') {
      for (const owner of device.machine.holding) this.#assured.delete(`${device.session} ${owner}`)
    }
    if (input.type !== 'message') return
    const { from, message } = input
    const name = `${device.session} ${message.owner}`
    if (message.type === 'leave') this.#assured.delete(name)
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
    if (part !== 'writing') return
    const reign = `${owner} ${epoch.n} ${epoch.session}`
    const fresh = !this.#writers.has(reign)
    const writer = this.#writers.get(reign) ?? session
    this.#writers.set(reign, writer)
    if (writer !== session) this.#fail(`two writers in epoch ${epoch.n} of ${owner}`)
    if (epoch.writer !== id) this.#fail(`${id} writes in the epoch of ${epoch.writer}`)
    if (!fresh || owner === id) return
    if (now - device.wokeAt < SLEEPY) this.#fail(`took over at waking up: ${id} for ${owner}`)
    const assured = this.#assured.get(name) ?? Number.NEGATIVE_INFINITY
    if (now - assured < SLEEPY) this.#fail(`took over though the writer was heard: ${id} for ${owner}`)
  }

  dropped(device: Device, owner: string): void {
    this.#epochs.delete(`${device.session} ${owner}`)
  }
}
