/** `<colonia-outgoing>`: on the way to someone, until they answer. Ants walk the trail from me to them. */
import { css, html, LitElement } from 'lit'
import type { PeerId } from '#node/api'
import { avatar } from './avatar.ts'
import { icon, mark } from './icons.ts'
import type { Line } from './line.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { stage } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

export class Outgoing extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      main { min-height: calc(100dvh - 4.5rem); display: grid; place-content: center; justify-items: center; gap: 1.5rem; text-align: center; padding: 1.5rem; }
      .trail { display: flex; align-items: center; gap: 1rem; color: var(--accent); }
      .mark { width: 4rem; }
      .trail svg.path { width: clamp(5rem, 24vw, 11rem); height: 3rem; fill: none; stroke: currentColor; stroke-width: 5; stroke-linecap: round; stroke-dasharray: 0.1 13; }
      .trail svg.path path { animation: walk 0.9s linear infinite; }
      [data-phase='starting'] svg.path, [data-phase='calling'] svg.path { opacity: 0.55; }
      @keyframes walk { to { stroke-dashoffset: -13.1; } }
      .phase { font-size: 1.125rem; color: var(--soft); }
    `,
  ]
  static override properties = { session: { attribute: false }, line: { attribute: false } }
  declare session: Session
  declare line: Line

  constructor() {
    super()
    new Watch(this, () => this.session)
    new Watch(this, () => this.line)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('keydown', this.#onKey)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('keydown', this.#onKey)
  }

  override render() {
    const { state } = this.line
    const call = this.line.call
    const peer: PeerId = state.type === 'dialing' ? state.peer : (call?.peer ?? '')
    const phase = state.type === 'dialing' ? 'starting' : (call?.phase ?? 'ended')
    const words = state.type === 'answering' ? text.call.opening : text.call.phase[phase]
    const name = call?.peerName || this.session.nameOf(peer)
    const who = name || shorten(peer)
    return html`<main data-phase=${phase}>
      <div class="trail" aria-hidden="true">
        ${mark}
        <svg class="path" viewBox="0 0 160 44"><path d="M6 30C40 4 60 4 82 22S128 40 154 14" /></svg>
        ${avatar(peer, name)}
      </div>
      <h1 tabindex="-1">${call?.direction === 'incoming' ? text.call.with(who) : text.call.calling(who)}</h1>
      <p class="phase">${words}</p>
      <button class="danger big" aria-keyshortcuts="Escape" @click=${() => this.line.hangUp()}>${icon('hangUp')}${text.call.cancel}</button>
    </main>`
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.line.hangUp()
  }
}

customElements.define('colonia-outgoing', Outgoing)
