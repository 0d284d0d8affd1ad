/**
 * A report as a page: one file that needs nothing else, no network and no font of its own, on a phone or a desk, by day or
 * by night. Its only script plays the moving picture, and its policy allows no other.
 */

import { span } from './page/amount.ts'
import { asked } from './page/asked.ts'
import { type Draw, drawing } from './page/drawing.ts'
import { figureTables } from './page/figures.ts'
import { finding, keeping, noticing, type Picture, population, traffic } from './page/gallery.ts'
import { type Content, html, Markup } from './page/html.ts'
import { movie, scriptHash } from './page/movie.ts'
import { certaintyOf, effortOf, seedsOf, stopped, worldOf } from './page/said.ts'
import { happeningsOf } from './page/series.ts'
import { style } from './page/style.ts'
import { tiles } from './page/tiles.ts'
import type { Report } from './run.ts'

/** Groups that are told by their figures alone. */
const TOLD = ['links', 'bootstrap', 'calls'] as const

/**
 * To be asked before a long run, of which no page could be made in the end.
 *
 * @throws ColoniaError `bad-options` when echarts is not installed
 */
export async function checkDrawing(): Promise<void> {
  await drawing()
}

/** @throws ColoniaError `bad-options` when echarts is not installed */
export async function pageOf(report: Report): Promise<string> {
  const draw = await drawing()
  const { scenario, runs } = report
  const title = `${scenario.name}: ${scenario.title}`
  const some = runs.length > 0
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${new Markup(scriptHash())}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Colonia</title><style>${new Markup(style)}</style></head>
<body><header><p class="soft">A simulation of Colonia: ${worldOf(report)}</p><h1>${title}</h1>
<p>${asked(scenario)}</p>
${stopped(report).map((text) => html`<p class="warning">Not complete: ${text}. What is here is of what was done.</p>`)}
${some ? tiles(runs) : html`<p>No run has begun, so there is nothing to show.</p>`}
<p class="soft">${certaintyOf(runs)}. Numbers from: ${scenario.source}.</p></header>
<main>${some ? sections(report, draw) : ''}${again(report)}</main>
<footer><p class="soft">Made by colonia simulate; nothing in this page was loaded from anywhere.</p></footer></body></html>
`
  return page.text
}

function sections(report: Report, draw: Draw): Content[] {
  const { runs } = report
  const show = (pictures: Picture[]) => pictures.map((picture) => figure(picture, report, draw))
  const section = (title: string, contents: Markup[]) =>
    contents.length === 0
      ? undefined
      : html`<section><h2>${title}</h2><div class="charts">${contents}</div></section>`
  const told = figureTables(runs, TOLD)
  return [
    section('Who is there, and what goes wrong', [...show(population(report)), timeline(report)]),
    movie(runs),
    section('States kept and lost', show(keeping(report))),
    section('Crashes noticed, states taken over', show(noticing(report))),
    section('Traffic of a node', show(traffic(report))),
    section('Peers found', show(finding(report))),
    told.length === 0 ? undefined : html`<section><h2>Links, bootstrap and calls</h2>${told}</section>`,
    html`<section><h2>Every figure</h2><details><summary>What was counted, and how to read it</summary>${figureTables(runs)}</details></section>`,
  ]
}

function figure({ title, caption, chart }: Picture, { command, runs }: Report, draw: Draw): Markup {
  const seeds = runs.map(({ seed }) => seed).slice(0, 12)
  const said = `${command} (${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}${runs.length > 12 ? '…' : ''})`
  return html`<figure><h3>${title}</h3>${draw(chart)}<figcaption>${caption}<code>${said}</code></figcaption></figure>\n`
}

/** The faults in words, with when and how long, each with a bar along the run. */
function timeline({ runs, scenario }: Report): Markup {
  const whole = scenario.hours * 3_600_000
  const percent = (millis: number) => Math.min(100, Math.max(0, (100 * millis) / whole)).toFixed(2)
  const items = happeningsOf(runs).map(({ at, span: lasts, what }, number) => {
    const when = lasts === 0 ? `at ${span(at)}` : `at ${span(at)}, for ${span(lasts)}`
    const width = percent(Math.min(lasts, whole - at))
    return html`<li><strong>${number + 1}</strong> ${what} <span class="soft">${when}</span><span class="bar"><i style="left:min(${percent(at)}%,100% - 4px);width:${width}%"></i></span></li>`
  })
  if (items.length === 0) return html`<p class="soft">Nothing goes wrong but that peers come and go.</p>`
  return html`<div><h3>What goes wrong, over ${span(whole)}</h3><ol class="track">${items}</ol></div>`
}

function again(report: Report): Markup {
  const { command, runs, scenario, versions, world } = report
  return html`<section><h2>To have it again</h2><pre>${command}</pre>
<p>${world === 'discrete' ? 'The same command gives the same hashes; each is a number for everything that happened.' : 'Real peers do nothing twice: the same command gives other figures, within their intervals.'}</p>
<p class="soft">Seeds and hashes: ${seedsOf(runs)}. ${effortOf(runs)}. Colonia ${versions.colonia}, Node ${versions.node}.</p>
<details><summary>The scenario as data</summary><pre>${JSON.stringify(scenario, null, 2)}</pre></details></section>`
}
