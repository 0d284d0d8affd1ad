/**
 * Calls, as far as churn concerns them: one is set up if the other side is found in time and the two can be linked
 * directly; media go from one to the other, so that what cuts it is that a side crashes, or cannot be reached any more.
 */
import { type Distribution, distribution } from '../chance/distributions.ts'
import type { Colony } from './colony.ts'
import type { Directory } from './directory.ts'
import type { Peer } from './peer.ts'

/** From one caller of the colony to the next is drawn as a whole: peers keep no timers for it. */
export class Calls {
  readonly #colony: Colony
  readonly #directory: Directory
  readonly #span: Distribution

  constructor(colony: Colony, directory: Directory) {
    const { callSpan } = colony.scenario
    this.#colony = colony
    this.#directory = directory
    this.#span = distribution({ kind: 'exponential', mean: callSpan / 1_000 })
  }

  begin(): void {
    const { scenario } = this.#colony
    // Without look-ups nobody is found; those of a sample stand for all.
    if (scenario.calls > 0 && this.#directory.isOn) this.#next()
  }

  #next(): void {
    const { scenario, random, peers } = this.#colony
    const callers = Math.max(1, peers.length * this.#directory.share)
    const wait = distribution({ kind: 'exponential', mean: 3_600_000 / scenario.calls / callers })
    this.#colony.after(wait.draw(random), () => {
      this.#place()
      this.#next()
    })
  }

  #place(): void {
    const colony = this.#colony
    const { peers, random, latency } = colony
    if (peers.length < 2) return
    const [caller, callee] = [random.pick(peers), random.pick(peers)]
    if (caller === callee || caller.frozen || callee.frozen) return
    if (caller.contacts === undefined || callee.contacts === undefined) return
    const { found, millis } = this.#directory.find(caller, callee)
    // Found, invited, answered, and ICE done.
    colony.after(millis + 3 * latency.roundTrip(caller.place, callee.place), () => {
      // Who went meanwhile could not have answered.
      if (!caller.alive || !callee.alive) return
      colony.tally.counts.callsTried += 1
      if (!found || !caller.reaches(callee) || latency.isBroken(caller.place, callee.place)) return
      colony.tally.counts.callsSetUp += 1
      this.#go(caller, callee)
    })
  }

  #go(caller: Peer, callee: Peer): void {
    const colony = this.#colony
    colony.after(this.#span.draw(colony.random) * 1_000, () => {
      const { counts } = colony.tally
      counts.callsEnded += 1
      // Who says goodbye hangs up, as every call ends.
      const crashed = [caller, callee].some(({ alive, leftInOrder }) => !alive && !leftInOrder)
      if (crashed || !caller.reaches(callee)) counts.callsCut += 1
    })
  }
}
