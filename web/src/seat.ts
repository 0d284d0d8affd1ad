/** `<colonia-seat>`: the page is back after a while, and the call it was in goes on. Back into it, or out of it? */
import { css, html, LitElement, nothing } from 'lit'
import { avatar } from './avatar.ts'
import { icon } from './icons.ts'
import type { Line } from './line.ts'
import { shorten } from './peer.ts'
import { stage } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { duration, SecondHand } from './time.ts'
import { Watch } from './watch.ts'

export class SeatScreen extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      section { min-height: calc(100dvh - 4.5rem); display: grid; place-content: center; justify-items: center; gap: 1.25rem; text-align: center; padding: 1.5rem; }
      p { max-width: 24rem; font-variant-numeric: tabular-nums; }
      .ways { display: grid; gap: 0.75rem; margin-top: 0.75rem; width: min(100%, 20rem); }
      @media (min-width: 48rem) { .ways { display: flex; justify-content: center; width: auto; } }
    `,
  ]
  static override properties = { line: { attribute: false } }
  declare line: Line

  constructor() {
    super()
    new Watch(this, () => this.line)
    new SecondHand(this)
  }

  override render() {
    const { state } = this.line
    if (state.type !== 'seat') return nothing
    const { call, until, elsewhere } = state.found
    const who = call.peerName || shorten(call.peer)
    const t = text.seat
    return html`<main><section role="alertdialog" aria-labelledby="who" aria-describedby="how">
      ${avatar(call.peer, call.peerName)}
      <h1 id="who" tabindex="-1">${t.title(who)}</h1>
      <p id="how" class="soft">${elsewhere ? t.elsewhere : nothing} ${t.kept(duration(until - Date.now()))}</p>
      <div class="ways">
        <button class="main big" @click=${() => this.line.rejoin()}>${icon('phone')}${t.rejoin}</button>
        <button class="danger big" @click=${() => this.line.hangUp()}>${icon('hangUp')}${t.leave}</button>
      </div>
    </section></main>`
  }
}

customElements.define('colonia-seat', SeatScreen)
