/** A face for those without a picture: their initial on a colour of their PeerID's own. */
import { html, type TemplateResult } from 'lit'
import type { PeerId } from '#node/api'
import { shorten } from './peer.ts'

export function avatar(peer: PeerId, name: string | undefined): TemplateResult {
  return html`<svg class="avatar" viewBox="0 0 40 40" aria-hidden="true">
    <circle cx="20" cy="20" r="20" fill=${colour(peer)} />
    <text x="20" y="20.5" text-anchor="middle" dominant-baseline="central">${initial(peer, name)}</text>
  </svg>`
}

export function initial(peer: PeerId, name: string | undefined): string {
  return [...(name?.trim() ?? '')][0]?.toLocaleUpperCase() ?? shorten(peer).slice(-2)
}

export function colour(peer: PeerId): string {
  return `hsl(${hue(peer)} 38% 38%)`
}

/** In degrees. Any spread of ids over the circle will do; this is the usual string hash by 31. */
export function hue(peer: PeerId): number {
  let sum = 0
  for (const letter of peer) sum = (sum * 31 + letter.charCodeAt(0)) % 360
  return sum
}
