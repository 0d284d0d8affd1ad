/**
 * Candidates of after an ICE restart go before those of before it.
 *
 * Chromium (seen in 156) keeps the pair that it uses until a better one is there, and a pair is better by its
 * candidates' priority. One through TURN is never better than a direct one, even if that is dead, until that has
 * been silent for 2.5 s and another second has passed (`receiving_timeout` and `receiving_switching_delay` of
 * libwebrtc). So who walks out of their Wi-Fi into a mobile network would wait for four seconds.
 *
 * The remedy: the other side's candidates get a priority that rises with the generation they name, and among
 * those of one generation their order stays. It is enough to do this with one side's, because a pair's priority
 * is the lesser of the two (RFC 8445 §6.1.2.3) and our own address is the best there is.
 */

/** Above the type preference of any candidate, 126 for `host` (RFC 8445 §5.1.2.2). */
const ABOVE = 127 << 24
/** What the four bits for the generation can hold; later ones are all alike. */
const MAX_GENERATION = 15

/** `candidate:FOUNDATION COMPONENT TRANSPORT PRIORITY … generation N …`; others are left as they are. */
export function byGeneration(candidate: string): string {
  const generation = Number(/ generation (\d{1,4})\b/.exec(candidate)?.[1] ?? 0)
  if (generation === 0) return candidate
  return candidate.replace(/^((?:\S+ ){3})(\d{1,10}) /, (_, before: string, priority: string) => {
    const rank = Math.min(generation, MAX_GENERATION) << 20
    return `${before}${ABOVE + rank + (Number(priority) >>> 11)} `
  })
}
