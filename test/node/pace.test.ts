/** After how much silence a handshake is worth doubling. */
import { describe, expect, it } from 'vitest'
import { Pace } from '#node/link/pace'

describe('the pace of handshakes', () => {
  const stallAfter = (...took: number[]) => {
    const pace = new Pace(500, 2_000)
    for (const millis of took) pace.took(millis)
    return pace.stall
  }

  it('is the least that was named before there was any, and while they are quick', () => {
    expect(stallAfter()).toBe(500)
    expect(stallAfter(40, 60, 200, 40)).toBe(500)
  })

  it('follows what they take, as RFC 6298 has it', () => {
    // Mean 300, deviation 150; then 300 + (400 - 300) / 8 and 150 + (100 - 150) / 4.
    expect(stallAfter(300)).toBe(900)
    expect(stallAfter(300, 400)).toBe(312.5 + 4 * 137.5)
  })

  it('is no more than the most that was named, and less again when they are quick again', () => {
    expect(stallAfter(5_000)).toBe(2_000)
    expect(stallAfter(5_000, ...Array<number>(40).fill(50))).toBe(500)
  })
})
