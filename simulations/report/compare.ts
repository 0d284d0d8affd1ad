/** Two reports side by side: which dials differ, by how much each figure does, and whether by more than chance. */
import { dials } from '../scenario/dials.ts'
import { across } from './across.ts'
import { catalogue, type Figure, type FigureName } from './catalogue.ts'
import { difference, type Interval } from './interval.ts'
import { wrapped, wrappedCommand } from './lines.ts'
import type { Report } from './run.ts'
import { alike, type Scale, scaleOf, write } from './scale.ts'
import { WORLDS } from './table.ts'

const COLUMNS = { label: 34, mean: 11, half: 12, unit: 9 } as const
const INDENT = '     '

/** At most 100 columns wide, but for a word that is longer. Ends with a line break. */
export function comparisonOf(a: Report, b: Report): string {
  const [first, second] = [across(a.runs), across(b.runs)]
  const rows = (Object.keys(catalogue) as FigureName[]).flatMap((name): Row[] => {
    const [one, other] = [first[name], second[name]]
    return one === undefined || other === undefined ? [] : [rowOf(catalogue[name], one, other)]
  })
  const groups = [...new Set(rows.map(({ group }) => group))].map((group) =>
    [group, ...rows.filter((row) => row.group === group).map(({ text }) => text)].join('\n'),
  )
  const parts = [
    [named('A', a), named('B', b)].join('\n'),
    differences(a, b),
    rows.length === 0 ? 'There is no figure that both have.' : columns(),
    ...groups,
    absences('A', first, second),
    absences('B', second, first),
    certainty(rows),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function named(letter: string, { scenario, command, runs }: Report): string {
  const stopped = runs.filter(({ complete }) => !complete).length
  const some = stopped > 0 ? `, ${stopped} of them stopped before the end` : ''
  const title = `${scenario.title} (${scenario.name}): ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${some}`
  return `${wrapped(`${letter}    ${title}`, INDENT)}\n${wrappedCommand(`${INDENT}${command}`, `${INDENT}  `)}`
}

/** In the words of the command line; what no flag could say, as observed sessions, is not named. */
function differences(a: Report, b: Report): string {
  const told = [
    ...dials.map(({ flag, get }) => [`--${flag}`, get(a.scenario).join(', '), get(b.scenario).join(', ')]),
    ['world', WORLDS[a.world], WORLDS[b.world]],
    ['Colonia', a.versions.colonia, b.versions.colonia],
    ['Node', a.versions.node, b.versions.node],
  ].filter(([, one, other]) => one !== other)
  if (told.length === 0) return 'No dial differs.'
  const lines = told.map(([what, one, other]) => wrapped(`  ${what}: ${one} → ${other}`, INDENT))
  return ['What differs, A → B:', ...lines].join('\n')
}

interface Row {
  group: Figure['group']
  text: string
  /** `undefined` if it cannot be known. */
  differs: boolean | undefined
}

function columns(): string {
  const { label, mean, half, unit } = COLUMNS
  const head = `${'A'.padStart(mean)}${'B'.padStart(mean)}${'B − A'.padStart(mean)}`
  return `${''.padEnd(label)}${head}${' ± 95 %'.padEnd(half)}${''.padEnd(unit)}`.trimEnd()
}

function rowOf(figure: Figure, a: Interval, b: Interval): Row {
  const { mean, half } = difference(a, b)
  const size = Math.max(Math.abs(a.mean), Math.abs(b.mean))
  const scale = scaleOf(figure.unit, [a.mean, b.mean], half)
  const same = alike(mean, 0, size)
  const known = Number.isFinite(half)
  const differs = known ? !same && Math.abs(mean) > half : undefined
  const cells = [
    `  ${figure.label}`.padEnd(COLUMNS.label),
    ...[write(a.mean, scale), write(b.mean, scale), same ? '0' : signed(mean, scale)].map((text) =>
      text.padStart(COLUMNS.mean),
    ),
    (known && !alike(half, 0, size) ? ` ± ${write(half, scale)}` : '').padEnd(COLUMNS.half),
    ` ${scale.unit}`.padEnd(COLUMNS.unit),
    differs === true ? ` * ${judgement(figure, a.mean, b.mean)}` : '',
  ]
  return { group: figure.group, text: cells.join('').trimEnd(), differs }
}

function signed(figure: number, scale: Scale): string {
  return `${figure > 0 ? '+' : ''}${write(figure, scale)}`
}

/** Of B. */
function judgement({ better }: Figure, a: number, b: number): string {
  if (better === undefined) return 'differs'
  const distance = { less: b - a, zero: b - a, more: a - b, one: Math.abs(b - 1) - Math.abs(a - 1) }[better]
  if (distance === 0) return 'differs'
  return distance < 0 ? 'better' : 'worse'
}

type Intervals = Readonly<Record<FigureName, Interval | undefined>>

function absences(letter: string, own: Intervals, others: Intervals): string {
  const names = (Object.keys(catalogue) as FigureName[]).filter(
    (name) => own[name] !== undefined && others[name] === undefined,
  )
  const labels = names.map((name) => catalogue[name].label)
  return names.length === 0 ? '' : wrapped(`Only in ${letter}: ${labels.join('; ')}.`)
}

function certainty(rows: readonly Row[]): string {
  const known = rows.filter(({ differs }) => differs !== undefined).length
  const marked = rows.filter(({ differs }) => differs === true).length
  const unknown = rows.length - known
  const told = `* B differs by more than its 95 % interval (Welch): ${marked} of ${known} figures. Without any difference one in twenty would, by chance.`
  const open = `Of ${unknown} there is no interval: each report needs two runs in which they happened.`
  return wrapped([...(known > 0 ? [told] : []), ...(unknown > 0 ? [open] : [])].join(' '), '  ')
}
