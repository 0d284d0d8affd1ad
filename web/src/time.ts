/** Time as people read it, and the second hand of screens that show it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** `3:07`, or `1:02:03` from an hour on. */
export function duration(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** The time of day when it was today, or else the day too. */
export function moment(millis: number, language: string): string {
  const today = new Date(millis).toDateString() === new Date().toDateString()
  const style = today ? {} : ({ dateStyle: 'medium' } as const)
  return new Intl.DateTimeFormat(language, { timeStyle: 'short', ...style }).format(millis)
}

/** Renders its host once a second while it is on the page. */
export class SecondHand implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.#timer = setInterval(() => this.#host.requestUpdate(), 1000)
  }

  hostDisconnected(): void {
    clearInterval(this.#timer)
  }
}
