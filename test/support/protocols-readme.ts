/** `protocols/README.md`, read as tests need it: what a section's diagram and its table of times say. */
import { readFileSync } from 'node:fs'

const readme = readFileSync(new URL('../../protocols/README.md', import.meta.url), 'utf8')

/** @throws Error when there is no section of that title. */
export function section(title: string): {
  /** `FROM TO` for each arrow of its state diagram. */
  edges: string[]
  /** The rows of its table of times, in milliseconds. */
  times: [name: string, millis: number][]
} {
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${title}\n`))
  if (text === undefined) throw new Error(`protocols/README.md has no section "${title}"`)
  return {
    edges: [...text.matchAll(/^ {2}(\S+) --> ([^\s:]+)/gm)].map(([, from, to]) => `${from} ${to}`),
    times: [...text.matchAll(/^\| `(\w+)` \| ([\d.]+) s \|/gm)].map(([, name = '', seconds]) => [
      name,
      Number(seconds) * 1000,
    ]),
  }
}
