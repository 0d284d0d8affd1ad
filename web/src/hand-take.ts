/**
 * `<colonia-take>`: a field for a text that one was given, and where the browser can read codes, its camera.
 * Dispatches `take` with the text. Other browsers have no scanner here: a phone's own camera opens the link.
 */
import { css, html, LitElement, nothing } from 'lit'
import { icon } from './icons.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'

/** https://wicg.github.io/shape-detection-api/, in Chromium on Android, macOS and ChromeOS. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
const BarcodeDetector = (globalThis as { BarcodeDetector?: new (options: { formats: string[] }) => Detector })
  .BarcodeDetector
/** From one look at the camera's picture to the next, in milliseconds. */
const LOOK = 200

export class Take extends LitElement {
  static override styles = [
    base,
    css`
      form { display: grid; gap: 0.9rem; }
      textarea { font: 0.875rem/1.5 var(--mono); color: var(--ink); background: var(--paper); width: 100%; border: 1.5px solid var(--line); border-radius: 0.75rem; padding: 0.5rem 0.8rem; resize: vertical; }
      video { width: min(100%, 22rem); aspect-ratio: 1; object-fit: cover; border-radius: 0.75rem; background: #000; }
    `,
  ]
  static override properties = {
    label: { attribute: false },
    action: { attribute: false },
    busy: { type: Boolean },
    camera: { state: true },
    blind: { state: true },
  }
  declare label: string
  declare action: string
  declare busy: boolean
  declare private camera: MediaStream | undefined
  declare private blind: boolean

  constructor() {
    super()
    this.busy = false
    this.blind = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#close()
  }

  override render() {
    const t = text.hand
    return html`<form @submit=${this.#submit}>
      <div>
        <label for="pasted">${this.label}</label>
        <textarea id="pasted" rows="3" required autocomplete="off" autocapitalize="none" spellcheck="false"></textarea>
      </div>
      ${this.camera === undefined ? nothing : html`<video autoplay muted playsinline aria-label=${t.scanning} .srcObject=${this.camera}></video><p class="soft small">${t.scanning}</p>`}
      ${this.blind ? html`<p class="soft small" role="status">${t.noCamera}</p>` : nothing}
      <div class="row">
        <button class="main" ?disabled=${this.busy}>${this.action}</button>
        ${
          BarcodeDetector === undefined || this.camera !== undefined
            ? nothing
            : html`<button type="button" ?disabled=${this.busy} @click=${this.#scan}>${icon('qr')}${t.scan}</button>`
        }
      </div>
    </form>`
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault()
    this.#take(this.renderRoot.querySelector('textarea')?.value ?? '')
  }

  #take(detail: string): void {
    this.#close()
    this.dispatchEvent(new CustomEvent('take', { detail }))
  }

  async #scan(): Promise<void> {
    if (BarcodeDetector === undefined) return
    const camera = await navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .catch(() => undefined)
    this.blind = camera === undefined
    this.camera = camera
    await this.updateComplete
    const video = this.renderRoot.querySelector('video')
    const detector = new BarcodeDetector({ formats: ['qr_code'] })
    while (video !== null && this.camera === camera && this.isConnected) {
      // A picture that is not there yet cannot be read.
      const codes = await detector.detect(video).catch(() => [])
      const found = codes.find(({ rawValue }) => /meet=/i.test(rawValue))
      if (found !== undefined) return this.#take(found.rawValue)
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  #close(): void {
    for (const track of this.camera?.getTracks() ?? []) track.stop()
    this.camera = undefined
  }
}

customElements.define('colonia-take', Take)
