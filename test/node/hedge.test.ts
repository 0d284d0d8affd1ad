import { expect, it, vi } from 'vitest'
import { hedge } from '#node/link/hedge'

it('takes the first attempt when it succeeds in time, and makes no other', async () => {
  const { clock } = manual()
  const attempt = vi.fn(async () => 'first')
  expect(await run(attempt, clock)).toBe('first')
  expect(attempt).toHaveBeenCalledTimes(1)
})

it('begins another beside one that stalls, aborts the loser and discards what it still brings', async () => {
  const { clock, turn } = manual()
  const late = Promise.withResolvers<string>()
  const signals: AbortSignal[] = []
  const discarded: string[] = []
  const result = hedge(
    (signal, index) => {
      signals.push(signal)
      return index === 0 ? late.promise : Promise.resolve('second')
    },
    (value) => discarded.push(value),
    { attempts: 2, stall: 100, clock, signal: new AbortController().signal },
  )
  turn(100)
  expect(await result).toBe('second')
  expect(signals[0]?.aborted).toBe(true)
  late.resolve('too late')
  await late.promise
  expect(discarded).toEqual(['too late'])
})

it('waits once more, and at most twice, when its own clock came late: busy, it may not have heard the answer', async () => {
  const { clock, turn } = manual()
  const attempt = vi.fn(() => new Promise<string>(() => {}))
  run(attempt, clock).catch(() => {})
  turn(126)
  expect(attempt).toHaveBeenCalledTimes(1)
  turn(100)
  expect(attempt).toHaveBeenCalledTimes(2)
  for (const calls of [2, 2, 3]) {
    turn(300)
    expect(attempt).toHaveBeenCalledTimes(calls)
  }
})

it('begins the next at once when one fails', async () => {
  const { clock } = manual()
  const attempt = vi.fn(async (_: AbortSignal, index: number) => {
    if (index === 0) throw new Error('no')
    return 'second'
  })
  expect(await run(attempt, clock)).toBe('second')
})

it('fails with the last error when all have failed', async () => {
  const { clock } = manual()
  const attempt = async (_: AbortSignal, index: number) => {
    throw new Error(`attempt ${index}`)
  }
  await expect(run(attempt, clock)).rejects.toThrow('attempt 2')
})

it('ends with the reason of its signal, before and during attempts', async () => {
  const { clock } = manual()
  const control = new AbortController()
  const forever = () => new Promise<string>(() => {})
  const options = { attempts: 3, stall: 100, clock, signal: control.signal }
  const result = hedge(forever, () => {}, options)
  control.abort(new Error('enough'))
  await expect(result).rejects.toThrow('enough')
  await expect(hedge(forever, () => {}, options)).rejects.toThrow('enough')
})

function run(attempt: (signal: AbortSignal, index: number) => Promise<string>, clock: Manual['clock']) {
  return hedge(attempt, () => {}, { attempts: 3, stall: 100, clock, signal: new AbortController().signal })
}

type Manual = ReturnType<typeof manual>

/** A clock that a test turns by hand. */
function manual() {
  let now = 0
  const timers = new Set<{ at: number; callback: () => void }>()
  return {
    clock: {
      now: () => now,
      after(wait: number, callback: () => void) {
        const timer = { at: now + wait, callback }
        timers.add(timer)
        return () => void timers.delete(timer)
      },
    },
    turn(millis: number) {
      now += millis
      for (const timer of [...timers]) {
        if (timer.at > now) continue
        timers.delete(timer)
        timer.callback()
      }
    },
  }
}
