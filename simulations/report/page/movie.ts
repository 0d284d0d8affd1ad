/** The moving picture of a small mesh: a canvas, its controls, the film as data, and the script that plays it. */
import { createHash } from 'node:crypto'
import type { Run } from '../run.ts'
import { filmOf } from './film.ts'
import { html, json, Markup } from './html.ts'
import { player } from './player.ts'

/** What a page is allowed to run: this script and no other. */
export const script = `(${player.toString()})()`

export function scriptHash(): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}

/** Of the first run that has pictures. */
export function movie(runs: readonly Run[]): Markup | undefined {
  const run = runs.find(({ frames }) => frames.length > 1)
  if (run === undefined) return undefined
  const film = filmOf(run.frames)
  return html`<section><h2>The mesh, moving</h2>
<figure class="movie" id="movie">
<canvas role="img" aria-label="Peers on a circle, with a line for each copy of a state from who writes it to who holds it. What changes is said below."></canvas>
<div class="controls"><button type="button">Play</button><input type="range" min="0" max="${film.pictures.length - 1}" value="0" step="1" aria-label="Time"><output></output></div>
<p class="news" aria-live="polite"></p>
<noscript><p class="warning">The moving picture needs JavaScript; all else here does not.</p></noscript>
<figcaption>Seed ${run.seed}. Each dot is a peer, which keeps its place for as long as it is there: a disc is up, a grey square stands still, a red ring is cut off. A line leads from who writes a state to each who holds a copy; it is orange where the owner is away and another stands in. Space plays and pauses, arrow keys move in time, when the button or the slider has the focus.</figcaption>
</figure>
<script type="application/json" id="film">${json(film)}</script>
<script>${new Markup(script)}</script></section>`
}
