/** A face for those without a picture: their initial on a colour of their PeerID's own. */
import { html, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'
import type { PeerId } from '#node/api'
import { shorten } from './peer.ts'

export function avatar(peer: PeerId, name: string | undefined): TemplateResult {
  const initial = [...(name?.trim() ?? '')][0]?.toLocaleUpperCase() ?? shorten(peer).slice(-2)
  return html`<span class="avatar" aria-hidden="true" style=${styleMap({ '--hue': String(hue(peer)) })}>${initial}</span>`
}

/** Any spread of ids over the circle will do; this is the usual string hash by 31. */
function hue(peer: PeerId): number {
  let sum = 0
  for (const letter of peer) sum = (sum * 31 + letter.charCodeAt(0)) % 360
  return sum
}
