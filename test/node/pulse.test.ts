/** Whether media stands still, told from what was counted. */
import { expect, test } from 'vitest'
import { Pulse, timing } from '#node/call/pulse'

/** Looks as often as is looked; `media` and `checks` are how many come between two looks. */
function patient() {
  const pulse = new Pulse()
  const count = { media: 0, checks: 0 }
  let now = 0
  return (looks: number, { media = 0, checks = 0, sent = true } = {}) =>
    Array.from({ length: looks }, () => {
      now += timing.look
      count.media += media
      count.checks += checks
      return pulse.look({ ...count }, sent, now)
    }).filter((change) => change !== undefined)
}

const STILL = timing.still / timing.look

test('media that flows, and media that has not come yet, do not stand still', () => {
  const look = patient()
  expect(look(10)).toEqual([])
  expect(look(10, { media: 15 })).toEqual([])
})

test('it stands still when nothing has come for a while, once, and goes on with the first packet', () => {
  const look = patient()
  look(5, { media: 15 })
  expect(look(STILL - 1)).toEqual([])
  expect(look(1)).toEqual(['still'])
  expect(look(50)).toEqual([])
  expect(look(1, { media: 1 })).toEqual(['goes-on'])
  expect(look(STILL)).toEqual(['still'])
})

test('whoever says that they send nothing may be silent', () => {
  const look = patient()
  look(5, { media: 15 })
  expect(look(20, { sent: false })).toEqual([])
  expect(look(STILL)).toEqual(['still'])
})

test('a sender that is silent on a way that is there is no standstill, but the first time', () => {
  const look = patient()
  look(5, { media: 15 })
  look(STILL)
  expect(look(1, { checks: 1 })).toEqual(['goes-on'])
  expect(look(50)).toEqual([])
  look(1, { media: 15 })
  expect(look(STILL)).toEqual(['still'])
})

test('checks that are forgotten with their pair are none that came', () => {
  const look = patient()
  look(5, { media: 15, checks: 2 })
  expect(look(STILL)).toEqual(['still'])
  expect(look(1, { checks: -10 })).toEqual([])
})
