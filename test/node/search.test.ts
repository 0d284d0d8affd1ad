/** When a search begins to ask others: a look-up costs more than all the ways that are known. */
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { Clock } from '#node/driver'
import { Pace } from '#node/link/pace'
import { type Lead, search } from '#node/link/search'
import { Dead, defaultConfig } from '#protocols/ways/index'

const [known, asked] = ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.2/tcp/2']
const lead = (way: string): Lead => ({ way, rank: 0, how: 'cache', rounds: 0 })

/** A search that knows one way and may ask for another. */
function begin(
  dials: Record<string, Promise<Connection>>,
  ways: readonly string[] = [known],
  pace = new Pace(defaultConfig.stall, 4 * defaultConfig.stall),
) {
  const time = new Time()
  const log: string[] = []
  const found = search({
    async *leads(_signal, spent) {
      for (const way of ways) yield lead(way)
      await spent()
      log.push('asked')
      yield lead(asked)
    },
    dial: (address: Multiaddr) => {
      log.push(address.toString())
      return dials[address.toString()] as Promise<Connection>
    },
    dead: new Dead(),
    pace,
    clock: time,
    signal: new AbortController().signal,
  })
  found.catch(() => {})
  return { found, log, time }
}

const connection = {} as Connection
const silence = new Promise<Connection>(() => {})
const failure = () => {
  const failed = Promise.reject(new Error('refused'))
  failed.catch(() => {})
  return failed
}

describe('a search', () => {
  it('asks at once when nothing is known', async () => {
    const { found, log } = begin({ [asked]: Promise.resolve(connection) }, [])
    expect((await found).connection).toBe(connection)
    expect(log).toEqual(['asked', asked])
  })

  it('asks at once when what is known has failed', async () => {
    const { found, log } = begin({ [known]: failure(), [asked]: Promise.resolve(connection) })
    expect((await found).lead.way).toBe(asked)
    expect(log).toEqual([known, 'asked', asked])
  })

  it('asks nobody while a way that is known may lead there, and not longer than the next one would wait', async () => {
    const { found, log, time } = begin({ [known]: silence, [asked]: Promise.resolve(connection) })
    await time.pass(defaultConfig.stall - 1)
    expect(log).toEqual([known])
    await time.pass(1)
    await time.pass(0)
    expect((await found).lead.way).toBe(asked)
  })

  it('waits longer for a way where handshakes took long lately', async () => {
    const pace = new Pace(defaultConfig.stall, 4 * defaultConfig.stall)
    pace.took(400)
    const { found, log, time } = begin(
      { [known]: silence, [asked]: Promise.resolve(connection) },
      [known],
      pace,
    )
    await time.pass(1_199)
    expect(log).toEqual([known])
    await time.pass(1)
    await time.pass(0)
    expect((await found).lead.way).toBe(asked)
  })
})

class Time implements Clock {
  #now = 0
  #timers: { at: number; act: () => void }[] = []

  now = () => this.#now

  after(wait: number, act: () => void): () => void {
    const timer = { at: this.#now + wait, act }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  async pass(millis: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#now += millis
    const due = this.#timers.filter(({ at }) => at <= this.#now)
    this.#timers = this.#timers.filter(({ at }) => at > this.#now)
    for (const { act } of due) act()
    await new Promise((resolve) => setImmediate(resolve))
  }
}
