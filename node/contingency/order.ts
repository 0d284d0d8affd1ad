/**
 * Order: acts one after another as they were given. Those that need not wait for anything happen in one turn, so
 * that what they send goes out in one write.
 */
export class Order {
  readonly #waiting: (() => Promise<void> | undefined)[] = []
  #running: Promise<void> = Promise.resolve()
  #busy = false

  /** @param act must not throw */
  add(act: () => Promise<void> | undefined): void {
    this.#waiting.push(act)
    if (!this.#busy) this.#running = this.#run()
  }

  /** Resolves when nothing waits any more. */
  async done(): Promise<void> {
    while (this.#busy) await this.#running
  }

  async #run(): Promise<void> {
    this.#busy = true
    while (true) {
      const act = this.#waiting.shift()
      if (act === undefined) break
      const wait = act()
      if (wait !== undefined) await wait
    }
    this.#busy = false
  }
}
