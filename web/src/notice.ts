/** `<colonia-notice>`: a screen that says what happened and what to do. The buttons come in its slot. */
import { css, html, LitElement, nothing } from 'lit'
import { mark } from './icons.ts'
import { base } from './style.ts'
import type { Explanation } from './text/explanation.ts'

export class Notice extends LitElement {
  static override styles = [
    base,
    css`
      main { min-height: calc(100dvh - 4.5rem); display: grid; place-content: center; justify-items: center; padding: 1.25rem; }
      .card { max-width: 34rem; display: grid; gap: 1rem; }
      .mark { width: 3.5rem; color: var(--accent); }
      h1 { font-size: clamp(1.6rem, 1.3rem + 1.2vw, 2.1rem); }
      .detail { font-size: 0.9375rem; background: var(--wash); padding: 0.6rem 0.9rem; border-radius: 0.75rem; overflow-wrap: anywhere; }
      .row { margin-top: 0.5rem; }
      @media (max-width: 30rem) { ::slotted(button) { flex: auto; } }
    `,
  ]
  static override properties = { explanation: { attribute: false }, detail: {} }
  declare explanation: Explanation
  declare detail: string | undefined

  override render() {
    const { title, what, todo } = this.explanation
    return html`<main>
      <div class="card">
        ${mark}
        <h1 tabindex="-1">${title}</h1>
        <p>${what}</p>
        ${this.detail ? html`<p class="detail">${this.detail}</p>` : nothing}
        ${todo === '' ? nothing : html`<p class="soft">${todo}</p>`}
        <slot name="more"></slot>
        <div class="row"><slot></slot></div>
      </div>
    </main>`
  }
}

customElements.define('colonia-notice', Notice)
