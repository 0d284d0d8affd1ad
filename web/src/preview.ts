/** `<colonia-preview>`: someone's link was opened. One looks at oneself, chooses devices, and calls. */
import { css, html, LitElement, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import type { PeerId } from '#node/api'
import './absence.ts'
import './devices.ts'
import './entrance.ts'
import './name.ts'
import { avatar } from './avatar.ts'
import type { Capture } from './capture.ts'
import { icon } from './icons.ts'
import type { Line } from './line.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { stage, toggles } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

export class Preview extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      main { max-width: 68rem; margin: 0 auto; padding: clamp(1rem, 4vw, 2.5rem) clamp(1rem, 4vw, 2rem) 3rem; display: grid; gap: clamp(1.25rem, 3vw, 2.5rem); }
      @media (min-width: 56rem) { main { grid-template-columns: 1.45fr 1fr; align-items: start; } }
      .picture { position: relative; aspect-ratio: 4 / 3; border-radius: var(--radius); overflow: hidden; background: #241b15; color: #f3eade; box-shadow: var(--shadow); }
      .blank { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.75rem; text-align: center; padding: 1rem 1.5rem 4.75rem; }
      .blank .icon { width: 2.5rem; height: 2.5rem; opacity: 0.7; }
      .controls { position: absolute; inset: auto 0 1rem; display: flex; justify-content: center; gap: 0.75rem; }
      .side { display: grid; gap: 1.15rem; align-content: start; }
      .who { --avatar: 3.25rem; display: flex; gap: 0.9rem; align-items: center; }
      .who p { font: 0.875rem var(--mono); color: var(--soft); }
      button.main { width: 100%; }
      @media (min-width: 56rem) { .picture { aspect-ratio: 16 / 10; } }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    capture: { attribute: false },
    line: { attribute: false },
    peer: { attribute: false },
  }
  declare session: Session
  declare capture: Capture
  declare line: Line
  declare peer: PeerId

  constructor() {
    super()
    new Watch(this, () => this.session)
    new Watch(this, () => this.capture)
  }

  override firstUpdated(): void {
    if (!this.capture.wanted) void this.capture.open()
  }

  override render() {
    const t = text.preview
    const self = this.session.node?.id === this.peer
    const shown = this.capture.sends('video')
    const name = this.session.nameOf(this.peer)
    return html`<main>
      <div class="picture">
        <video data-role="local" aria-label=${t.you} autoplay playsinline muted .muted=${true} ?hidden=${!shown}
          .srcObject=${live(this.capture.picture)}></video>
        ${shown ? nothing : html`<div class="blank">${icon('cameraOff')}<p>${this.#why()}</p></div>`}
        <div class="controls">${toggles(this.capture, false)}</div>
      </div>
      <div class="side">
        <div class="who">
          ${avatar(this.peer, name)}
          <div>
            <h1 tabindex="-1">${t.title(name ?? shorten(this.peer))}</h1>
            ${name === undefined ? nothing : html`<p title=${this.peer}>${shorten(this.peer)}</p>`}
          </div>
        </div>
        <p class="soft">${self ? t.self : t.hint}</p>
        ${self ? nothing : html`<colonia-absence .session=${this.session} .peer=${this.peer} .name=${name}></colonia-absence>`}
        <button class="main big" ?disabled=${self} @click=${() => this.line.dial(this.peer, this.session.running())}>
          ${icon('phone')}${t.call}
        </button>
        <colonia-entrance .session=${this.session} .ready=${t.ready}></colonia-entrance>
        <colonia-name .session=${this.session}></colonia-name>
        <colonia-devices .capture=${this.capture}></colonia-devices>
      </div>
    </main>`
  }

  #why(): string {
    const { video } = this.capture
    if (!video.on) return text.preview.cameraIsOff
    return video.trouble === undefined
      ? text.preview.waking
      : `${text.media.video[video.trouble].title}. ${text.preview.withNothing}`
  }
}

customElements.define('colonia-preview', Preview)
