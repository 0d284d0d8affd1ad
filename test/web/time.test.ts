/** Durations as people read them, and the second hand. */
import type { ReactiveController } from 'lit'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { duration, SecondHand } from '../../web/src/time.ts'

test.each([
  [-1, '0:00'],
  [0, '0:00'],
  [999, '0:00'],
  [1_000, '0:01'],
  [59_999, '0:59'],
  [60_000, '1:00'],
  [187_000, '3:07'],
  [3_599_999, '59:59'],
  [3_600_000, '1:00:00'],
  [3_723_000, '1:02:03'],
  [90_000_000, '25:00:00'],
])('%d ms are %s', (millis, words) => {
  expect(duration(millis)).toBe(words)
})

describe('the second hand', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('renders its host once a second, while it is on the page and no longer', () => {
    const host = new Host()
    new SecondHand(host)
    vi.advanceTimersByTime(5_000)
    expect(host.renders).toBe(0)
    host.connect()
    vi.advanceTimersByTime(3_500)
    expect(host.renders).toBe(3)
    host.disconnect()
    vi.advanceTimersByTime(5_000)
    expect(host.renders).toBe(3)
    expect(vi.getTimerCount()).toBe(0)
  })
})

class Host {
  renders = 0
  readonly updateComplete = Promise.resolve(true)
  readonly #controllers: ReactiveController[] = []

  addController(controller: ReactiveController): void {
    this.#controllers.push(controller)
  }
  removeController(): void {}
  requestUpdate(): void {
    this.renders += 1
  }
  connect(): void {
    for (const controller of this.#controllers) controller.hostConnected?.()
  }
  disconnect(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.()
  }
}
