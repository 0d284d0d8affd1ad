/** A scenario from the command line, and the command line of a scenario. */
import { badOptions } from '#node/command-line'
import { contradiction } from './contradictions.ts'
import { type Dial, type Draft, dials } from './dials.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './table.ts'

/** What was given for each flag, as `parseArgs` leaves it when all are `multiple`. */
export type Given = Readonly<Record<string, unknown>>

/** @throws ColoniaError `bad-options` when there is no scenario of that name */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.get(name)
  if (found === undefined) {
    throw badOptions(`unknown scenario "${name}"; there are ${[...scenarios.keys()].join(', ')}`)
  }
  return found
}

/** The flags of all dials, for `parseFlags`. Each is read as a list, so that one given twice can be refused. */
export const dialFlags: Record<string, { type: 'string'; multiple: true }> = Object.fromEntries(
  dials.map(({ flag }) => [flag, { type: 'string', multiple: true }]),
)

/** @throws ColoniaError `bad-options`: which flag is wrong, and what is allowed, or which two contradict each other */
export function scenarioFrom(base: Scenario, given: Given): Scenario {
  const draft: Draft = { ...base }
  for (const dial of dials) {
    const texts = given[dial.flag] as readonly string[] | undefined
    if (texts !== undefined) turn(draft, dial, texts)
  }
  const replaced = ['nodes', 'ungraceful'].find((flag) => given[flag] !== undefined)
  if (draft.trace !== undefined && replaced !== undefined) {
    throw badOptions(`--${replaced} and --session trace:FILE exclude each other: the trace says it`)
  }
  const found = contradiction(draft)
  if (found !== undefined) throw badOptions(found)
  return draft
}

/** The flags in which a scenario differs from the one of its name; of all from none, when there is no such. */
export function flagsOf(scenario: Scenario): string[] {
  const base = scenarios.get(scenario.name)
  return dials.flatMap((dial) => {
    const texts = dial.get(scenario)
    if (base !== undefined && texts.join() === dial.get(base).join()) return []
    return texts.flatMap((text) => [`--${dial.flag}`, text])
  })
}

/** The shortest command that runs this scenario, for a POSIX shell. */
export function commandOf(scenario: Scenario): string {
  return ['colonia', 'simulate', 'run', scenario.name, ...flagsOf(scenario).map(quoted)].join(' ')
}

function turn(draft: Draft, { flag, allowed, many, set }: Dial, texts: readonly string[]): void {
  if (texts.length > 1 && !many) throw badOptions(`--${flag} is given ${texts.length} times; once is allowed`)
  if (!set(draft, texts)) {
    const said = texts.map((text) => `"${text}"`).join(', ')
    throw badOptions(`--${flag} must be ${allowed}, not ${said}`)
  }
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
