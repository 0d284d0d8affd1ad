/** The tables of `simulations/report/README.md`, written from the catalogue of figures. */
import { catalogue, type Figure, type Unit } from '../../simulations/report/catalogue.ts'

const UNITS: Record<Unit, string> = {
  count: 'number',
  share: '%',
  ratio: 'ratio',
  ms: 'ms, s, min or h',
  'bytes/s': 'B/s, kB/s or MB/s',
  'per hour': 'per hour',
  rounds: 'rounds',
}

const WANTED = { less: 'less', more: 'more', one: '1', zero: '0' } as const

/** A section for each group, a row for each line of the table, in its order. */
export function tables(): string {
  const figures: Figure[] = Object.values(catalogue)
  const groups = [...new Set(figures.map(({ group }) => group))]
  return groups
    .map((group) => {
      const rows = figures.filter((figure) => figure.group === group).map(row)
      return `### ${group}\n\n| Line | Unit | Wanted | What it says |\n|---|---|---|---|\n${rows.join('\n')}\n`
    })
    .join('\n')
}

function row({ label, unit, better, against, says }: Figure): string {
  const wanted = better === undefined ? '' : WANTED[better]
  const limit = against === undefined ? '' : against === 'bound' ? ', at most 1' : ', 1 is ideal'
  return `| ${label} | ${UNITS[unit]} | ${wanted}${limit} | ${says} |`
}
