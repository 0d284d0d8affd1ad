/** All figures of a report as tables, each with what it says. */
import type { Figure } from '../catalogue.ts'
import type { Run } from '../run.ts'
import { shownWithin } from './amount.ts'
import { html, type Markup } from './html.ts'
import { grade, groupsOf, type Row } from './rows.ts'

/** @param only these groups; without it all */
export function figureTables(runs: readonly Run[], only?: readonly Figure['group'][]): Markup[] {
  return groupsOf(runs)
    .filter(({ group }) => only?.includes(group) ?? true)
    .map(
      ({ title, rows }) => html`<table><caption>${title}</caption><tbody>${rows.map(line)}</tbody></table>`,
    )
}

function line(row: Row): Markup {
  const { figure, interval, verdict } = row
  return html`<tr><th scope="row">${figure.label}<small>${figure.says}</small></th><td class="number">${shownWithin(interval, figure.unit)}</td><td class="${grade(verdict)}">${verdict}</td></tr>\n`
}
