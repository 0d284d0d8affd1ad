import { expect, test } from 'vitest'
import { byGeneration } from '#node/call/priority'

const host = (generation: number) =>
  `candidate:3938598862 1 udp 2122260223 10.11.0.2 60047 typ host generation ${generation} ufrag 1O8r`
const relay = (generation: number) =>
  `candidate:4164337530 1 udp 58663167 203.0.113.1 50058 typ relay raddr 0.0.0.0 rport 0 generation ${generation}`
const priority = (candidate: string) => Number(candidate.split(' ')[3])

test('candidates of the first generation, and of browsers that name none, are left as they are', () => {
  for (const candidate of [host(0), 'candidate:1 1 UDP 99 10.0.0.1 9 typ host', '', 'generation 3']) {
    expect(byGeneration(candidate)).toBe(candidate)
  }
})

test('any of a later generation goes before all of an earlier one, up to the fifteenth', () => {
  for (let n = 0; n < 15; n++) {
    expect(priority(byGeneration(relay(n + 1)))).toBeGreaterThan(priority(byGeneration(host(n))))
  }
})

test('in one generation their order stays, and nothing else is touched', () => {
  for (const n of [1, 15, 9999]) {
    const [best, last] = [byGeneration(host(n)), byGeneration(relay(n))]
    expect(priority(best)).toBeGreaterThan(priority(last))
    expect(priority(best)).toBeLessThan(2 ** 31)
    expect(best.split(' ').toSpliced(3, 1)).toEqual(host(n).split(' ').toSpliced(3, 1))
  }
})
