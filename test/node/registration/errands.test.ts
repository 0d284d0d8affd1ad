/** Errands take their turn, and rest after what took long. On virtual time. */
import { expect, it } from 'vitest'
import { Errands } from '#node/registration/errands'
import { World } from '../../../simulations/world.ts'

/** The end of patience with one errand, in milliseconds, as where nobody answers. */
const SLOW = 10_000

it('does two at a time, in order, and one after the other without a pause while they are quick', async () => {
  const { world, errands, begun, during } = start()
  for (let n = 0; n < 6; n++) errands.add(during(100))
  await run(world, 1_000)
  expect(begun).toEqual([0, 0, 100, 100, 200, 200])
})

it('rests after what took long for as long as that', async () => {
  const { world, errands, begun, during } = start()
  for (let n = 0; n < 6; n++) errands.add(during(SLOW))
  await run(world, 60_000)
  expect(begun).toEqual([0, 0, 2 * SLOW, 2 * SLOW, 4 * SLOW, 4 * SLOW])
})

it('goes on after one that fails', async () => {
  const { world, errands, begun, during } = start()
  errands.add(() => Promise.reject(new Error('nobody is there')))
  errands.add(() => Promise.reject(new Error('nobody is there')))
  errands.add(during(1))
  await run(world, 10)
  expect(begun).toEqual([0])
})

it('begins nothing once it is stopped, and leaves no timer that would hold a process', async () => {
  const { world, errands, begun, during, stop } = start()
  for (let n = 0; n < 4; n++) errands.add(during(SLOW))
  await run(world, SLOW + 1)
  stop()
  await run(world, 10 * SLOW)
  expect(begun).toEqual([0, 0])
})

function start() {
  const world = new World(1)
  const end = new AbortController()
  const begun: number[] = []
  /** One that takes so long. */
  const during = (millis: number) => async () => {
    begun.push(world.now())
    await new Promise<void>((resolve) => void world.after(millis, resolve))
  }
  return { world, errands: new Errands(world, end.signal), begun, during, stop: () => end.abort() }
}

/** In small steps, between which what hangs on promises happens. */
async function run(world: World, millis: number): Promise<void> {
  const end = world.now() + millis
  while (world.now() < end) {
    await new Promise((resolve) => setImmediate(resolve))
    world.run(Math.min(50, end - world.now()))
  }
  await new Promise((resolve) => setImmediate(resolve))
}
