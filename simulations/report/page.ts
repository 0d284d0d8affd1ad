/**
 * A report as a page: one file of HTML that stands alone. It asks no network for anything, and its policy would not let it.
 */

import { createHash } from 'node:crypto'
import { across } from './across.ts'
import { catalogue, type Figure, type FigureName } from './catalogue.ts'
import { shortened } from './hash.ts'
import { chartsOf } from './page/charts.ts'
import type { Chart } from './page/drawing.ts'
import { drawer } from './page/drawing.ts'
import { command, escaped } from './page/html.ts'
import { movieOf, SCRIPT } from './page/movie.ts'
import { STYLE } from './page/style.ts'
import { clock, measured, number, scaled } from './page/text.ts'
import type { Report, Run } from './run.ts'
import { span } from './scale.ts'
import { WORLDS } from './table.ts'

/** What is told first, of what there is: six of these. */
const TELLING: readonly FigureName[] = [
  ...(['lossesAvoidable', 'takeoverMean', 'lookupSuccess', 'bytesMaintenance'] as const),
  ...(['underReplicatedShare', 'callSurvival', 'detectionMean', 'linkBudget'] as const),
]
const TILES = 6

/**
 * To be asked before a long run, whose page could otherwise not be made in the end.
 *
 * @throws ColoniaError `bad-options`: ECharts is not installed
 */
export async function checkDrawing(): Promise<void> {
  await drawer()
}

/** @throws ColoniaError `bad-options`: ECharts is not installed */
export async function pageOf(report: Report): Promise<string> {
  const { scenario, runs, command: again } = report
  const draw = await drawer()
  const charts = chartsOf(report).map((chart) => figureOf(chart, draw(chart.drawing, chart.id), again))
  const filmed = runs.find(({ frames }) => frames.length > 0)
  const names = Object.keys(catalogue) as FigureName[]
  const telling = TELLING.filter((name) => across(runs)[name] !== undefined).slice(0, TILES)
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${filmed ? sourceOf(SCRIPT) : "'none'"}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(scenario.name)} – Colonia simulation</title>
<style>${STYLE}</style>
</head>
<body>
<header><p class="soft">Colonia simulation</p>
<h1>${escaped(scenario.name)}: ${escaped(scenario.title)}</h1>
<p>${escaped(sentenceOf(report))}</p>${runs.every(({ complete }) => complete) ? '' : '\n<p><b>Stopped before its end.</b> The figures are of the time that passed.</p>'}</header>
<main>
<div class="tiles">${telling.map((name) => tileOf(runs, name)).join('')}</div>
${happeningsOf(runs[0])}${filmed ? movieOf(filmed, again) : ''}
<h2>Charts</h2>
<div class="charts">${charts.join('\n')}</div>
${othersOf(runs, names)}<h2>All figures</h2>
<details><summary>The table, and what each figure says</summary>${tableOf(runs, names)}</details>
<h2>To get it again</h2>
<pre>${command(again)}</pre>
${hashesOf(report)}
<details><summary>The scenario as JSON</summary><pre>${escaped(JSON.stringify(scenario, null, 2))}</pre></details>
<p class="soft">${escaped(scenario.source)}</p>
</main>${filmed ? `\n<script>${SCRIPT}</script>` : ''}
</body>
</html>
`
}

function sentenceOf({ world, scenario, runs }: Report): string {
  const { nodes, hours, contingents, ungraceful } = scenario
  const times = runs.length === 1 ? 'one run' : `${runs.length} runs with different seeds`
  const copies = contingents === 1 ? 'one contingent' : `${contingents} contingents`
  return `What becomes of ${number(nodes)} peers (${WORLDS[world]}) in ${span(hours * 3_600_000)}, when ${number(100 * ungraceful)} % of sessions end without a goodbye and each state is kept by its owner and ${copies}: ${times}.`
}

function tileOf(runs: readonly Run[], name: FigureName): string {
  const figure: Figure = catalogue[name]
  const all = across(runs)[name]
  if (all === undefined) return ''
  const { mean, half } = scaled(all, figure.unit)
  const runsOf = all.count === 1 ? 'one run' : `${all.count} runs`
  const sure = half === undefined ? runsOf : `± ${half}, ${runsOf}`
  return `<div class="tile"><small>${escaped(figure.label)}</small><b>${mean}</b><small>${sure}</small></div>`
}

/** What a run counts once: there is no course of it to draw. */
function othersOf(runs: readonly Run[], names: readonly FigureName[]): string {
  const tiles = names
    .filter((name) => ['links', 'bootstrap', 'calls'].includes(catalogue[name].group))
    .map((name) => tileOf(runs, name))
    .join('')
  return tiles === '' ? '' : `<h2>Links, bootstrap and calls</h2>\n<div class="tiles">${tiles}</div>\n`
}

function happeningsOf(run: Run | undefined): string {
  if (run === undefined || run.happenings.length === 0) return ''
  const lines = run.happenings.map(
    ({ at, span: long, what }) =>
      `<tr><td class="value">${clock(at)}${long > 0 ? ` to ${clock(at + long)}` : ''}</td><td>${escaped(what)}</td></tr>`,
  )
  return `<h2>What goes wrong</h2>\n<table class="brief"><tbody>${lines.join('')}</tbody></table>\n`
}

function figureOf({ id, title, caption }: Chart, svg: string, again: string): string {
  return `<figure id="${id}"><h3>${escaped(title)}</h3>${svg}<figcaption>${escaped(caption)}${command(again)}</figcaption></figure>`
}

function tableOf(runs: readonly Run[], names: readonly FigureName[]): string {
  const rows = names.map((name) => {
    const { group, label, unit, says } = catalogue[name]
    const all = across(runs)[name]
    const value = all === undefined ? 'none' : measured(all, unit)
    return `<tr><th scope="row">${escaped(label)}</th><td>${group}</td><td class="value">${value}</td><td class="says">${escaped(says)}</td></tr>`
  })
  return `<table><thead><tr><th>figure</th><th>of</th><th>mean ± half of the 95 % interval</th><th>what it says</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function hashesOf({ runs, versions }: Report): string {
  const rows = runs.map(
    ({ seed, hash, events, seconds }) =>
      `<tr><td>seed ${seed}</td><td><code>${escaped(hash === null ? 'no hash' : shortened(hash))}</code></td><td>${number(events)} events</td><td>${number(seconds)} s</td></tr>`,
  )
  return `<table class="brief"><tbody>${rows.join('')}</tbody></table>
<p class="soft">Colonia ${escaped(versions.colonia)}, Node ${escaped(versions.node)}. The same seed gives the same hash.</p>`
}

function sourceOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}
