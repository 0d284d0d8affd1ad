/**
 * The moving picture of a small mesh: what changes from frame to frame, as compact JSON, for `projector.ts` to show.
 */
import type { Frame, Run } from '../run.ts'
import { embedded, escaped } from './html.ts'
import { project } from './projector.ts'

/** What a frame changes of the one before. Copies and places are flat lists, to be short. */
export interface Change {
  at: number
  /** Triples: place, peer, state (0 up, 1 frozen, 2 cut); state -1: the place is empty again. */
  nodes: number[]
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

const STATES = { up: 0, frozen: 1, cut: 2 } as const

/** Who comes gets the lowest place that is free, and keeps it. */
export function filmOf({ frames, happenings }: Pick<Run, 'frames' | 'happenings'>): Film {
  const placeOf = new Map<number, number>()
  const stateOf = new Map<number, number>()
  const free: number[] = []
  let places = 0
  let copies = new Set<string>()
  const changes = frames.map((frame): Change => {
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
    return { at: frame.at, nodes, gone: numbers(gone), come: numbers(come), news: frame.news }
  })
  return { places, changes, happenings }
}

export const SCRIPT = `(${project.toString()})(document)`

export function movieOf({ seed, frames, happenings }: Run, command: string): string {
  return `<h2>The mesh, moving</h2>
<figure class="movie"><svg viewBox="0 0 400 400" role="img" aria-label="Peers on a circle, each copy of a state a line from who writes it to who holds it"><g id="copies"></g><g id="peers"></g></svg>
<div class="controls"><button type="button" id="play">Play</button><input id="scrub" type="range" min="0" max="${frames.length - 1}" value="0" aria-label="Time"></div>
<p class="news"><b id="clock"></b> <span id="news"></span></p>
<noscript><p>The picture moves with JavaScript only.</p></noscript>
<figcaption>Run with seed ${seed}: peers keep their place while they are there; a line is a copy, from who writes to who holds it, and is green where another stands in for its owner. <span class="dot" style="background:var(--mean)"></span>up <span class="dot" style="background:var(--run);border:1.5px solid var(--text)"></span>frozen <span class="dot" style="background:var(--wrong)"></span>cut off<code>${escaped(command)}</code></figcaption>
<script type="application/json" id="film">${embedded(filmOf({ frames, happenings }))}</script></figure>`
}

function keyOf({ from, to, owner }: Frame['copies'][number]): string {
  return `${from},${to},${owner}`
}

function numbers(keys: readonly string[]): number[] {
  return keys.flatMap((key) => key.split(',').map(Number))
}
