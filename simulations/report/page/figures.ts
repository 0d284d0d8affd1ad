/** All figures of a report as tables, each with what it says. */
import { across, type Row } from '../across.ts'
import { shownWithin } from '../numbers.ts'
import type { Run } from '../run.ts'
import { verdictOf } from '../verdict.ts'
import { html, type Markup } from './html.ts'

/** @param only titles of groups; without it all */
export function figureTables(runs: readonly Run[], only?: readonly string[]): Markup[] {
  return across(runs)
    .filter(({ title }) => only?.includes(title) ?? true)
    .map(
      ({ title, rows }) => html`<table><caption>${title}</caption><tbody>${rows.map(line)}</tbody></table>`,
    )
}

function line(row: Row): Markup {
  const { figure, interval } = row
  const { grade, text } = verdictOf(row)
  return html`<tr><th scope="row">${figure.label}<small>${figure.says}</small></th><td class="number">${shownWithin(interval, figure.unit)}</td><td class="${grade}">${text}</td></tr>\n`
}
