/** What the picture of the mesh is drawn with: faces, doors, marks and their legend. */
import { css, html, nothing, svg } from 'lit'
import type { Entrance } from '#node/api'
import { text } from '../text/index.ts'
import type { Point } from './places.ts'
import type { MeshView } from './view.ts'

export const marks = css`
  .line { fill: none; stroke: var(--moss); stroke-width: 2.5; stroke-linecap: round; }
  .line.relayed { stroke: var(--amber); stroke-dasharray: 0.1 6.5; stroke-width: 3; }
  .line.turn { stroke: var(--amber); }
  .line.call { stroke: var(--accent); stroke-width: 6; }
  .line.entrance { stroke: var(--soft); stroke-width: 1.5; opacity: 0.6; }
  .line.entrance.knock { stroke-dasharray: 0.1 6.5; animation: walk 0.9s linear infinite; }
  @keyframes walk { to { stroke-dashoffset: -13.2; } }
  .face text { fill: #fff8ee; font: 600 16px var(--serif); }
  .face.me circle { fill: var(--accent); }
  .face.me text { fill: var(--on-accent); font: 600 13px var(--sans); }
  .face.small text { font-size: 11px; }
  .rank circle { fill: var(--moss); stroke: var(--card); stroke-width: 2; }
  .rank text { fill: var(--card); font: 700 11px var(--sans); }
  .egg, .turnstile { fill: var(--amber); stroke: var(--card); stroke-width: 2; }
  .apart { opacity: 0.45; }
  circle.apart { fill: var(--soft); }
  .ring { fill: none; stroke: var(--accent); stroke-width: 3; }
  .door path { fill: var(--card); stroke: var(--soft); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
  .door.connected path { stroke: var(--moss); }
  .door.lost path, .door.refused path { stroke: var(--danger); }
  .door.left .leaf { stroke-dasharray: 2 4; }
`

export function face({ x, y }: Point, size: number, letters: string, fill: string | undefined) {
  const kind = fill === undefined ? 'me' : size < 16 ? 'small' : ''
  return svg`<g class="face ${kind}">
    <circle cx=${x} cy=${y} r=${size} fill=${fill ?? nothing} /><text x=${x} y=${y + 0.5}>${letters}</text>
  </g>`
}

/** Whoever has a copy of mine: 1 is the first to stand in. */
export function badge({ x, y }: Point, rank: number) {
  return svg`<g class="rank"><circle cx=${x} cy=${y} r="8.5" /><text x=${x} y=${y + 0.5}>${rank}</text></g>`
}

/** I have a copy of theirs. */
export function egg({ x, y }: Point) {
  return svg`<ellipse class="egg" cx=${x} cy=${y} rx="6" ry="7.5" />`
}

export function turnstile({ x, y }: Point) {
  return svg`<path class="turnstile" d="M${x} ${y - 8}l8 8l-8 8l-8 -8Z" />`
}

/** An entrance, square for a bootstrap and round for a peer: crossed out when it is gone, in dashes when it was left because it is not needed. */
export function door({ x, y }: Point, { kind, url, state }: Entrance, named: boolean) {
  const crossed = state === 'lost' || state === 'refused'
  return svg`<g class="door ${state}" data-door=${state}>
    <title>${url}</title>
    <path class="leaf" d=${
      kind === 'peer'
        ? `M${x - 11} ${y}a11 11 0 0 1 22 0a11 11 0 0 1 -22 0`
        : `M${x - 9} ${y + 12}v-22a2 2 0 0 1 2 -2h14a2 2 0 0 1 2 2v22ZM${x + 4.5} ${y + 1}v0.1`
    } />
    ${crossed ? svg`<path d="M${x - 15} ${y - 15}l30 30M${x + 15} ${y - 15}l-30 30" />` : nothing}
    ${named ? svg`<text class="aside" x=${x} y=${y + 24}>${short(URL.canParse(url) ? new URL(url).host : url, 22)}</text>` : nothing}
  </g>`
}

/** Only of what is there to see. */
export function legend({ mates }: MeshView) {
  const t = text.mesh.legend
  const links = mates.flatMap(({ link }) => (link === undefined ? [] : [link]))
  const line = (kind: string) => svg`<line class="line ${kind}" x1="2" y1="10" x2="34" y2="10" />`
  const at = { x: 18, y: 10 }
  const entries = [
    { words: t.direct, drawn: line(''), seen: links.some(({ direct, turn }) => direct && !turn) },
    {
      words: t.turn,
      drawn: svg`${line('turn')}${turnstile(at)}`,
      seen: links.some(({ direct, turn }) => direct && turn),
    },
    { words: t.relayed, drawn: line('relayed'), seen: links.some(({ direct }) => !direct) },
    { words: t.call, drawn: line('call'), seen: mates.some(({ inCall }) => inCall) },
    { words: t.holder, drawn: badge(at, 1), seen: mates.some(({ rank }) => rank !== undefined) },
    {
      words: t.apart,
      drawn: svg`<circle class="apart" cx="18" cy="10" r="8" />`,
      seen: mates.some(({ link }) => link === undefined),
    },
    { words: t.held, drawn: egg(at), seen: mates.some(({ held }) => held) },
  ]
  return html`<ul class="legend" aria-hidden="true">
    ${entries.map(({ words, drawn, seen }) =>
      seen ? html`<li><svg viewBox="0 0 36 20">${drawn}</svg>${words}</li>` : nothing,
    )}
  </ul>`
}

/** Cut where it would run into what is beside it. */
export function short(words: string, letters: number): string {
  const all = [...words]
  return all.length <= letters ? words : `${all.slice(0, letters - 1).join('')}…`
}
