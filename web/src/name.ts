/** `<colonia-name>`: the name that others see. Remembered, and told to the node as it is typed. */
import { html, LitElement, noChange } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

export class Name extends LitElement {
  static override styles = base
  static override properties = { session: { attribute: false } }
  declare session: Session

  constructor() {
    super()
    new Watch(this, () => this.session)
  }

  override render() {
    // What is being typed is left alone.
    const typing = this.shadowRoot?.activeElement !== null
    return html`
      <label for="name">${text.name}</label>
      <input id="name" autocomplete="name" maxlength="64" placeholder=${text.namePlaceholder}
        .value=${typing ? noChange : live(this.session.name)} @input=${this.#onInput}>
    `
  }

  #onInput(event: Event & { target: HTMLInputElement }): void {
    this.session.name = event.target.value.trim()
  }
}

customElements.define('colonia-name', Name)
