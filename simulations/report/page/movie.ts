/**
 * The moving picture of a small mesh: its film, its controls, and the script that shows it (`projector.ts`).
 */
import type { Run } from '../run.ts'
import { filmOf } from './film.ts'
import { command, embedded } from './html.ts'
import { project } from './projector.ts'

export const SCRIPT = `(${project.toString()})(document)`

export function movieOf({ seed, frames, happenings }: Run, again: string): string {
  return `<h2>The mesh, moving</h2>
<figure class="movie"><svg viewBox="0 0 400 400" role="img" aria-label="Peers on a circle, each copy of a state a line from who writes it to who holds it"><g id="film-copies"></g><g id="film-peers"></g></svg>
<div class="controls"><button type="button" id="play">Play</button><input id="scrub" type="range" min="0" max="${frames.length - 1}" value="0" aria-label="Time"></div>
<p class="news"><b id="clock"></b> <span id="news"></span></p>
<noscript><p>The picture moves with JavaScript only.</p></noscript>
<figcaption>Run with seed ${seed}: peers keep their place while they are there; a line is a copy, from who writes to who holds it, and is green where another stands in for its owner. <span class="dot" style="background:var(--mean)"></span>up <span class="dot" style="background:var(--run);border:1.5px solid var(--text)"></span>frozen <span class="dot" style="background:var(--wrong)"></span>cut off${command(again)}</figcaption>
<script type="application/json" id="film">${embedded(filmOf({ frames, happenings }))}</script></figure>`
}
