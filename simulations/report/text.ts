/** Text for a terminal: columns, lines that are not too long, and nothing in it that a terminal would obey. */

/** Columns that a table has at most. */
export const WIDTH = 100

/** What comes from a file may have control characters in it, or turn the direction of writing around. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ')
}

/** `text` in lines of at most `WIDTH` behind a name. A word that is longer than a line stands alone. */
export function paragraph(name: string, text: string): string[] {
  return lines(name, plain(text).split(' '), '')
}

/** A command in such lines, which a shell reads as one: it is broken between words, and not inside of quotes. */
export function command(name: string, text: string): string[] {
  return lines(name, plain(text).match(/(?:'[^']*'|"[^"]*"|\S)+/g) ?? [], ' \\')
}

/** @param end of each line but the last */
function lines(name: string, words: readonly string[], end: string): string[] {
  const indent = ' '.repeat(name.length)
  const done: string[] = []
  let line = name
  let count = 0
  for (const word of words) {
    if (count > 0 && line.length + 1 + word.length + end.length > WIDTH) {
      done.push(line + end)
      line = indent
      count = 0
    }
    line += count++ === 0 ? word : ` ${word}`
  }
  return [...done, line]
}

/** Cut with a sign that it was. */
export function fitted(text: string, columns: number): string {
  const all = [...text]
  return all.length <= columns ? text : `${all.slice(0, columns - 1).join('')}…`
}
