/** `<colonia-incoming>`: someone calls. Three ways to answer, and the title flashes for those in another tab. */
import { css, html, LitElement } from 'lit'
import { avatar } from './avatar.ts'
import { icon } from './icons.ts'
import type { Line } from './line.ts'
import { shorten } from './peer.ts'
import { stage } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { SecondHand } from './time.ts'
import { Watch } from './watch.ts'

const TITLE = document.title

export class Incoming extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      section { min-height: calc(100dvh - 4.5rem); display: grid; place-content: center; justify-items: center; gap: 1.25rem; text-align: center; padding: 1.5rem; }
      .halo { border-radius: 50%; animation: call 1.8s infinite ease-out; }
      @keyframes call {
        from { box-shadow: 0 0 0 0 color-mix(in srgb, var(--accent) 45%, transparent); }
        to { box-shadow: 0 0 0 2.5rem transparent; }
      }
      .id { font: 0.8125rem var(--mono); color: var(--soft); overflow-wrap: anywhere; max-width: 22rem; }
      .ways { display: grid; gap: 0.75rem; margin-top: 0.75rem; width: min(100%, 20rem); }
      @media (min-width: 48rem) { .ways { display: flex; width: auto; } }
    `,
  ]
  static override properties = { line: { attribute: false } }
  declare line: Line

  constructor() {
    super()
    new Watch(this, () => this.line)
    new SecondHand(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('keydown', this.#onKey)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('keydown', this.#onKey)
    document.title = TITLE
  }

  override render() {
    const call = this.line.call
    const who = call?.peerName || text.somebody
    const t = text.incoming
    return html`<main><section role="alertdialog" aria-modal="true" aria-labelledby="who" aria-describedby="id">
      <div class="halo">${avatar(call?.peer ?? '', call?.peerName)}</div>
      <h1 id="who" tabindex="-1">${t.title(who)}</h1>
      <p id="id" class="id">${call?.peer}</p>
      <div class="ways">
        <button class="main big" @click=${() => this.line.answer({ video: true })}>${icon('camera')}${t.video}</button>
        <button class="big" @click=${() => this.line.answer({ video: false })}>${icon('mic')}${t.audio}</button>
        <button class="danger big" aria-keyshortcuts="Escape" @click=${() => this.line.hangUp()}>${icon('hangUp')}${t.decline}</button>
      </div>
    </section></main>`
  }

  /** Runs at least once a second, which is the pace of the flashing. */
  override updated(): void {
    const call = this.line.call
    const flash = text.incoming.flash(call?.peerName || shorten(call?.peer ?? ''))
    document.title = Math.floor(Date.now() / 1000) % 2 === 0 ? flash : TITLE
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.line.hangUp()
  }
}

customElements.define('colonia-incoming', Incoming)
