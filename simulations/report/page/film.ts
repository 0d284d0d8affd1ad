/** The frames of a run, made small: each peer has a place on a circle for as long as it is there. */

import type { Frame } from '../run.ts'
import { span } from './amount.ts'

export interface Film {
  /** Places on the circle. */
  places: number
  pictures: Picture[]
}

export interface Picture {
  time: string
  population: number
  nodes: [place: number, state: number][]
  /** With whether the owner is away, so that another stands in for it. */
  copies: [from: number, to: number, away: 0 | 1][]
  news: string[]
}

/** Of more peers than this a picture is a blot: it has their number alone. */
const MAX_PEERS = 400
/** Pictures of a film; of more every second, third… is shown. */
const MAX_PICTURES = 480

const STATES = { up: 0, frozen: 1, cut: 2 } as const

export function filmOf(frames: readonly Frame[]): Film {
  const step = Math.max(1, Math.ceil(frames.length / MAX_PICTURES))
  const places = new Map<number, number>()
  let most = 0
  let news: string[] = []
  const pictures: Picture[] = []
  for (const [number, frame] of frames.entries()) {
    // What happened between two pictures that are shown is not lost.
    news = [...news, ...frame.news]
    if (number % step !== 0) continue
    settle(places, frame)
    if (frame.nodes.length <= MAX_PEERS) for (const place of places.values()) most = Math.max(most, place + 1)
    pictures.push({ ...pictureOf(frame, places), news })
    news = []
  }
  return { places: most, pictures }
}

/** Who left frees a place; who came takes the first that is free. */
function settle(places: Map<number, number>, { nodes }: Frame): void {
  const here = new Set(nodes.map(({ id }) => id))
  for (const id of places.keys()) if (!here.has(id)) places.delete(id)
  if (nodes.length > MAX_PEERS) return places.clear()
  const taken = new Set(places.values())
  let next = 0
  for (const id of here) {
    if (places.has(id)) continue
    while (taken.has(next)) next++
    taken.add(next)
    places.set(id, next)
  }
}

function pictureOf({ at, nodes, copies }: Frame, places: ReadonlyMap<number, number>): Omit<Picture, 'news'> {
  const drawn: Picture['copies'] = copies.flatMap(({ from, to, owner }): Picture['copies'] => {
    const [writer, holder] = [places.get(from), places.get(to)]
    if (writer === undefined || holder === undefined) return []
    return [[writer, holder, places.has(owner) ? 0 : 1]]
  })
  return {
    time: span(at),
    population: nodes.length,
    nodes: nodes.flatMap(({ id, state }): Picture['nodes'] => {
      const place = places.get(id)
      return place === undefined ? [] : [[place, STATES[state]]]
    }),
    copies: drawn,
  }
}
