/** `<colonia-pass-on>`: buttons that copy a link and, where the device can, share it. They stand in the row they are put in. */
import { css, html, LitElement, nothing } from 'lit'
import { icon } from './icons.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'

/** Long enough to be seen, short enough to be true: a guess. */
const COPIED_MILLIS = 2000

export class PassOn extends LitElement {
  static override styles = [base, css`:host { display: contents; }`]
  static override properties = {
    link: { attribute: false },
    message: { attribute: false },
    copied: { state: true },
  }
  declare link: string
  /** What is said beside it when it is shared. */
  declare message: string
  declare private copied: boolean

  constructor() {
    super()
    this.copied = false
  }

  override render() {
    const t = text.home
    return html`
      <button class="main" @click=${this.#copy}>
        ${icon(this.copied ? 'check' : 'copy')}<span aria-live="polite">${this.copied ? t.copied : t.copy}</span>
      </button>
      ${'share' in navigator ? html`<button @click=${this.#share}>${icon('share')}${t.share}</button>` : nothing}
    `
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.link)
    this.copied = true
    setTimeout(() => {
      this.copied = false
    }, COPIED_MILLIS)
  }

  /** Closing the sheet without sharing rejects too, and is nobody's error. */
  #share(): void {
    navigator.share({ title: 'Colonia', text: this.message, url: this.link }).catch(() => undefined)
  }
}

customElements.define('colonia-pass-on', PassOn)
