/**
 * Chance that can be had again: a generator that a number determines. It is xoshiro128** (Blackman and Vigna,
 * "Scrambled Linear Pseudorandom Number Generators", https://prng.di.unimi.it/xoshiro128starstar.c), its state
 * filled by splitmix32 so that seeds near each other give sequences that are not.
 */

export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  /** @param seed any integer; its low 32 bits count. */
  constructor(seed: number) {
    let mixed = seed | 0
    const mix = () => {
      mixed = (mixed + 0x9e3779b9) | 0
      let z = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
      return z ^ (z >>> 16)
    }
    this.#a = mix()
    this.#b = mix()
    this.#c = mix()
    this.#d = mix()
  }

  /** A generator that begins in just this state, which must not be all zero. */
  static from(state: readonly [number, number, number, number]): Random {
    const random = new Random(0)
    ;[random.#a, random.#b, random.#c, random.#d] = state
    return random
  }

  /** Uniform in the integers 0 to 2^32-1. */
  bits(): number {
    const a = this.#a
    const b = this.#b
    const c = this.#c
    const product = Math.imul(b, 5)
    const mixed = this.#d ^ b
    this.#a = a ^ mixed
    this.#b = b ^ c ^ a
    this.#c = c ^ a ^ (b << 9)
    this.#d = (mixed << 11) | (mixed >>> 21)
    return Math.imul((product << 7) | (product >>> 25), 9) >>> 0
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 2 ** 32
  }

  /** Uniform in the integers 0 to `below`-1. */
  below(below: number): number {
    return Math.floor(this.unit() * below)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** One of `items`. @throws RangeError when there is none. */
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from')
    return items[this.below(items.length)] as T
  }

  /** A generator of its own for someone, so that what one does leaves the others' chances as they were. */
  fork(): Random {
    return new Random(this.bits())
  }
}
