/** Renders its host when something outside of it changes: a call, the capture, the session. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export interface Changing {
  addEventListener(type: 'change', listener: () => void): void
  removeEventListener(type: 'change', listener: () => void): void
}

export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #subject: () => Changing | undefined
  readonly #onChange = () => this.#host.requestUpdate()
  #watched: Changing | undefined

  /** `subject` is asked anew at each render, so it may change. */
  constructor(host: ReactiveControllerHost, subject: () => Changing | undefined) {
    this.#host = host
    this.#subject = subject
    host.addController(this)
  }

  hostUpdate(): void {
    this.#follow(this.#subject())
  }

  hostConnected(): void {
    this.#follow(this.#subject())
  }

  hostDisconnected(): void {
    this.#follow(undefined)
  }

  #follow(subject: Changing | undefined): void {
    if (subject === this.#watched) return
    this.#watched?.removeEventListener('change', this.#onChange)
    subject?.addEventListener('change', this.#onChange)
    this.#watched = subject
  }
}
