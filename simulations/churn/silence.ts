/**
 * Silence: when partners would have missed each other's heartbeats, if these were said one by one. Nothing is said on a
 * link on which nothing happens; when a peer goes, or cannot be heard, the moment is drawn at which each partner would
 * have noticed, and its machine is told then.
 */
import type { Millis } from '#protocols/machine'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'

export class Silence {
  readonly #context: Context
  /** Whether heartbeats are drawn and not said. */
  readonly #isDrawn: boolean

  constructor(context: Context) {
    this.#context = context
    this.#isDrawn = context.config.watch === 'told'
  }

  /** Those that beat for it, or hear its beats, by name. */
  partnersOf({ id, machine }: Peer): Set<string> {
    const partners = new Set<string>()
    for (const owner of [id, ...machine.holding]) {
      const duty = machine.duty(owner)
      if (duty === undefined) continue
      // Holders hear nothing of each other.
      if (duty.part === 'holding') partners.add(duty.epoch.writer)
      else for (const holder of duty.roster) partners.add(holder)
    }
    partners.delete(id)
    return partners
  }

  /**
   * `at` hears no more of `of`, and will notice.
   * @param phase of the beat in which it fell silent, from 0 to 1: all that hear one writer miss the same beat
   * @param since when `of` crashed, if it did: how long it took to notice is counted
   */
  begin(at: Peer, of: Peer, phase = at.random.unit(), since?: Millis): void {
    if (this.#isDrawn) this.#context.after(this.#noticed(at, of, phase), () => this.#tell(at, of, since))
  }

  /**
   * What was on its way when its sender went is no sign of life: beats, had there been any, would be missed again. Whoever
   * says goodbye is not missed: the end of its streams tells.
   */
  heard(at: Peer, from: Peer): void {
    if (this.#isDrawn && !from.leftInOrder && this.#isSilent(at, from)) this.begin(at, from)
  }

  /**
   * `holder` follows another writer, or has nothing any more: whoever counts on it still would hear so from it, in answer
   * to the next beat, which is said.
   */
  moved(holder: Peer, owner: string): void {
    const context = this.#context
    if (!this.#isDrawn) return
    for (const writer of context.writersOf(owner)) {
      if (!isMistaken(writer, holder, owner)) continue
      const way = context.latency.delay(writer.place, holder.place, holder.random)
      context.after(holder.random.unit() * context.config.beat + way, () => {
        const duty = writer.machine.duty(owner)
        if (duty === undefined || !isMistaken(writer, holder, owner) || this.#isSilent(holder, writer)) return
        context.give(holder, {
          type: 'message',
          from: writer.id,
          message: { type: 'beat', ...duty.head, ...duty.copy },
        })
      })
    }
  }

  #tell(at: Peer, of: Peer, since: Millis | undefined): void {
    const context = this.#context
    if (at.pause !== undefined) {
      at.pause.unheard.push(of)
      return
    }
    // It may be back already, in another session.
    if (!at.alive || !this.#isSilent(at, of) || (!of.alive && context.byId.has(of.id))) return
    if (since !== undefined) context.sample(context.tally.sketches.detection, context.now - since)
    context.give(at, { type: 'silent', peer: of.id })
  }

  #isSilent(at: Peer, of: Peer): boolean {
    return !of.alive || of.frozen || !of.reaches(at)
  }

  /** What is left of the beat, the way, and the margin: T/2 + delay + margin in the mean. */
  #noticed(at: Peer, of: Peer, phase: number): Millis {
    const { config, latency, scenario } = this.#context
    // The margin follows the mean deviation of what is heard: of two uniform jitters that is a third of their span.
    const margin = Math.min(Math.max(config.margin, (4 / 3) * scenario.jitter), config.marginMax)
    return phase * config.beat + latency.roundTrip(at.place, of.place) / 2 + margin
  }
}

/** Whether `writer` counts on `holder`, which counts on somebody else. */
function isMistaken(writer: Peer, holder: Peer, owner: string): boolean {
  const duty = writer.machine.duty(owner)
  const counts = duty?.part === 'writing' && duty.roster.includes(holder.id)
  return counts && holder.machine.duty(owner)?.epoch.writer !== writer.id
}
