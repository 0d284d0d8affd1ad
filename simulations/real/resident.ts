/** A resident: one real peer with its state and its habits, which says what becomes of it. */
import type { ColoniaNode, NodeOptions } from '#node/index'
import { createNodeIn } from '#node/node'
import type { Medium } from '#node/surroundings'
import { distribution } from '../chance/distributions.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { Mouth, type Word } from './word.ts'

/** Below the 64 KiB that one write may have, with what seals it. */
const CHUNK = 32_768
/** The end of patience with a look-up, in milliseconds: what is found later counts as not found. */
export const PATIENCE = 4_000
/** How often what is only counted is said, in milliseconds. */
const FLUSH = 1_000

/** What of a scenario one peer does by itself. */
export type Habits = Pick<Scenario, 'stateBytes' | 'writes'>

/** What came of a look-up. */
export interface Answer {
  found: boolean
  millis: number
  rounds: number
}

export interface ResidentInit {
  options: NodeOptions
  /** In place of the network. */
  medium?: Medium
  habits: Habits
  seed: number
  onWord: (word: Word) => void
  /** What it has sent and opened so far. */
  sent?: (id: string) => { bytes: number; links: number }
}

export class Resident {
  readonly node: ColoniaNode
  readonly #init: ResidentInit
  readonly #mouth: Mouth
  readonly #random: Random
  readonly #flushing: NodeJS.Timeout
  #writing: NodeJS.Timeout | undefined
  #notes = 0

  /** Resolves when it runs, which is before it is linked to anyone. */
  static async arrive(init: ResidentInit): Promise<Resident> {
    const mouth = new Mouth(init.onWord)
    const { medium, options } = init
    const node = await createNodeIn({ trace: mouth.trace, ...(medium && { medium }) }, options)
    const resident = new Resident(node, mouth, init)
    await resident.#settle()
    return resident
  }

  private constructor(node: ColoniaNode, mouth: Mouth, init: ResidentInit) {
    this.node = node
    this.#init = init
    this.#mouth = mouth
    this.#random = new Random(init.seed)
    this.#flushing = setInterval(() => this.#flush(), FLUSH)
  }

  async find(target: string): Promise<Answer> {
    const began = performance.now()
    const signal = AbortSignal.timeout(PATIENCE)
    try {
      const { presence, rounds } = await this.node.find(target, { signal })
      return { found: presence === 'here', millis: performance.now() - began, rounds }
    } catch {
      return { found: false, millis: performance.now() - began, rounds: 0 }
    }
  }

  /** Goes with a goodbye. */
  async leave(): Promise<void> {
    clearInterval(this.#flushing)
    clearTimeout(this.#writing)
    await this.node.stop()
    this.#flush()
  }

  /** The same when nobody hears it any more: what it says now was never said. */
  async fall(): Promise<void> {
    this.#flush()
    this.#mouth.close()
    await this.leave()
  }

  async #settle(): Promise<void> {
    const { stateBytes } = this.#init.habits
    for (let at = 0; at < stateBytes; at += CHUNK) {
      await this.node.state.put(`state/${at / CHUNK}`, new Uint8Array(Math.min(CHUNK, stateBytes - at)))
    }
    this.#writeLater()
  }

  #writeLater(): void {
    const { writes } = this.#init.habits
    if (writes === 0) return
    const wait = distribution({ kind: 'exponential', mean: 3_600 / writes }).draw(this.#random)
    this.#writing = setTimeout(() => {
      this.#notes += 1
      // It may be about to stop.
      void this.node.state.put('note', this.#notes).catch(() => {})
      this.#writeLater()
    }, wait * 1_000)
  }

  #flush(): void {
    const { sent, onWord } = this.#init
    this.#mouth.flush()
    if (sent !== undefined) onWord({ type: 'sent', ...sent(this.node.id) })
  }
}
