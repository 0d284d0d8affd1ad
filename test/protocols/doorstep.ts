/** What the tests of hanging up share: machines that have come so far, and what is said to them. */
import {
  type Config,
  defaultTiming,
  type Footing,
  type Input,
  Machine,
  type Output,
} from '#protocols/entrance/index'
import { Random } from '../../simulations/random.ts'

export const stands: Footing = { stands: true, falls: false }
export const between: Footing = { stands: false, falls: false }
export const falls: Footing = { stands: false, falls: true }
export const lost: Input = { type: 'lost', reason: 'closed' }
export const tick: Input = { type: 'tick' }
export const on = (footing: Footing): Input => ({ type: 'footing', footing })

export function make(seed = 1, config: Partial<Config> = {}): Machine {
  const random = new Random(seed)
  return new Machine({ ...defaultTiming, random: () => random.unit(), ...config })
}

export function connected(seed = 1): Machine {
  const machine = make(seed)
  machine.handle({ type: 'start' }, 0)
  machine.handle({ type: 'opened' }, 10)
  return machine
}

/** One that has hung up, and when. */
export function left(seed = 1): [Machine, number] {
  const machine = connected(seed)
  machine.handle(on(stands), 20)
  const at = tickUntil(machine, 'leave')
  machine.handle({ type: 'go' }, at)
  machine.handle({ type: 'parted' }, at)
  return [machine, at]
}

/** Ticks at every deadline until one brings `wanted`. @returns when that was */
export function tickUntil(machine: Machine, wanted: string): number {
  for (let n = 0; n < 100; n++) {
    const at = machine.nextDeadline()
    if (at === undefined) break
    if (types(machine.handle(tick, at)).includes(wanted)) return at
  }
  throw new Error(`no ${wanted} comes`)
}

/** What all ticks until `end` bring. */
export function ticked(machine: Machine, end: number): string[] {
  const all: string[] = []
  for (let at = machine.nextDeadline(); at !== undefined && at <= end; at = machine.nextDeadline()) {
    all.push(...types(machine.handle(tick, at)))
  }
  return all
}

export function types(outputs: readonly Output[]): string[] {
  return outputs.map((output) => (output.type === 'changed' ? output.state : output.type))
}
