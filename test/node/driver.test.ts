/** The driver: inputs in order, outputs before the next input, one timer, and an end. */
import { describe, expect, test, vi } from 'vitest'
import { type Clock, drive, systemClock } from '#node/driver'
import type { Machine, Tick } from '#protocols/machine'

type Input = { type: 'say'; what: string } | Tick

/** Echoes what it is told and counts its ticks; its deadline is whatever the test says. */
class Echo implements Machine<Input, string> {
  deadline: number | undefined
  ticks: number[] = []

  handle(input: Input, now: number): readonly string[] {
    if (input.type === 'say') return [`${input.what} 1`, `${input.what} 2`]
    this.ticks.push(now)
    this.deadline = undefined
    return []
  }

  nextDeadline(): number | undefined {
    return this.deadline
  }
}

/** A clock that a test turns by hand. */
class Hand implements Clock {
  time = 0
  timers: { wait: number; ring: () => void }[] = []

  now(): number {
    return this.time
  }

  after(wait: number, ring: () => void): () => void {
    const timer = { wait, ring }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((each) => each !== timer)
    }
  }

  ring(): void {
    this.timers.shift()?.ring()
  }
}

function set() {
  const [machine, clock] = [new Echo(), new Hand()]
  const performed: string[] = []
  return { machine, clock, performed }
}

const say = (what: string): Input => ({ type: 'say', what })

describe('an input', () => {
  test('given while an output is performed waits until all outputs are', () => {
    const { machine, clock, performed } = set()
    const driver = drive<Input, string>({
      machine,
      clock,
      perform: (output) => {
        performed.push(output)
        if (output === 'a 1') {
          driver.give(say('b'))
          driver.give(say('c'))
        }
      },
    })
    driver.give(say('a'))
    expect(performed).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2'])
  })

  test('is traced with what it caused, before that is performed', () => {
    const { machine, clock, performed } = set()
    const driver = drive<Input, string>({
      machine,
      clock,
      perform: (output) => performed.push(output),
      trace: (input, outputs) => performed.push(`${input.type} → ${outputs}`),
    })
    driver.give(say('a'))
    expect(performed).toEqual(['say → a 1,a 2', 'a 1', 'a 2'])
  })

  test('is taken after one whose output could not be performed', () => {
    const { machine, clock, performed } = set()
    const perform = (output: string) => {
      if (output === 'a 1') throw new Error('no such thing')
      performed.push(output)
    }
    const driver = drive<Input, string>({ machine, clock, perform })
    expect(() => driver.give(say('a'))).toThrow('no such thing')
    machine.deadline = 5
    driver.give(say('b'))
    expect(performed).toEqual(['b 1', 'b 2'])
    expect(clock.timers.length).toBe(1)
  })
})

describe('the timer', () => {
  test('is one, however often the deadline moves', () => {
    const { machine, clock } = set()
    const driver = drive<Input, string>({ machine, clock, perform: () => {} })
    for (const deadline of [100, 50, 200]) {
      machine.deadline = deadline
      driver.give(say('x'))
      expect(clock.timers.map(({ wait }) => wait)).toEqual([deadline])
    }
    machine.deadline = undefined
    driver.give(say('x'))
    expect(clock.timers).toEqual([])
  })

  test('ticks the machine when its deadline has come, and not before', () => {
    const { machine, clock } = set()
    const driver = drive<Input, string>({ machine, clock, perform: () => {} })
    clock.time = 0.5
    machine.deadline = 100.25
    driver.give(say('x'))
    const [timer] = clock.timers
    expect(clock.time + (timer?.wait ?? 0)).toBeGreaterThanOrEqual(100.25)
    clock.time = 101
    clock.ring()
    expect([machine.ticks, clock.timers]).toEqual([[101], []])
  })
})

describe('stopping', () => {
  test('ends inputs and timer, also from within, and may be said twice', () => {
    const { machine, clock, performed } = set()
    machine.deadline = 10
    const driver = drive<Input, string>({
      machine,
      clock,
      perform: (output) => {
        performed.push(output)
        driver.give(say('later'))
        driver.stop()
      },
    })
    driver.give(say('a'))
    driver.stop()
    driver.give(say('b'))
    expect(performed).toEqual(['a 1', 'a 2'])
    expect(clock.timers).toEqual([])
  })
})

test('the clock of the system can wait longer than its timers can', () => {
  vi.useFakeTimers()
  try {
    let rang = false
    systemClock.after(2 ** 40, () => {
      rang = true
    })
    // A timer that is given more than it can hold rings at once.
    vi.advanceTimersByTime(1000)
    expect(rang).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
