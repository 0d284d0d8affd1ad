/** A town for stories: peers by name that know each other, faults only where a story has them, and all that is watched. */
import { expect } from 'vitest'
import { type Config, defaultConfig, type Message } from '#protocols/contingency/index'
import { checkSettled } from '../../../simulations/contingency/checkers.ts'
import type { Device } from '../../../simulations/contingency/device.ts'
import { Town } from '../../../simulations/contingency/town.ts'

export const second = 1_000
/** Longer than any wait of the machine, and than the links need to be noticed. */
export const minute = 60 * second

export class Village {
  readonly town: Town
  /** What oracle and checkers found. */
  readonly found: string[] = []
  readonly sent: { from: string; to: string; message: Message }[] = []

  constructor(names: string, config: Partial<Config> = {}) {
    this.town = new Town(1, { ...defaultConfig, ...config }, (what) => this.found.push(what))
    this.town.watch = (from, to, message) => this.sent.push({ from: from.id, to, message })
    for (const name of names) this.town.boot(name)
    this.run(10 * second)
  }

  run(span: number): void {
    this.town.world.run(span)
  }

  /** The newest device of that peer. @throws Error when it has none that runs */
  at(name: string): Device {
    const device = this.town.of(name).at(-1)
    if (device === undefined) throw new Error(`${name} is not there`)
    return device
  }

  part(name: string, owner: string): string | undefined {
    return this.town.of(name).at(-1)?.machine.duty(owner)?.part
  }

  holders(owner: string, writer = owner): string[] {
    return this.at(writer)
      .machine.holders(owner)
      .map(({ id }) => id)
  }

  /** What a record says at someone's; `undefined` when it is not there. */
  read(name: string, owner: string, key: string): string | undefined {
    const body = this.at(name).machine.duty(owner)?.store.get(key)?.body
    // Behind the value is the signature.
    return body === undefined ? undefined : new TextDecoder().decode(body.subarray(0, -4))
  }

  crash(...names: string[]): void {
    for (const device of names.map((name) => this.at(name))) this.town.crash(device)
  }

  /** Says goodbye, and is gone a moment later. */
  leave(...names: string[]): void {
    const devices = names.map((name) => this.at(name))
    for (const device of devices) device.give({ type: 'leave' })
    for (const device of devices) this.town.crash(device)
  }

  /** Closes the ways between the two groups, or only those from the first to the second. */
  divide(some: string, others: string, both = true): () => void {
    const ways = [...some].flatMap((a) =>
      [...others].flatMap((b) => [`${a} ${b}`, ...(both ? [`${b} ${a}`] : [])]),
    )
    for (const way of ways) this.town.closed.add(way)
    return () => {
      for (const way of ways) this.town.closed.delete(way)
    }
  }

  /** Every law holds: nothing was found on the way, nor now that all is quiet. */
  settle(): void {
    this.run(6 * minute)
    checkSettled(this.town, (what) => this.found.push(what))
    expect(this.found).toEqual([])
  }
}
