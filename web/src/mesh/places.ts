/**
 * Where each peer stands in the picture of the mesh: one of 24 places on a ring that is open at the top, where the
 * entrances are.
 *
 * Law: whoever stands somewhere stays there for as long as they are shown, and a newcomer comes as near as it can to
 * the place that its PeerID names; so the picture never jumps, and looks much the same at the next visit.
 */
import type { PeerId } from '#node/api'

/** What still fits with faces that can be told apart (tried at 360 pixels). */
export const PLACES = 24
/** Between two places, in degrees, clockwise from the top; the opening takes the rest. */
const STEP = 12.5
const FIRST = 36.25

/** Every third place is taken first: as long as there are no more, names fit under the faces. */
export const AIRY = PLACES / 3

/**
 * Takes places for `peers`, of whom at most `PLACES` get one; `taken` is changed: who is gone gives theirs up.
 * `wish` is between 0 and 1.
 */
export function settle(
  taken: Map<PeerId, number>,
  peers: readonly PeerId[],
  wish: (peer: PeerId) => number,
): void {
  const shown = new Set(peers.slice(0, PLACES))
  for (const peer of taken.keys()) if (!shown.has(peer)) taken.delete(peer)
  for (const peer of shown) {
    if (!taken.has(peer)) taken.set(peer, nearest(Math.floor(wish(peer) * PLACES), [...taken.values()]))
  }
}

/** The free place nearest to `wished`, one with room around it if there is one. */
function nearest(wished: number, taken: readonly number[]): number {
  const free = Array.from({ length: PLACES }, (_, place) => place).filter((place) => !taken.includes(place))
  const byDistance = free.sort((a, b) => Math.abs(a - wished) - Math.abs(b - wished) || a - b)
  return byDistance.find((place) => place % 3 === 1) ?? byDistance[0] ?? wished
}

export interface Point {
  readonly x: number
  readonly y: number
}

export function pointAt(place: number, middle: Point, radius: number): Point {
  const angle = ((FIRST + place * STEP) * Math.PI) / 180
  return { x: round(middle.x + radius * Math.sin(angle)), y: round(middle.y - radius * Math.cos(angle)) }
}

/** The point that divides the way from `a` to `b`. */
export function between(a: Point, b: Point, part: number): Point {
  return { x: round(a.x + (b.x - a.x) * part), y: round(a.y + (b.y - a.y) * part) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
