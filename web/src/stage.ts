/** What the screens with a face on them share: avatars, the round controls, the mirrored picture of oneself. */
import { css, html, type TemplateResult } from 'lit'
import type { Capture } from './capture.ts'
import { icon } from './icons.ts'
import { text } from './text/index.ts'

export const stage = css`
  .avatar { display: block; flex: none; width: var(--avatar, 6.5rem); height: var(--avatar, 6.5rem); }
  .avatar text { font: 600 17px var(--serif); fill: #fff8ee; }
  video { display: block; width: 100%; height: 100%; }
  video[data-role='local'] { transform: scaleX(-1); object-fit: cover; }
  button.control { background: rgb(48 38 31 / 72%); border-color: transparent; color: #fff8ee; backdrop-filter: blur(8px); }
  button.control:hover:not(:disabled) { background: rgb(84 68 56 / 85%); }
  button.control.off { background: #fff8ee; color: #2b211a; }
`

/** The buttons for microphone and camera. M and V press them where `keys` says that they do. */
export function toggles(capture: Capture, keys: boolean): TemplateResult {
  const t = text.device
  const [mic, cam] = [capture.isOn('audio'), capture.isOn('video')]
  const micLabel = mic ? t.mute : t.unmute
  const camLabel = cam ? t.cameraOff : t.cameraOn
  return html`
    <button class="round control ${mic ? '' : 'off'}" aria-label=${micLabel} title=${keys ? `${micLabel} (M)` : micLabel}
      aria-keyshortcuts=${keys ? 'M' : ''} @click=${() => capture.toggle('audio')}>${icon(mic ? 'mic' : 'micOff')}</button>
    <button class="round control ${cam ? '' : 'off'}" aria-label=${camLabel} title=${keys ? `${camLabel} (V)` : camLabel}
      aria-keyshortcuts=${keys ? 'V' : ''} @click=${() => capture.toggle('video')}>${icon(cam ? 'camera' : 'cameraOff')}</button>
  `
}

/** Keys pressed in a dialog are the dialog's: Escape closes it and must not also end the call behind it. */
export function keepKeys(event: KeyboardEvent): void {
  event.stopPropagation()
}
