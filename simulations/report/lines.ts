/** Text in lines that a terminal has room for. */

/** Characters, as on the terminals of most people. */
export const WIDTH = 100

/** Words in lines that begin with `indent`, all but the first, and are `WIDTH` wide at most unless a word is longer. */
export function wrapped(text: string, indent = ''): string {
  return fill(text.split(' '), indent, '')
}

/** What stands before the next flag: in quotes, or behind a backslash, a blank does not end anything. */
const UNTIL_FLAG = /(?:'[^']*'|\\.|[^ ]| (?!--))+/g

/** A command, in lines that a shell takes for one: broken before flags. */
export function wrappedCommand(command: string, indent: string): string {
  return fill(command.match(UNTIL_FLAG) ?? [], indent, ' \\')
}

function fill([first = '', ...rest]: readonly string[], indent: string, end: string): string {
  const lines: string[] = []
  let line = first
  for (const word of rest) {
    if (line.length + 1 + word.length + end.length <= WIDTH) {
      line += ` ${word}`
    } else {
      lines.push(`${line}${end}`)
      line = `${indent}${word}`
    }
  }
  return [...lines, line].join('\n')
}
