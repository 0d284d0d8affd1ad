/** How long a dial is waited for before another begins beside it. */
import { describe, expect, it } from 'vitest'
import { Patience } from '#node/link/patience'

const BOUNDS = { least: 500, most: 4_000 }

describe('patience', () => {
  it('is the least while nothing was heard, and where dials are fast', () => {
    const patience = new Patience(BOUNDS)
    expect(patience.wait).toBe(500)
    for (let dial = 0; dial < 50; dial += 1) patience.heard(40)
    expect(patience.wait).toBe(500)
  })

  it('follows what dials take: the mean and four deviations, as RFC 6298 reckons them', () => {
    const patience = new Patience(BOUNDS)
    patience.heard(600)
    // The first deviation is half of what was heard.
    expect(patience.wait).toBe(600 + 4 * 300)
    patience.heard(1_000)
    // 300 + (400 − 300) / 4 = 325; 600 + 400 / 8 = 650.
    expect(patience.wait).toBe(650 + 4 * 325)
    for (let dial = 0; dial < 200; dial += 1) patience.heard(800)
    expect(patience.wait).toBeCloseTo(800)
  })

  it('ends, however slow all of them were, and is short again when they are fast', () => {
    const patience = new Patience(BOUNDS)
    for (let dial = 0; dial < 10; dial += 1) patience.heard(9_000)
    expect(patience.wait).toBe(4_000)
    for (let dial = 0; dial < 60; dial += 1) patience.heard(100)
    expect(patience.wait).toBe(500)
  })
})
