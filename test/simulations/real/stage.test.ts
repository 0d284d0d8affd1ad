/** The stage, in a world in which nobody is. */
import { expect, it } from 'vitest'
import { Stage } from '../../../simulations/real/stage.ts'
import type { World } from '../../../simulations/real/world.ts'
import { quiet } from './scenario.ts'

it('opens the bootstrap once, when the last of several spans in which it is dead is over', async () => {
  const entrance: boolean[] = []
  const world: World = {
    arrive: () => Promise.reject(new Error('nobody comes')),
    entrance: async (open) => void entrance.push(open),
    end: async () => {},
  }
  const down = (at: number, span: number) => ({ type: 'bootstrap-down', at, span }) as const
  const stage = new Stage({
    scenario: { ...quiet, hours: 0.6 / 3_600, faults: [down(0, 200), down(100, 200), down(150, 150)] },
    ...{ seed: 1, world, sessions: [], onset: 0, say: () => {}, signal: new AbortController().signal },
  })
  expect(await stage.play()).toMatchObject({ complete: true })
  expect(entrance).toEqual([false, false, false, true])
})
