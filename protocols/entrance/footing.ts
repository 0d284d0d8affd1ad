/**
 * Footing: how a peer would stand without its entrances.
 *
 * Law: whoever hangs up is linked, held and found by others; whoever is alone, or as good as alone, knocks. There
 * is room between the two, so that one link that comes and goes moves nobody.
 */

export interface Facts {
  /** Direct links now, and how many are aimed for. */
  links: number
  wanted: number
  /** Contingents with a copy now, those without one yet, and how many are aimed for. */
  warm: number
  cold: number
  copies: number
  /** Others than entrances keep this peer's registration. */
  registered: boolean
}

export interface Footing {
  /** It may hang up. */
  stands: boolean
  /** It has to knock. */
  falls: boolean
}

/** Links with which one stands: half of what a peer aims for by default (guess). */
export const STANDS = 4
/** Links below which one falls, and never stands: with one link, one closed laptop is the end of it. */
export const FALLS = 2

export function footingOf({ links, wanted, warm, cold, copies, registered }: Facts): Footing {
  const linked = links >= Math.max(FALLS, Math.min(STANDS, wanted))
  const held = warm > 0 && warm >= copies && cold === 0
  return { stands: linked && held && registered, falls: links < Math.min(FALLS, wanted) || warm === 0 }
}
