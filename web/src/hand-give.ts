/** `<colonia-give>`: a text to give away, as a QR code, to copy and to share, and for how long it is good. */
import { css, html, LitElement } from 'lit'
import './pass-on.ts'
import type { Invitation, Reply } from '#node/api'
import { qr } from './qr.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { duration, SecondHand } from './time.ts'

export class Give extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: grid; gap: 1rem; min-width: 0; }
      .qr { display: block; width: min(100%, 22rem); border-radius: 0.75rem; border: 1px solid var(--line); }
      .note { font: 0.75rem/1.5 var(--mono); overflow-wrap: anywhere; user-select: all; background: var(--wash); border-radius: 0.75rem; padding: 0.7rem 0.9rem; max-height: 6.5rem; overflow-y: auto; }
    `,
  ]
  static override properties = {
    note: { attribute: false },
    message: { attribute: false },
  }
  declare note: Invitation | Reply
  /** What is said beside it when it is shared. */
  declare message: string

  constructor() {
    super()
    new SecondHand(this)
  }

  override render() {
    const t = text.hand
    const link = `${location.origin}${location.pathname}#${this.note.text}`
    return html`
      ${qr(link, t.code)}
      <p class="note" data-role="note" tabindex="0">${link}</p>
      <div class="row">
        <colonia-pass-on .link=${link} .message=${this.message}></colonia-pass-on>
      </div>
      <p class="soft small">${t.until(duration(this.note.expires - Date.now()))}</p>
    `
  }
}

customElements.define('colonia-give', Give)
