/**
 * Anchors: the few peers that are asked to stay connected, so that a newcomer can be introduced to the mesh.
 *
 * Law: who asks to leave while there are too few has to stay; so the last ones never go. Once there are enough, an
 * anchor that has served its term is let go as soon as somebody else stays in its place, and only then. Anchors
 * spread: over the networks they come from, so that one machine with many identities is not all that newcomers
 * meet, and over the keyspace, for the reasons in `sample.ts`. Among those where they are most crowded the
 * youngest gives way, because who has been up long stays long. All of it is a pure choice: who is here and what
 * time it is are told.
 *
 * An anchor asks again and again, so that nobody has to be told anything: it is let go when it asks next.
 */
import type { Candidate } from './sample.ts'

export interface Member extends Candidate {
  /** The network it comes from, as the gate counts it. */
  readonly group: string
}

export type Answer = { type: 'stay'; millis: number } | { type: 'go' }

/** After so long an anchor asks again, in milliseconds: with 32 of them two small streams a second (guess). */
export const ASK_AGAIN = 15_000
/** An anchor tires after an hour, in milliseconds: longer than most pages are open (guess). */
export const TERM = 3_600_000
/** Those who were let go and are not gone yet are a tenth of all at most; whoever did not go by then does not count. */
const LEAVING_SHARE = 0.1
const LEAVING_MILLIS = 60_000
const RING = 2 ** 32

export class Anchors {
  readonly #max: number
  /** Since when each anchor has been one. */
  readonly #since = new Map<string, number>()
  /** Those in whose place another stays, and since when. */
  readonly #leaving = new Map<string, number>()

  /** @param max anchors at once; with 0 nobody is asked to stay */
  constructor(max: number) {
    this.#max = max
  }

  has(id: string): boolean {
    return this.#since.has(id)
  }

  get size(): number {
    return this.#since.size
  }

  /** It is not connected any more, or cannot be introduced. */
  gone(id: string): void {
    this.#since.delete(id)
    this.#leaving.delete(id)
  }

  /** `asker` asks to leave; `present` are all who can be introduced, by id, the anchors among them. */
  ask(asker: string, present: ReadonlyMap<string, Member>, now: number): Answer {
    const member = present.get(asker)
    // Who cannot be introduced is of no use here.
    if (member === undefined) return { type: 'go' }
    if (this.has(asker) ? !this.#isReleased(asker, present, now) : this.#takes(member, present, now)) {
      return { type: 'stay', millis: ASK_AGAIN }
    }
    return { type: 'go' }
  }

  /** An anchor that is tired is free when somebody else is here who can have its place: who has been here longest. */
  #isReleased(anchor: string, present: ReadonlyMap<string, Member>, now: number): boolean {
    // While there are too few the other one stays beside it, and not in its place.
    if (!this.#isTired(anchor, now) || this.size < this.#max) return false
    const others = [...present.values()].filter(({ id }) => !this.has(id) && !this.#leaving.has(id))
    const heir = others.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))[0]
    if (heir === undefined) return false
    this.#since.delete(anchor)
    this.#since.set(heir.id, now)
    return true
  }

  /** Whether somebody who is no anchor becomes one. */
  #takes(member: Member, present: ReadonlyMap<string, Member>, now: number): boolean {
    if (this.size < this.#max) {
      this.#leaving.delete(member.id)
      this.#since.set(member.id, now)
      return true
    }
    if (this.#leaving.has(member.id)) return false
    for (const [id, at] of this.#leaving) if (now - at > LEAVING_MILLIS) this.#leaving.delete(id)
    if (this.#leaving.size >= Math.max(1, Math.floor(this.#max * LEAVING_SHARE))) return false
    const weaker = this.#weaker(member, present, now)
    if (weaker === undefined) return false
    this.#since.delete(weaker)
    this.#leaving.set(weaker, now)
    this.#since.set(member.id, now)
    return true
  }

  /** The anchor in whose place `member` serves better, if there is one. */
  #weaker(member: Member, present: ReadonlyMap<string, Member>, now: number): string | undefined {
    const anchors = [...this.#since.keys()].flatMap((id) => present.get(id) ?? [])
    const arc = ({ key }: Member) => Math.floor((key / RING) * this.#max)
    const crowded = (place: (of: Member) => unknown) => {
      const own = anchors.filter((each) => place(each) === place(member)).length
      const counted = anchors.map((each) => ({
        each,
        count: anchors.filter((other) => place(other) === place(each)).length,
      }))
      const most = Math.max(0, ...counted.map(({ count }) => count))
      // With one more here and one less there it must not be the other way round.
      if (most < own + 2) return undefined
      const young = counted.filter(({ count }) => count === most).sort((a, b) => b.each.since - a.each.since)
      return young[0]?.each.id
    }
    const tired = anchors.filter(({ id }) => this.#isTired(id, now))
    return (
      crowded(({ group }) => group) ??
      tired.sort((a, b) => Number(arc(b) === arc(member)) - Number(arc(a) === arc(member)))[0]?.id ??
      crowded(arc)
    )
  }

  #isTired(id: string, now: number): boolean {
    return now - (this.#since.get(id) ?? now) >= TERM
  }
}
