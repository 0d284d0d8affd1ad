/** The film of a small mesh: what changes from frame to frame, as short as JSON can be. */
import type { Frame, Run } from '../run.ts'

/** What a frame changes of the one before. Copies and places are flat lists, to be short. */
export interface Change {
  at: number
  /** Triples: place, peer, state (0 up, 1 frozen, 2 cut); state -1: the place is empty again. */
  nodes: number[]
  /** How many are there, when they are too many to be drawn and none is. */
  crowd?: number
  /** Triples: from, to, owner, by peer. */
  gone: number[]
  come: number[]
  news: string[]
}

export interface Film {
  places: number
  changes: Change[]
  happenings: { at: number; span: number; what: string }[]
}

/** Of more peers a picture is a blot, and a browser is long at drawing it. */
const MAX_PEERS = 400

const STATES = { up: 0, frozen: 1, cut: 2 } as const

/** Who comes gets the lowest place that is free, and keeps it. */
export function filmOf({ frames, happenings }: Pick<Run, 'frames' | 'happenings'>): Film {
  const placeOf = new Map<number, number>()
  const stateOf = new Map<number, number>()
  const free: number[] = []
  let places = 0
  let copies = new Set<string>()
  const changes = frames.map((whole): Change => {
    const crowd = whole.nodes.length > MAX_PEERS ? { crowd: whole.nodes.length } : {}
    const frame = 'crowd' in crowd ? { ...whole, nodes: [], copies: [] } : whole
    const nodes: number[] = []
    const here = new Set(frame.nodes.map(({ id }) => id))
    for (const [id, place] of [...placeOf]) {
      if (here.has(id)) continue
      nodes.push(place, id, -1)
      placeOf.delete(id)
      stateOf.delete(id)
      free.push(place)
    }
    free.sort((a, b) => b - a)
    for (const { id, state } of frame.nodes) {
      const place = placeOf.get(id) ?? free.pop() ?? places++
      placeOf.set(id, place)
      if (stateOf.get(id) !== STATES[state]) nodes.push(place, id, STATES[state])
      stateOf.set(id, STATES[state])
    }
    const next = new Set(frame.copies.map(keyOf))
    const gone = [...copies].filter((key) => !next.has(key))
    const come = [...next].filter((key) => !copies.has(key))
    copies = next
    return { at: frame.at, ...crowd, nodes, gone: numbers(gone), come: numbers(come), news: frame.news }
  })
  return { places, changes, happenings }
}

function keyOf({ from, to, owner }: Frame['copies'][number]): string {
  return `${from},${to},${owner}`
}

function numbers(keys: readonly string[]): number[] {
  return keys.flatMap((key) => key.split(',').map(Number))
}
