/** `<colonia-devices>`: which camera, which microphone, a meter, and what is wrong with either. */
import { css, html, LitElement, nothing } from 'lit'
import './level.ts'
import type { Capture } from './capture.ts'
import { icon } from './icons.ts'
import { KINDS, type Kind } from './media.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

export class Devices extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: grid; gap: 1rem; }
      colonia-level { margin-top: 0.6rem; }
      .trouble { display: flex; gap: 0.75rem; background: var(--wash); border-radius: 0.75rem; padding: 0.8rem 0.9rem; margin-top: 0.6rem; font-size: 0.9375rem; }
      .trouble .icon { color: var(--amber); margin-top: 0.1rem; }
      .trouble button { min-height: 2.25rem; padding-block: 0.2rem; margin-top: 0.5rem; }
    `,
  ]
  static override properties = { capture: { attribute: false } }
  declare capture: Capture

  constructor() {
    super()
    new Watch(this, () => this.capture)
  }

  override render() {
    return KINDS.toReversed().map((kind) => this.#device(kind))
  }

  #device(kind: Kind) {
    const name = kind === 'audio' ? text.device.microphone : text.device.camera
    // Browsers that hide the names before permission list a nameless device; it is no choice yet.
    const devices = this.capture.devices.filter(
      (device) => device.kind === `${kind}input` && device.deviceId !== '',
    )
    const current = this.capture[kind].track?.getSettings().deviceId ?? this.capture[kind].deviceId
    return html`<div>
      <label for=${kind}>${name}</label>
      <select id=${kind} ?disabled=${devices.length === 0}
        @change=${(event: Event & { target: HTMLSelectElement }) => this.capture.choose(kind, event.target.value)}>
        ${devices.length === 0 ? html`<option>${this.capture[kind].trouble === 'missing' ? text.device.none : '—'}</option>` : nothing}
        ${devices.map(
          (device, index) => html`<option value=${device.deviceId} ?selected=${device.deviceId === current}>
            ${device.label || text.device.numbered(name, index + 1)}
          </option>`,
        )}
      </select>
      ${kind === 'audio' ? html`<colonia-level .track=${this.capture.sends('audio') ? this.capture.audio.track : undefined}></colonia-level>` : nothing}
      ${this.#trouble(kind)}
    </div>`
  }

  #trouble(kind: Kind) {
    const trouble = this.capture[kind].trouble
    if (trouble === undefined) return nothing
    const { title, what, todo } = text.media[kind][trouble]
    return html`<div class="trouble" role="alert" data-trouble=${trouble}>
      ${icon('warning')}
      <div>
        <strong>${title}</strong>
        <p class="soft">${what} ${todo}</p>
        ${
          trouble === 'insecure'
            ? nothing
            : html`<button @click=${() => this.capture.turn(kind, true)}>${icon('again')}${text.device.tryAgain}</button>`
        }
      </div>
    </div>`
  }
}

customElements.define('colonia-devices', Devices)
