/** `<colonia-call>`: the other large, me small, and the few things one does in a call. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Call } from '#node/api'
import './devices.ts'
import { avatar } from './avatar.ts'
import type { Capture } from './capture.ts'
import { type IconName, icon } from './icons.ts'
import type { Line } from './line.ts'
import { KINDS } from './media.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { keepKeys, stage, toggles } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { duration, SecondHand } from './time.ts'
import { Watch } from './watch.ts'

export class CallScreen extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      main { position: fixed; inset: 0; background: #14100d; color: #fff8ee; overflow: hidden; }
      video[data-role='remote'] { object-fit: contain; }
      .blank { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 1rem; background: radial-gradient(circle at 50% 42%, #33271f, #14100d 75%); }
      header { position: absolute; inset: 0 0 auto; padding: 0.9rem 4.5rem 2rem 1.1rem; background: linear-gradient(rgb(0 0 0 / 55%), transparent); text-shadow: 0 1px 3px rgb(0 0 0 / 60%); }
      h1 { font-size: 1.25rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .state { display: flex; gap: 0.5rem; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
      .notes { position: absolute; top: 4.6rem; left: 1.1rem; right: 1.1rem; }
      .notes, .notes div { display: grid; gap: 0.4rem; justify-items: start; }
      .note { display: inline-flex; align-items: center; gap: 0.4rem; background: rgb(20 16 13 / 70%); border-radius: 999px; padding: 0.25rem 0.8rem; font-size: 0.875rem; }
      .calm { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.6rem; text-align: center; background: rgb(20 16 13 / 45%); padding: 1.5rem; font-variant-numeric: tabular-nums; }
      .me { position: absolute; right: 1rem; bottom: calc(6rem + env(safe-area-inset-bottom)); width: clamp(6.5rem, 19vw, 15rem); aspect-ratio: 16 / 10; border-radius: 0.9rem; overflow: hidden; background: #33271f; box-shadow: 0 6px 24px rgb(0 0 0 / 45%); }
      .me .blank { --avatar: 2.75rem; position: static; height: 100%; background: none; }
      .controls { position: absolute; inset: auto 0 0; padding: 2.5rem 1rem calc(1.25rem + env(safe-area-inset-bottom)); display: flex; justify-content: center; gap: 0.8rem; background: linear-gradient(transparent, rgb(0 0 0 / 55%)); }
      .controls .danger { width: 4.5rem; border-radius: 999px; }
      :focus-visible { outline-color: #ffc49a; }
      dialog { color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.4rem; width: min(26rem, calc(100vw - 2rem)); box-shadow: var(--shadow); }
      dialog::backdrop { background: rgb(20 16 13 / 45%); }
      dialog .row { justify-content: space-between; flex-wrap: nowrap; margin-bottom: 1rem; }
      dialog form button { padding: 0; width: 2.75rem; }
      @media (orientation: portrait) { video[data-role='remote'] { object-fit: cover; } .me { aspect-ratio: 3 / 4; } }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    line: { attribute: false },
    capture: { attribute: false },
    silenced: { state: true },
    choosing: { state: true },
  }
  declare session: Session
  declare line: Line
  declare capture: Capture
  /** The browser wants a touch before it plays sound. */
  declare private silenced: boolean
  declare private choosing: boolean
  #awake: Promise<WakeLockSentinel | undefined> | undefined

  constructor() {
    super()
    this.silenced = false
    this.choosing = false
    new Watch(this, () => this.session)
    new Watch(this, () => this.line)
    new Watch(this, () => this.capture)
    new SecondHand(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('keydown', this.#onKey)
    // A screen that sleeps takes the camera with it. Where this is refused, the call goes on all the same.
    this.#awake = navigator.wakeLock?.request('screen').catch(() => undefined)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('keydown', this.#onKey)
    void this.#awake?.then((lock) => lock?.release())
  }

  override render() {
    const call = this.line.call
    if (call === undefined) return nothing
    const t = text.call
    const who = call.peerName || shorten(call.peer)
    const settled = call.phase === 'active' || call.phase === 'reconnecting'
    // `live`, because Lit sets an object anew at each render, and a video starts afresh each time.
    return html`<main data-phase=${call.phase}>
      <video data-role="remote" aria-label=${t.them(who)} autoplay playsinline .srcObject=${live(call.remote ?? null)}></video>
      ${settled && call.remoteMedia.video ? nothing : html`<div class="blank">${avatar(call.peer, call.peerName)}</div>`}
      ${call.phase === 'reconnecting' ? html`<div class="calm">${this.#calm(call, who)}</div>` : nothing}
      <header>
        <h1 tabindex="-1" aria-label=${t.with(who)}>${who}</h1>
        <p class="state">
          <span data-role="phase">${call.away === undefined ? t.phase[call.phase] : t.away}</span>
          ${call.activeSince === undefined ? nothing : html`<span role="timer" aria-label=${t.elapsed}>${duration(Date.now() - call.activeSince)}</span>`}
        </p>
      </header>
      <div class="notes">
        <div aria-live="polite">${settled && call.away === undefined ? this.#notes(call) : nothing}</div>
        <div role="status" data-role="server">
          ${call.phase === 'active' && this.session.serverGone ? note('door', text.mesh.serverGone) : nothing}
        </div>
      </div>
      ${this.#me()}
      <div class="controls">
        ${toggles(this.capture, true)}
        <button class="round control" aria-label=${text.device.title} title=${text.device.title} aria-haspopup="dialog"
          @click=${() => {
            this.choosing = true
          }}>${icon('sliders')}</button>
        <button class="danger" aria-label=${t.hangUp} title=${t.hangUp} @click=${() => this.line.hangUp()}>${icon('hangUp')}</button>
      </div>
      <dialog aria-labelledby="choose" @keydown=${keepKeys} @close=${() => {
        this.choosing = false
      }}>
        <div class="row">
          <h2 id="choose">${text.device.title}</h2>
          <form method="dialog"><button aria-label=${text.close}>${icon('close')}</button></form>
        </div>
        ${this.choosing ? html`<colonia-devices .capture=${this.capture}></colonia-devices>` : nothing}
      </dialog>
    </main>`
  }

  override updated(changed: PropertyValues): void {
    const video = this.renderRoot.querySelector<HTMLVideoElement>('[data-role=remote]')
    if (
      video?.srcObject != null &&
      video.paused &&
      video.readyState >= video.HAVE_CURRENT_DATA &&
      !this.silenced
    ) {
      video.play().catch((error: Error) => {
        this.silenced = error.name === 'NotAllowedError'
      })
    }
    if (changed.has('choosing') && this.choosing) this.renderRoot.querySelector('dialog')?.showModal()
  }

  /** What is said while the other side is not there. */
  #calm(call: Call, who: string) {
    const t = text.call
    if (call.away === undefined)
      return html`<p class="note">${call.remote === undefined ? t.returning : t.faltered}</p>`
    return html`
      <p class="note">${t.waiting(who)}</p>
      <p class="note small" data-role="kept">${t.kept(duration(call.away - Date.now()))}</p>
    `
  }

  #notes(call: Call) {
    const { audio, video } = call.remoteMedia
    const troubles = KINDS.map((kind) => {
      const { trouble } = this.capture[kind]
      return trouble === undefined ? nothing : note('warning', text.media[kind][trouble].title)
    })
    return html`
      ${troubles}
      ${this.capture.audio.on ? nothing : note('micOff', text.call.youAreMuted)}
      ${audio ? nothing : note('micOff', text.call.theyAreMuted)}
      ${video ? nothing : note('cameraOff', text.call.theirCameraIsOff)}
      ${
        this.silenced
          ? html`<button class="control" @click=${() => {
              this.silenced = false
            }}>${icon('sound')}${text.call.tapToHear}</button>`
          : nothing
      }
    `
  }

  #me() {
    const shown = this.capture.sends('video')
    return html`<div class="me">
      <video data-role="local" aria-label=${text.call.you} autoplay playsinline muted .muted=${true} ?hidden=${!shown}
        .srcObject=${live(this.capture.picture)}></video>
      ${shown ? nothing : html`<div class="blank">${icon('cameraOff')}<span class="small">${text.call.you}</span></div>`}
    </div>`
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    const key = event.key.toLowerCase()
    if (key === 'm') void this.capture.toggle('audio')
    if (key === 'v') void this.capture.toggle('video')
  }
}

function note(name: IconName, words: string) {
  return html`<p class="note">${icon(name)}${words}</p>`
}

customElements.define('colonia-call', CallScreen)
