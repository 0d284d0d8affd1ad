/** Both call each other at once, in every order in which that can happen: one call comes of it. */
import { describe, expect, test } from 'vitest'
import { type Input, Machine, type Message, type Output, type Snapshot } from '#protocols/call/index'
import { both, callId } from './town.ts'

describe('two calls that cross', () => {
  test('become one, whatever arrives first', () => {
    const runs = explore((choose) => {
      const line = new Line(choose, { offers: true })
      line.run({ ann: [place('ann')], bob: [place('bob')] })
      const [ann, bob] = [line.alive('ann'), line.alive('bob')]
      expect(ann).toEqual(bob)
      expect(ann.map(([, phase]) => phase)).toEqual(['active'])
      expect(line.closed).toEqual([])
    })
    expect(runs).toBeGreaterThan(30)
  })

  test('are told apart from a call that was given up: in the end both agree whether there is one', () => {
    const seen = new Set<string>()
    const runs = explore((choose) => {
      // Offers would only make fifty thousand orders out of these.
      const line = new Line(choose, { offers: false })
      const giveUp = { type: 'hang-up', call: callId(1) } as const
      line.run({ ann: [place('ann'), giveUp], bob: [place('bob')] })
      const [ann, bob] = [line.alive('ann'), line.alive('bob')]
      expect(ann.map(([call]) => call)).toEqual(bob.map(([call]) => call))
      seen.add(`${ann.map(([, phase]) => phase)} ${bob.map(([, phase]) => phase)}`)
    })
    expect(runs).toBeGreaterThan(100)
    // Over for both; or hers was over before his came, and his rings; or his came first, and she answered it.
    expect([...seen].sort()).toEqual([' ', 'active active', 'incoming ringing'])
  })

  test('do not close the path that they share', () => {
    const bob = machine('bob')
    bob.handle({ type: 'path-up', to: 'ann' }, 0)
    bob.handle(place('bob'), 0)
    const message: Message = { type: 'invite', call: callId(1), seq: 1, ack: 0, media: both }
    const outputs = bob.handle({ type: 'message', from: 'ann', message }, 1).map(({ type }) => type)
    expect(outputs).not.toContain('close-path')
    expect(outputs.indexOf('media-stop')).toBeLessThan(outputs.indexOf('media-start'))
    expect(outputs.indexOf('merged')).toBeLessThan(outputs.indexOf('changed'))
  })
})

type Name = 'ann' | 'bob'

const other = { ann: 'bob', bob: 'ann' } as const

function place(who: Name): Input<string> {
  return { type: 'place', call: callId(who === 'ann' ? 1 : 2), to: other[who], media: both }
}

function machine(self: string): Machine<string> {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return new Machine({ self, compare, capacity: 1, name: () => self })
}

/** Two machines and a path between them; at each moment `choose` says who does or hears something next. */
class Line {
  readonly closed: string[] = []
  readonly #choose: (options: number) => number
  readonly #offers: boolean
  readonly #machines = { ann: machine('ann'), bob: machine('bob') }
  readonly #underway: Record<Name, Message[]> = { ann: [], bob: [] }
  readonly #calls: Record<Name, Map<string, Snapshot>> = { ann: new Map(), bob: new Map() }

  constructor(choose: (options: number) => number, { offers }: { offers: boolean }) {
    this.#choose = choose
    this.#offers = offers
    for (const who of ['ann', 'bob'] as const) this.#give(who, { type: 'path-up', to: other[who] })
  }

  /** Until all is done and all is heard. */
  run(todo: Record<Name, Input<string>[]>): void {
    for (;;) {
      const options = (['ann', 'bob'] as const).flatMap((who) => [
        ...(todo[who].length > 0 ? [() => this.#give(who, todo[who].shift())] : []),
        ...(this.#underway[who].length > 0 ? [() => this.#hear(who)] : []),
      ])
      if (options.length === 0) return
      options[this.#choose(options.length)]?.()
    }
  }

  alive(who: Name): [call: string, phase: string][] {
    return [...this.#calls[who]]
      .filter(([, { phase }]) => phase !== 'ended')
      .map(([call, { phase }]) => [call, phase])
  }

  #hear(who: Name): void {
    const message = this.#underway[who].shift()
    if (message !== undefined) this.#give(who, { type: 'message', from: other[who], message })
  }

  #give(who: Name, input: Input<string> | undefined): void {
    if (input === undefined) return
    const outputs = this.#machines[who].handle(input, 0)
    for (const output of outputs) this.#perform(who, output)
    for (const output of outputs) this.#engine(who, output)
  }

  /** An engine that is ready at once: what it negotiates is of no interest here, that it talks is. */
  #engine(who: Name, output: Output<string>): void {
    if (output.type === 'media-start') {
      const { call, begin } = output
      if (begin && this.#offers) this.#give(who, { type: 'negotiation-needed', call })
      this.#give(who, { type: 'connectivity', call, state: 'connected' })
    }
    if (output.type === 'step' && (output.step.type === 'offer' || output.step.type === 'answer')) {
      const description = { kind: output.step.type, round: output.step.round, sdp: '' }
      this.#give(who, { type: 'described', call: output.call, description })
    }
  }

  #perform(who: Name, output: Output<string>): void {
    if (output.type === 'send') this.#underway[other[who]].push(output.message)
    if (output.type === 'close-path') this.closed.push(who)
    if (output.type === 'merged') this.#calls[who].delete(output.from)
    if (output.type === 'changed' || output.type === 'incoming') {
      this.#calls[who].set(output.call, output.snapshot)
    }
  }
}

/** Runs `scenario` once for every sequence of choices that it can make; returns how many those are. */
function explore(scenario: (choose: (options: number) => number) => void): number {
  let runs = 0
  let plan: { taken: number; options: number }[] = []
  for (;;) {
    const made: typeof plan = []
    scenario((options) => {
      const taken = plan[made.length]?.taken ?? 0
      made.push({ taken, options })
      return taken
    })
    runs += 1
    while (made.length > 0 && (made.at(-1)?.taken ?? 0) + 1 >= (made.at(-1)?.options ?? 0)) made.pop()
    const last = made.at(-1)
    if (last === undefined) return runs
    last.taken += 1
    plan = made
  }
}
