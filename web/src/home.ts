/** `<colonia-home>`: who I am, my link to give away, and a field for the link I was given. */
import { css, html, LitElement, nothing } from 'lit'
import './entrance.ts'
import './letters.ts'
import './name.ts'
import './pass-on.ts'
import './people.ts'
import { icon, mark } from './icons.ts'
import { findPeer, linkTo } from './peer.ts'
import { qr } from './qr.ts'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

export class Home extends LitElement {
  static override styles = [
    base,
    css`
      main { max-width: 68rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem) clamp(1rem, 4vw, 2rem) 3rem; }
      .hero { display: grid; gap: 0.75rem; margin-bottom: clamp(1.5rem, 4vw, 2.75rem); max-width: 40rem; }
      .hero p { font-size: 1.125rem; }
      .hero colonia-entrance { margin-top: 0.25rem; }
      .cards { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
      .card > * + * { margin-top: 1.1rem; }
      .card h2 + p { margin-top: 0.35rem; }
      .link { font: 0.875rem/1.5 var(--mono); overflow-wrap: anywhere; user-select: all; background: var(--wash); border-radius: 0.75rem; padding: 0.7rem 0.9rem; min-height: 4.2em; }
      .link.making { color: var(--soft); font-family: inherit; }
      .qr { display: block; width: min(100%, 15rem); border-radius: 0.75rem; border: 1px solid var(--line); }
      form .row { flex-wrap: nowrap; }
      .error { color: var(--danger); margin-top: 0.5rem; }
      .more { border-top: 1px solid var(--line); padding-top: 1.25rem; margin-top: 1.6rem; }
      .mark { width: 7rem; color: var(--accent); opacity: 0.9; }
      .top { display: flex; justify-content: space-between; align-items: center; gap: 2rem; }
      .side { display: none; }
      @media (min-width: 48rem) { .side { display: block; } .mark { width: 9.5rem; margin-right: 2rem; } }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    showQr: { state: true },
    wrong: { state: true },
  }
  declare session: Session
  declare private showQr: boolean
  declare private wrong: boolean

  constructor() {
    super()
    this.showQr = false
    this.wrong = false
    new Watch(this, () => this.session)
    new Watch(this, () => this.session.book)
  }

  override render() {
    const t = text.home
    return html`<main>
      <div class="top">
        <div class="hero">
          <h1 tabindex="-1">${t.title}</h1>
          <p class="soft">${text.tagline}</p>
          <colonia-entrance .session=${this.session} .ready=${t.ready}></colonia-entrance>
          ${this.session.node === undefined || this.session.entrance?.state === 'connected' ? nothing : html`<p><a class="button" href="#meet">${icon('qr')}${text.hand.offer}</a></p>`}
        </div>
        <div class="side">${mark}</div>
      </div>
      <colonia-letters .session=${this.session}></colonia-letters>
      <div class="cards">
        <section class="card" aria-labelledby="mine">
          <h2 id="mine">${t.mine}</h2>
          <p class="soft">${t.mineHint}</p>
          ${this.#link()}
          <colonia-name .session=${this.session}></colonia-name>
        </section>
        <section class="card" aria-labelledby="theirs">
          <h2 id="theirs">${t.theirs}</h2>
          <p class="soft" id="hint">${t.theirsHint}</p>
          <form @submit=${this.#open} novalidate>
            <label for="whom">${t.theirsLabel}</label>
            <div class="row">
              <input id="whom" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="hint wrong"
                aria-invalid=${this.wrong} @input=${() => {
                  this.wrong = false
                }}>
              <button class="main">${t.open}</button>
            </div>
            <p id="wrong" class="error small" role="alert">${this.wrong ? t.notALink : nothing}</p>
          </form>
          ${this.#people()}
        </section>
      </div>
    </main>`
  }

  /** Who has called before knows how it works. */
  #people() {
    const { book } = this.session
    if (book !== undefined && book.people.length > 0) {
      return html`<colonia-people class="more" .book=${book}></colonia-people>`
    }
    return html`<h2 class="more">${text.home.how}</h2><p class="soft">${text.home.howText}</p>`
  }

  #link() {
    const t = text.home
    const node = this.session.node
    if (node === undefined) return html`<p class="link making">${t.making}</p>`
    const link = linkTo(node.id)
    return html`
      ${node.slot > 0 ? html`<p class="small soft">${t.anotherTab}</p>` : nothing}
      <p class="link" data-role="link">${link}</p>
      <div class="row">
        <colonia-pass-on .link=${link} .message=${t.shareText}></colonia-pass-on>
        <button aria-expanded=${this.showQr} @click=${() => {
          this.showQr = !this.showQr
        }}>${icon('qr')}${t.qr}</button>
      </div>
      ${this.showQr ? qr(link, t.qrLabel) : nothing}
    `
  }

  #open(event: SubmitEvent): void {
    event.preventDefault()
    const peer = findPeer(this.renderRoot.querySelector<HTMLInputElement>('#whom')?.value ?? '')
    this.wrong = peer === undefined
    if (peer !== undefined) location.hash = peer
  }
}

customElements.define('colonia-home', Home)
