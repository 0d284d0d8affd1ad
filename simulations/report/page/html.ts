/** HTML in which what is put in is text, unless it was made here: names and titles of a report come from files. */

export class Markup {
  readonly text: string

  /** @param text that is markup already */
  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type Content = string | number | Markup | undefined | readonly Content[]

/** A template in which strings are escaped, lists are joined and what is `undefined` is left out. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + rendered(contents[at - 1]) + part))
}

/** As text and as the value of an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** JSON for a script that is not run; nothing in it ends the script. */
export function json(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'))
}

function rendered(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(rendered).join('')
  return escaped(String(content))
}
