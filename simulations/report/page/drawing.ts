/**
 * The drawing of a chart: from a few plain fields to SVG, by ECharts, which need not be installed unless a page is wanted.
 *
 * Colours are marks that the style sheet of the page replaces (`style.ts`), so that one drawing is good for light and dark.
 */
import { ColoniaError } from '#node/errors'
import { escaped } from './html.ts'
import type { Point } from './lines.ts'
import { number } from './text.ts'

/** As wide as a phone shows it, so that letters are neither shrunk there nor large elsewhere. */
const WIDTH = 400
const HEIGHT = 240
const LETTERS = 13
/** Room for the names of rows; ECharts, without a screen, can only guess how wide they are. */
const ROW_LABEL = 172

/** By the names of the style sheet: letters, grid, a mean, one run, something else, what is wrong. */
export const INK = {
  text: '#010101',
  grid: '#020202',
  mean: '#030303',
  run: '#040404',
  other: '#050505',
  wrong: '#060606',
} as const

export interface Line {
  points: readonly Point[]
  ink: keyof typeof INK
  thin?: boolean
}

/** What a report shows of something, and how it is to be read. */
export interface Chart {
  id: string
  title: string
  caption: string
  drawing: Drawing
}

export interface Drawing {
  /** Of what is seen, for those who do not see it. */
  label: string
  x: { name: string; log?: boolean; max?: number }
  y: { name: string; max?: number; rows?: readonly string[] }
  lines: readonly Line[]
  dots?: readonly { point: Point; ink: keyof typeof INK; small?: boolean }[]
  /** Upright lines. */
  bounds?: readonly { at: number; label: string }[]
  spans?: readonly { from: number; to: number }[]
  height?: number
}

export type Draw = (drawing: Drawing, id: string) => string

/** @throws ColoniaError `bad-options`: ECharts is not installed */
export async function drawer(): Promise<Draw> {
  const [echarts, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]).catch((error: unknown) => {
    throw absent(error)
  })
  echarts.use([charts.LineChart, charts.ScatterChart, components.GridComponent])
  echarts.use([components.MarkAreaComponent, components.MarkLineComponent, renderers.SVGRenderer])
  return (drawing, id) => {
    const height = drawing.height ?? HEIGHT
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
    try {
      chart.setOption(optionsOf(drawing))
      return cleaned(chart.renderToSVGString(), drawing.label, id)
    } finally {
      // A chart that is not disposed keeps the process alive.
      chart.dispose()
    }
  }
}

export function absent(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') return error
  return new ColoniaError(
    'bad-options',
    '--html draws with ECharts, which is not here: npm install echarts',
    {
      cause: error,
    },
  )
}

function optionsOf({ x, y, lines, dots = [], bounds = [], spans = [] }: Drawing): Record<string, unknown> {
  const words = { color: INK.text, fontSize: LETTERS, fontFamily: 'system-ui, sans-serif' }
  const axis = {
    axisLabel: { ...words, hideOverlap: true, formatter: number },
    axisLine: { lineStyle: { color: INK.grid } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: INK.grid } },
    nameTextStyle: words,
  }
  const marks = {
    type: 'line',
    data: [],
    markLine: {
      symbol: 'none',
      lineStyle: { color: INK.wrong, type: 'dashed', width: 1.5 },
      label: { ...words, color: INK.wrong, textBorderWidth: 0, formatter: '{b}', position: 'end' },
      data: bounds.map(({ at, label }) => ({ xAxis: at, name: label })),
    },
    markArea: {
      itemStyle: { color: INK.wrong, opacity: 0.15 },
      data: spans.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
    },
  }
  const { rows } = y
  // The label of a bound stands above the plot, and the name of the axis above that.
  const named = bounds.some(({ label }) => label !== '')
  return {
    animation: false,
    grid: rows
      ? { left: ROW_LABEL, right: 22, top: named ? 30 : 8, bottom: 44, outerBoundsMode: 'none' }
      : {
          left: 8,
          right: 22,
          top: named ? 54 : 34,
          bottom: 26,
          outerBoundsMode: 'same',
          outerBoundsContain: 'axisLabel',
        },
    xAxis: {
      ...axis,
      type: x.log ? 'log' : 'value',
      name: x.name,
      nameLocation: 'middle',
      nameGap: 26,
      splitNumber: 4,
      ...(x.max === undefined ? {} : { max: x.max, ...quarters(x.max) }),
    },
    yAxis: rows
      ? { ...axis, type: 'category', data: rows, inverse: true, axisLabel: words }
      : {
          ...axis,
          type: 'value',
          name: y.name,
          min: 0,
          ...(y.max === undefined ? {} : { max: y.max, ...quarters(y.max) }),
          splitNumber: 4,
          nameTextStyle: { ...words, align: 'left' },
          nameGap: named ? 30 : 14,
        },
    series: [
      marks,
      ...lines.map(({ points, ink, thin }) => ({
        type: 'line',
        data: points,
        showSymbol: false,
        lineStyle: { color: INK[ink], width: thin ? 1 : 2.5, opacity: thin ? 0.5 : 1 },
      })),
      ...dots.map(({ point, ink, small }) => ({
        type: 'scatter',
        data: [point],
        symbolSize: small ? 5 : 10,
        itemStyle: { color: INK[ink], opacity: small ? 0.6 : 1 },
      })),
    ],
  }
}

/** Of percentages, steps that end at 100. */
function quarters(max: number): { interval?: number } {
  return max === 100 ? { interval: 25 } : {}
}

/** Without what only a live chart needs, of no fixed size, and the same each time: ECharts numbers its charts. */
function cleaned(svg: string, label: string, id: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/\bzr\d+-/g, `${id}-`)
    .replace(/<rect width="\d+" height="\d+" x="0" y="0"[^>]*><\/rect>/, '')
    .replace(/^<svg width="(\d+)" height="(\d+)"/, `<svg role="img" aria-label="${escaped(label)}"`)
    .replaceAll('\n', '')
}
