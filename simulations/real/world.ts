/** A world of real peers, as a run sees it. */
import type { Answer } from './resident.ts'
import type { Word } from './word.ts'

export type WorldName = 'memory' | 'webrtc'

export interface Guest {
  readonly id: string
  find(target: string): Promise<Answer>
  /** Goes with a goodbye; resolves when it is gone. */
  leave(): Promise<void>
  /** Goes without a word: whoever is linked to it has to find out. */
  vanish(): void
  /** Stands still until it goes on. Where all peers are one process none can. */
  freeze?(): void
  thaw?(): void
}

export interface World {
  /** A new peer that has asked to be introduced. @param seed of what it does by itself */
  arrive(seed: number, onWord: (word: Word) => void): Promise<Guest>
  /** From now on nothing comes from those to the rest, nor back. Over loopback nobody can be cut off. */
  part?(cut: ReadonlySet<string>): void
  /** How far apart two peers are, in whatever unit, if they have places. */
  distance?(a: string, b: string): number | undefined
  /** The bootstrap is dead from now on, or back as it was. */
  entrance(open: boolean): Promise<void>
  /** What the bootstrap holds and has done, nothing when it is dead; none where there is no bootstrap. */
  bootstrap?(): Promise<{ connections: number }>
  /** Everyone goes, and nothing is left. */
  end(): Promise<void>
}
