/** Text into HTML: what comes from a file or a flag is never markup. */

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for attributes in quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}

/** A command, which is broken between its words and not at the hyphens of a flag. */
export function command(text: string): string {
  return `<code>${text
    .split(' ')
    .map((word) => `<span>${escaped(word)}</span>`)
    .join(' ')}</code>`
}

/** JSON for a `<script type="application/json">`: no `<`, so that nothing in it can end the script. */
export function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
