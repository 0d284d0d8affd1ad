/** `<colonia-name>`: the name that others see. Remembered, and told to the node as it is typed. */
import { html, LitElement } from 'lit'
import { recall, remember } from './memory.ts'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'

export class Name extends LitElement {
  static override styles = base
  static override properties = { session: { attribute: false } }
  declare session: Session

  override render() {
    return html`
      <label for="name">${text.name}</label>
      <input id="name" autocomplete="name" maxlength="64" placeholder=${text.namePlaceholder}
        .value=${recall('name') ?? ''} @input=${this.#onInput}>
    `
  }

  #onInput(event: Event & { target: HTMLInputElement }): void {
    const name = event.target.value.trim()
    remember('name', name)
    if (this.session.node !== undefined) this.session.node.name = name
  }
}

customElements.define('colonia-name', Name)
