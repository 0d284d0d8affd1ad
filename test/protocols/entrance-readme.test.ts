/** What `protocols/README.md` says of entrances is what the machine does. */
import { expect, test } from 'vitest'
import { defaultTiming, type Input, Machine } from '#protocols/entrance/index'
import { Random } from '../../simulations/random.ts'
import { section } from '../support/protocols-readme.ts'

const { edges, times } = section('How an entrance is left')

test('the table of times is the one in the code', () => {
  expect(Object.fromEntries(times)).toEqual(defaultTiming)
})

test('the diagram has every change of state that chance finds, and no other', () => {
  const found = new Set(['[*] connecting'])
  for (let seed = 0; seed < 400; seed++) {
    const random = new Random(seed)
    const machine = new Machine({ ...defaultTiming, random: () => random.unit() })
    let [now, state] = [0, '[*]']
    const give = (input: Input) => {
      const outputs = machine.handle(input, now)
      for (const output of outputs) {
        if (output.type === 'knock') waiting = knocked(random.unit())
        if (output.type === 'leave') waiting = { type: 'go' }
        if (output.type === 'part') waiting = { type: 'parted' }
        if (output.type !== 'changed') continue
        if (output.state !== state) found.add(`${state} ${output.state}`)
        state = output.state
      }
    }
    let waiting: Input | undefined
    give({ type: 'start' })
    for (let n = 0; n < 200; n++) {
      now = Math.max(now + 1, random.pick([0, machine.nextDeadline() ?? 0]))
      if (waiting !== undefined && random.unit() < 0.5) {
        const answer = waiting
        waiting = undefined
        give(answer)
        continue
      }
      const chance: Input[] = [
        { type: 'footing', footing: { stands: true, falls: false } },
        { type: 'footing', footing: { stands: false, falls: true } },
        ...(['tick', 'tick', 'tick', 'inherited'] as const).map((type) => ({ type })),
        ...(state === 'connected' ? [{ type: 'lost', reason: '' } as const] : []),
      ]
      give(random.pick(chance))
    }
  }
  expect([...found].sort()).toEqual([...edges].sort())
})

function knocked(chance: number): Input {
  if (chance < 0.02) return { type: 'refused', reason: '' }
  return chance < 0.6 ? { type: 'opened' } : { type: 'lost', reason: '' }
}
