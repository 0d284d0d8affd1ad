/**
 * A few hundred seeds of `npm run fuzz`, and those that once found something: each of these was a mistake in the
 * design or the code, and is kept so that it does not come back. The seeds are those of the worlds as they are
 * drawn now: when a draw changes they are other worlds, of which none may fail either.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Fault, faults } from '../../simulations/contingency/faults.ts'
import { mutants } from '../../simulations/contingency/mutants.ts'
import { run } from '../../simulations/contingency/run.ts'

/** Seeds that found something once. */
const FOUND = [
  5, 13, 22, 33, 37, 44, 50, 53, 56, 1061, 1065, 1091, 1116, 1127, 1192, 2015, 2058, 2059, 2185, 2228, 2280,
  2650, 10118, 10122, 10168, 10199, 10247, 10374, 10495, 10580, 10712, 10822, 11041, 11291, 11324, 11478,
  20414, 20646, 21213, 31582, 253, 285, 293, 655, 806, 1088, 1153, 1326, 305087, 400888, 604435, 605324,
  609924, 2881, 4405,
]

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at)

function wrong(of: readonly number[], allowed: readonly Fault[] = faults): string[] {
  return of.flatMap((seed) => {
    const { found } = run(seed, { allowed })
    return found.map((what) => `seed ${seed}: ${what}; npm run fuzz -- --seeds 1 --from ${seed} --trace`)
  })
}

test('worlds without faults', { timeout: 60_000 }, () => {
  expect(wrong(seeds(1, 40), [])).toEqual([])
})

test.each(faults)('worlds with no other fault than %s', { timeout: 60_000 }, (fault) => {
  expect(wrong(seeds(1, 12), [fault])).toEqual([])
})

test('worlds with any faults', { timeout: 120_000 }, () => {
  expect(wrong(seeds(1, 200))).toEqual([])
})

test('worlds in which something was found once', { timeout: 60_000 }, () => {
  expect(wrong(FOUND)).toEqual([])
})

test('the same seed is the same world', () => {
  const told = () => {
    const lines: string[] = []
    run(7, { trace: (line) => lines.push(line) })
    return lines
  }
  const once = told()
  expect(once.length).toBeGreaterThan(100)
  expect(told()).toEqual(once)
})

describe('mutants', () => {
  test('are at least twenty, each of another name', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
    expect(mutants.length).toBeGreaterThanOrEqual(20)
  })

  test.each(mutants)('"$name" changes one place that there is', ({ file, from, to }) => {
    const source = readFileSync(join(import.meta.dirname, '../../protocols', file), 'utf8')
    expect(source.split(from)).toHaveLength(2)
    expect(to).not.toBe(from)
  })
})
