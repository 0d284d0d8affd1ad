/**
 * The budget of RTCPeerConnections: Chrome allows a tab some five hundred in its life, closed ones counting until they
 * are collected (measured), and whoever dials us opens one here.
 *
 * Law: in an hour no more are opened than are written here, whoever asks for them. A token bucket (Turner, "New
 * directions in communications", 1986): at once as many as a whole set of links, and then as they grow back.
 */
import type { Clock } from '../driver.ts'

export interface Budget {
  burst: number
  perHour: number
}

/** A page: links in full and as many again for a reload of all of them; in a day no more than a few per minute. */
export const PAGE: Budget = { burst: 96, perHour: 120 }
/** Node collects them, so that this is only against floods. */
export const PROCESS: Budget = { burst: 256, perHour: 3_600 }

export class ConnectionBudget {
  readonly #budget: Budget
  readonly #clock: Clock
  #tokens: number
  #at: number
  opened = 0
  refused = 0

  constructor(budget: Budget, clock: Clock) {
    this.#budget = budget
    this.#clock = clock
    this.#tokens = budget.burst
    this.#at = clock.now()
  }

  /** Counts one that is about to be opened. @throws Error when there are too many */
  spend(): void {
    const { burst, perHour } = this.#budget
    const now = this.#clock.now()
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 3_600_000) * perHour)
    this.#at = now
    if (this.#tokens < 1) {
      this.refused += 1
      throw new Error(`more than ${perHour} connections in an hour`)
    }
    this.#tokens -= 1
    this.opened += 1
  }
}
