/** `<colonia-level>`: a live meter of a microphone, so that one knows one is heard before anybody listens. */
import { css, html, LitElement, type PropertyValues } from 'lit'
import { base } from './style.ts'
import { text } from './text/index.ts'

/** Speech sits between a whisper and full scale: the meter's range in decibels. */
const FLOOR_DB = -60
/** How often screen readers are told. */
const SPOKEN_MILLIS = 1000

export class Level extends LitElement {
  static override styles = [
    base,
    css`
      .track { height: 0.5rem; border-radius: 999px; background: var(--wash); border: 1px solid var(--line); overflow: hidden; }
      .bar { height: 100%; background: var(--moss); transform: scaleX(var(--level, 0)); transform-origin: left; }
    `,
  ]
  static override properties = { track: { attribute: false } }
  declare track: MediaStreamTrack | undefined
  #stop: (() => void) | undefined

  override render() {
    return html`<div class="track" role="meter" aria-label=${text.device.level} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><div class="bar"></div></div>`
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('track')) this.#follow()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
  }

  #follow(): void {
    this.#stop?.()
    const bar = this.renderRoot.querySelector<HTMLElement>('.bar')
    if (this.track === undefined || bar === null) return
    const audio = new AudioContext()
    const analyser = new AnalyserNode(audio, { fftSize: 1024 })
    audio.createMediaStreamSource(new MediaStream([this.track])).connect(analyser)
    // Without a gesture on the page a browser may keep audio asleep; the first touch wakes it.
    const wake = () => void audio.resume()
    addEventListener('pointerdown', wake)

    const samples = new Float32Array(analyser.fftSize)
    let shown = 0
    let spokenAt = 0
    let frame = 0
    const draw = (now: number) => {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      const level = Math.min(1, Math.max(0, 1 - (10 * Math.log10(power + 1e-9)) / FLOOR_DB))
      // Up at once, down slowly, as meters do.
      shown = Math.max(level, shown * 0.92)
      bar.style.setProperty('--level', shown.toFixed(3))
      if (now - spokenAt > SPOKEN_MILLIS) {
        spokenAt = now
        bar.parentElement?.setAttribute('aria-valuenow', String(Math.round(shown * 100)))
      }
      frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)

    this.#stop = () => {
      this.#stop = undefined
      cancelAnimationFrame(frame)
      removeEventListener('pointerdown', wake)
      bar.style.setProperty('--level', '0')
      void audio.close()
    }
  }
}

customElements.define('colonia-level', Level)
