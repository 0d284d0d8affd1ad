/** Reads HTML as strictly as XML, so that a page that is whole can be told from one that is not. */

/** Elements that have no end. */
const VOID = ['meta', 'input', 'link', 'img', 'br', 'hr']
/** Elements whose content is no markup. */
const RAW = ['script', 'style', 'title', 'noscript']

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/y
const TEXT = /[^<]+/y
const DOCTYPE = /<!doctype html>/iy

/** @returns what is wrong with it; nothing if each tag is well formed, closed, and within the one that it began in */
export function faultsOf(page: string): string[] {
  const open: string[] = []
  let at = 0
  while (at < page.length) {
    const raw = RAW.find((name) => name === open.at(-1))
    if (raw !== undefined) {
      const end = page.indexOf(`</${raw}>`, at)
      if (end < 0) return [`<${raw}> does not end`]
      at = end
    }
    const rule = [TEXT, DOCTYPE, TAG].find((one) => {
      one.lastIndex = at
      return one.test(page)
    })
    if (rule === undefined) return [`no tag and no text at: ${page.slice(at, at + 60)}`]
    const from = at
    at = rule.lastIndex
    if (rule !== TAG) continue
    const [, closes, name = '', , closed] = new RegExp(TAG.source).exec(page.slice(from, at)) ?? []
    if (closes === '/') {
      const begun = open.pop()
      if (begun !== name) return [`</${name}> where <${begun}> is open: ${page.slice(from - 60, at)}`]
    } else if (closed !== '/' && !VOID.includes(name)) {
      open.push(name)
    }
  }
  return open.map((name) => `<${name}> is not closed`)
}

/** The values of an attribute, wherever it stands in a tag. */
export function attribute(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value)
}
