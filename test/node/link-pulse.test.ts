/** Who is given up for not answering, and who is not. On a clock that is turned by hand. */
import type { Connection } from '@libp2p/interface'
import { StreamResetError } from '@libp2p/interface'
import { expect, it, vi } from 'vitest'
import type { Clock } from '#node/driver'
import { Pulse } from '#node/link/pulse'

const INTERVAL = 10_000
/** Of both pings. */
const PATIENCE = 15_000

it('gives up a connection that is silent to two pings, and not sooner', async () => {
  const time = new Time()
  const silent = connection()
  const pulse = watch(time, [silent])
  await time.pass(INTERVAL + PATIENCE - 1_000)
  expect(silent.newStream).toHaveBeenCalledTimes(2)
  expect(silent.abort).not.toHaveBeenCalled()
  await time.pass(1_000)
  expect(silent.abort).toHaveBeenCalledOnce()
  pulse.stop()
})

it('gives up one that somebody has just made, and that only this side has, sooner than others', async () => {
  const time = new Time()
  const ghost = Object.assign(connection(), { direction: 'inbound' })
  const all: Connection[] = []
  const pulse = watch(time, all)
  await time.pass(3_000)
  all.push(ghost)
  await time.pass(10_000)
  expect(ghost.abort).not.toHaveBeenCalled()
  await time.pass(500)
  expect(ghost.newStream).toHaveBeenCalledTimes(2)
  expect(ghost.abort).toHaveBeenCalledOnce()
  pulse.stop()
})

it('asks those who ask only once a minute, and again soon when that ends', async () => {
  const time = new Time()
  let silent = false
  const ping = vi.fn(() => (silent ? new Promise<void>(() => {}) : Promise.resolve()))
  const asking = connection()
  const pulse = watch(time, [asking], ping)
  // Before it has answered once nothing is known of its round trip.
  pulse.heard(asking)
  await time.pass(INTERVAL)
  expect(ping).toHaveBeenCalledTimes(1)
  for (let n = 0; n < 12; n++) {
    pulse.heard(asking)
    await time.pass(INTERVAL)
  }
  expect(ping).toHaveBeenCalledTimes(2)
  silent = true
  await time.pass(INTERVAL + 2_000)
  expect(ping).toHaveBeenCalledTimes(3)
  pulse.stop()
})

it('keeps one whose other side resets the stream, or knows no pings: someone is there', async () => {
  const time = new Time()
  const resetting = connection(() => Promise.reject(new StreamResetError()))
  const pulse = watch(time, [resetting])
  await time.pass(INTERVAL + PATIENCE)
  expect(resetting.newStream).toHaveBeenCalledTimes(2)
  expect(resetting.abort).not.toHaveBeenCalled()
  pulse.stop()
})

it('gives nobody up while it is not awake itself, and looks again', async () => {
  const time = new Time()
  const silent = connection()
  const pulse = watch(time, [silent])
  await time.pass(INTERVAL + 1_000)
  expect(silent.newStream).toHaveBeenCalledOnce()
  await time.oversleep(20_000)
  expect(silent.abort).not.toHaveBeenCalled()
  await time.pass(INTERVAL + PATIENCE)
  expect(silent.abort).toHaveBeenCalledOnce()
  pulse.stop()
})

it('leaves limited connections alone, and all of them once it is stopped', async () => {
  const time = new Time()
  const [limited, open] = [connection(), connection()]
  Object.assign(limited, { limits: { seconds: 120 } })
  const pulse = watch(time, [limited, open])
  await time.pass(INTERVAL + 1_000)
  pulse.stop()
  await time.pass(INTERVAL + PATIENCE)
  expect(limited.newStream).not.toHaveBeenCalled()
  expect(open.newStream).toHaveBeenCalledOnce()
  expect(open.abort).not.toHaveBeenCalled()
})

function watch(clock: Clock, connections: Connection[], ping?: () => Promise<void>): Pulse {
  const connectionManager = { getConnections: () => connections }
  const pulse = new Pulse({ connectionManager, clock, ...(ping && { ping }) })
  pulse.start()
  return pulse
}

/** By default one that never answers. */
function connection(answer?: () => Promise<never>): Connection {
  const silence = (_protocol: string, { signal }: { signal: AbortSignal }) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { status: 'open', newStream: vi.fn(answer ?? silence), abort: vi.fn() } as unknown as Connection
}

class Time implements Clock {
  #now = 0
  #timers: { at: number; callback: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(wait: number, callback: () => void): () => void {
    const timer = { at: this.#now + wait, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  /** Every timer comes in time. */
  async pass(millis: number): Promise<void> {
    const end = this.#now + millis
    for (;;) {
      const next = this.#timers.sort((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      this.#now = Math.max(this.#now, next.at)
      this.#run(next)
      await settled()
    }
    this.#now = end
  }

  /** All that were due come at the end. */
  async oversleep(millis: number): Promise<void> {
    this.#now += millis
    for (const timer of this.#timers.sort((a, b) => a.at - b.at).filter(({ at }) => at <= this.#now))
      this.#run(timer)
    await settled()
  }

  #run(timer: { at: number; callback: () => void }): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
    timer.callback()
  }
}

/** What hangs on promises has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
