/**
 * `<colonia-mesh>`: the live mesh in a picture. Me in the middle, peers around me, entrances above. What a line and
 * a mark mean is said below it; the lists of the nest say in words all that it shows.
 */
import { css, html, LitElement, nothing, svg } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Entrance, PeerId } from '#node/api'
import { colour, hue, initial } from '../avatar.ts'
import { shorten } from '../peer.ts'
import type { Session } from '../session.ts'
import { base } from '../style.ts'
import { text } from '../text/index.ts'
import { SecondHand } from '../time.ts'
import { Watch } from '../watch.ts'
import { badge, door, egg, face, legend, marks, short, turnstile } from './marks.ts'
import { AIRY, between, type Point, pointAt, settle } from './places.ts'
import { type Mate, viewOf } from './view.ts'

/** All of it in units of the picture, which is 360 wide, as a small phone is. */
const ME: Point = { x: 180, y: 205 }
const RADIUS = 122
const DOORS = 22
/** Names are written while they do not run into each other; the lists have them all. */
const FEW_DOORS = 2
/** Letters of a name under a face. */
const LETTERS = 10

export class Mesh extends LitElement {
  static override styles = [
    base,
    marks,
    css`
      .picture { display: block; width: 100%; max-width: 26rem; margin: 0.5rem auto 0; font: 600 12px var(--sans); }
      .picture > g { animation: appear 0.4s ease-out; }
      @keyframes appear { from { opacity: 0; } }
      text { fill: var(--ink); text-anchor: middle; dominant-baseline: central; }
      .name, .aside { paint-order: stroke; stroke: var(--card); stroke-width: 6px; stroke-linejoin: round; }
      .aside { fill: var(--soft); font-size: 11px; font-weight: 400; font-variant-numeric: tabular-nums; }
      .edge { stroke: var(--soft); opacity: 0.45; }
      .legend { list-style: none; margin: 0.25rem 0 0; padding: 0; display: flex; flex-wrap: wrap; justify-content: center; gap: 0.2rem 1rem; font-size: 0.8125rem; color: var(--soft); }
      .legend li { display: inline-flex; align-items: center; gap: 0.4rem; }
      .legend svg { width: 1.8rem; height: 1rem; flex: none; }
      .more { text-align: center; margin-top: 0.4rem; }
    `,
  ]
  static override properties = { session: { attribute: false } }
  declare session: Session
  readonly #places = new Map<PeerId, number>()

  constructor() {
    super()
    new Watch(this, () => this.session)
    new Watch(this, () => this.session.book)
    // Round trips change without an event.
    new SecondHand(this)
  }

  override render() {
    const { node } = this.session
    if (node === undefined) return nothing
    const view = viewOf(node)
    const peers = view.mates.map(({ peer }) => peer)
    settle(this.#places, peers, (peer) => hue(peer) / 360)
    const drawn = view.mates.filter(({ peer }) => this.#places.has(peer))
    const few = drawn.length <= AIRY
    const open = view.entrances.filter(({ state }) => state === 'connected').length
    const more = view.mates.length - drawn.length
    return html`
      <svg class="picture" viewBox="0 0 360 372" role="img" aria-label=${text.mesh.picture(node.links.length, open)}>
        ${view.edges.map(([one, other]) => this.#edge(one, other))}
        ${view.entrances.map((entrance, index) => entranceAt(entrance, index, view.entrances.length))}
        ${repeat(drawn, keyOf, (mate) => this.#way(mate, few))}
        ${face(ME, 24, text.mesh.me, undefined)}
        ${repeat(drawn, keyOf, (mate) => this.#mate(mate, few, drawn.length > 16 ? 12 : few ? 19 : 15))}
      </svg>
      ${legend(view)}
      ${more > 0 ? html`<p class="more soft small">${text.mesh.more(more)}</p>` : nothing}
    `
  }

  #point(peer: PeerId): Point {
    return pointAt(this.#places.get(peer) ?? 0, ME, RADIUS)
  }

  #edge(one: PeerId, other: PeerId) {
    if (!this.#places.has(one) || !this.#places.has(other)) return nothing
    return line('edge', this.#point(one), this.#point(other))
  }

  #way({ peer, link, inCall }: Mate, few: boolean) {
    if (link === undefined) return svg`<g></g>`
    const to = this.#point(peer)
    const kind = link.direct ? (link.turn ? 'turn' : 'direct') : 'relayed'
    const label = between(ME, to, 0.55)
    return svg`<g data-way=${kind}>
      ${line(`line ${kind} ${inCall ? 'call' : ''}`, ME, to)}
      ${kind === 'turn' ? turnstile(between(ME, to, few ? 0.3 : 0.6)) : nothing}
      ${few && link.rtt !== undefined ? svg`<text class="aside" x=${label.x} y=${label.y}>${text.mesh.roundTrip(link.rtt)}</text>` : nothing}
    </g>`
  }

  #mate({ peer, link, rank, held, inCall }: Mate, few: boolean, size: number) {
    const at = this.#point(peer)
    const name = this.session.nameOf(peer)
    const [off, up] = [size * 0.8, at.y - size * 0.7]
    // Out of the way of the line to it.
    const under = at.y < ME.y - 30 ? -size - 13 : size + 12
    return svg`<g class=${link === undefined ? 'apart' : ''} data-mate=${peer}>
      <title>${name ?? peer}</title>
      ${inCall ? svg`<circle class="ring" cx=${at.x} cy=${at.y} r=${size + 4} />` : nothing}
      ${face(at, size, initial(peer, name), colour(peer))}
      ${held ? egg({ x: at.x - off, y: up }) : nothing}
      ${rank === undefined ? nothing : badge({ x: at.x + off, y: up }, rank)}
      ${few ? svg`<text class="name" x=${at.x} y=${at.y + under}>${short(name ?? shorten(peer), LETTERS)}</text>` : nothing}
    </g>`
  }
}

function keyOf({ peer }: Mate): PeerId {
  return peer
}

function line(kind: string, from: Point, to: Point) {
  return svg`<line class=${kind} x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />`
}

/** One of `count` doors above the mesh, with a line to it while it is used or knocked at. */
function entranceAt(entrance: Entrance, index: number, count: number) {
  const at = { x: Math.round((360 * (index + 1)) / (count + 1)), y: DOORS }
  const { state } = entrance
  const used = state === 'connected' || state === 'connecting'
  const named = count <= FEW_DOORS
  return svg`<g>
    ${used ? line(`line entrance ${state === 'connected' ? '' : 'knock'}`, ME, { x: at.x, y: at.y + (named ? 33 : 15) }) : nothing}
    ${door(at, entrance, named)}
  </g>`
}

customElements.define('colonia-mesh', Mesh)
