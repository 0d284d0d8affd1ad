/** The three kinds of chart: over time, of a distribution, and figures with their intervals side by side. */
import type { Unit } from '../catalogue.ts'
import type { Happening } from '../run.ts'
import { shown } from './amount.ts'
import { axis, FONT, grid, letters, type Measure, measureOf, tick, upright } from './axes.ts'
import { colours } from './colours.ts'
import type { Curves } from './curve.ts'
import type { Chart } from './drawing.ts'
import type { Row } from './rows.ts'
import { type Course, FEW_SEEDS, type Point } from './series.ts'

export interface OverTime {
  id: string
  label: string
  course: Course
  unit: Unit
  name: string
  happenings: readonly Happening[]
  /** Of the axis. */
  most?: number
  least?: number
}

export function overTime({ id, label, course, unit, name, happenings, most, least = 0 }: OverTime): Chart {
  const { each, mean, low, high } = course
  const end = mean.at(-1)?.[0] ?? 0
  const time = measureOf(end, 'ms')
  const measure = measureOf(Math.max(0, ...high.map(([, y]) => y ?? 0)), unit)
  const scaled = (points: readonly Point[]) => points.map((point) => divided(point, time.size, measure.size))
  const unitName = measure.name === '' ? '' : ` (${measure.name})`
  const [bottom, top] = [least / measure.size, (most ?? 0) / measure.size]
  const limits =
    most === undefined ? { min: bottom } : { min: bottom, max: top, interval: (top - bottom) / TICKS }
  return {
    id,
    label,
    option: {
      grid,
      xAxis: axis(time.name, { min: 0, max: end / time.size }),
      yAxis: upright(name + unitName, limits),
      series: [
        ...(each.length > FEW_SEEDS ? band(scaled(low), scaled(high)) : []),
        ...(each.length > 1 && each.length <= FEW_SEEDS ? each.map((points) => thin(scaled(points))) : []),
        { ...bold(scaled(mean)), ...marks(happenings, time) },
      ],
    },
  }
}

export interface Bound {
  value: number
  text: string
}

export interface Distribution {
  id: string
  label: string
  curves: Curves
  unit: Unit
  bounds: readonly Bound[]
}

export function distribution({ id, label, curves: { each, all }, unit, bounds }: Distribution): Chart {
  const least = all.find(([x]) => x > 0)?.[0] ?? 1
  const most = Math.max(all.at(-1)?.[0] ?? 1, ...bounds.map(({ value }) => value))
  const wide = most > WIDE * least
  const measure = wide ? { size: 1, name: '' } : measureOf(most, unit)
  const floor = wide ? 10 ** Math.floor(Math.log10(least / measure.size)) : 0
  const scaled = (points: readonly Point[]): Point[] =>
    points.map(([x, y]) => [Math.max(x / measure.size, floor), y === null ? null : 100 * y])
  const far = (value: number) => (wide ? Math.log(value / (floor * measure.size)) : value)
  const sideOf = (value: number) => {
    const way = far(value) / far(most)
    return way < EDGE ? 'left' : way > 1 - EDGE ? 'right' : 'center'
  }
  const begun = (points: readonly Point[]): Point[] => {
    const line = scaled(points)
    return [[line[0]?.[0] ?? floor, 0], ...line]
  }
  const lines = each.length > 1 ? each.slice(0, MAX_THIN).map((points) => thin(begun(points))) : []
  const logarithmic = {
    type: 'log',
    min: floor,
    axisLabel: { ...letters, hideOverlap: true, formatter: (value: number) => tick(value, unit) },
  }
  return {
    id,
    label,
    option: {
      grid,
      xAxis: wide ? axis('logarithmic', logarithmic) : axis(measure.name, { min: 0 }),
      yAxis: upright('', {
        min: 0,
        max: 100,
        interval: 25,
        axisLabel: { ...letters, formatter: '{value} %' },
      }),
      series: [
        ...lines,
        {
          ...bold(begun(all)),
          markLine: lineMarks(
            bounds.map(({ value, text }) => ({ at: value / measure.size, text, align: sideOf(value) })),
          ),
        },
      ],
    },
  }
}

export interface Dots {
  id: string
  label: string
  rows: readonly Row[]
  name: string
  /** Of the catalogue's unit. */
  unit: Unit
  /** Where a line is drawn. */
  line?: Bound
  /** Where the axis ends at the latest. */
  cap?: number
}

/**
 * Each figure's mean, its interval, and a small dot for each seed. What is beyond `cap` would leave no room for the others:
 * it is drawn as an arrow at the edge, and its number is beside its name.
 */
export function dots({ id, label, rows, name, unit, line, cap = Number.POSITIVE_INFINITY }: Dots): Chart {
  const reach = rows.flatMap(({ interval: { mean, half }, values }) =>
    Number.isFinite(half) ? [mean + half, ...values] : values,
  )
  const most = Math.min(cap, Math.max(line === undefined ? 0 : 1.3 * line.value, ...reach))
  const measure = measureOf(most, unit)
  const x = (value: number) => Math.min(Math.max(0, value), most) / measure.size
  const common = { type: 'scatter', silent: true } as const
  const ranges = rows.flatMap(({ interval: { mean, half } }, at) =>
    Number.isFinite(half)
      ? [
          {
            ...bold([
              [x(mean - half), at],
              [x(mean + half), at],
            ]),
            symbol: 'rect',
            showSymbol: true,
            symbolSize: [2, 12],
          },
        ]
      : [],
  )
  const points = rows.map(({ interval: { mean } }, at) => {
    const beyond = mean > most ? { symbol: 'triangle', symbolRotate: -90, symbolSize: 13 } : {}
    return { value: [x(mean), at], ...beyond }
  })
  const unitName = measure.name === '' ? '' : ` (${measure.name})`
  return {
    id,
    label,
    height: Math.max(rows.length * ROW + 60, 3 * ROW),
    option: {
      grid: { ...grid, left: 156, top: 26 },
      xAxis: axis(name + unitName, {
        min: 0,
        max: rounded((1.05 * most) / measure.size),
        splitLine: { show: true, lineStyle: { color: colours.grid } },
      }),
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ figure, interval }) => `${figure.label}: ${shown(interval.mean, unit)}`),
        axisLabel: { ...letters, width: 126, overflow: 'break', interval: 0, lineHeight: FONT + 2 },
        axisLine: { show: false },
        axisTick: { show: false },
      },
      series: [
        {
          ...common,
          data: rows.flatMap(({ values }, at) => values.map((value) => [x(value), at])),
          symbolSize: 5,
          itemStyle: { color: colours.faint },
        },
        ...ranges,
        {
          ...common,
          data: points,
          symbolSize: 10,
          itemStyle: { color: colours.main },
          ...(line && { markLine: lineMarks([{ at: line.value / measure.size, text: line.text }], 'start') }),
        },
      ],
    },
  }
}

/** A distribution over a wider range than this is drawn with a logarithmic axis. */
const WIDE = 25
/** So near to an end of the axis a label stands to the other side of its line. */
const EDGE = 0.3
/** Of an axis both ends of which are given. */
const TICKS = 5
/** Curves of seeds that are drawn; all are in the curve of all. */
const MAX_THIN = 30
/** Of a row of dots, with a label of two or three lines. */
const ROW = 46

function divided([x, y]: Point, width: number, height: number): Point {
  return [x / width, y === null ? null : y / height]
}

function bold(data: Point[]) {
  const lineStyle = { color: colours.main, width: 2.2 }
  return {
    type: 'line',
    data,
    silent: true,
    showSymbol: false,
    lineStyle,
    itemStyle: { color: colours.main },
  }
}

function thin(data: Point[]) {
  return {
    type: 'line',
    data,
    silent: true,
    showSymbol: false,
    lineStyle: { color: colours.faint, width: 0.9 },
  }
}

/** From the least to the greatest: the lower line carries nothing, the area stands on it. */
function band(low: Point[], high: Point[]) {
  const line = { type: 'line', silent: true, showSymbol: false, lineStyle: { width: 0 }, stack: 'band' }
  const width = high.map(([x, y], at): Point => [x, y === null ? null : y - (low[at]?.[1] ?? 0)])
  return [
    { ...line, data: low },
    { ...line, data: width, areaStyle: { color: colours.faint, opacity: 0.5 } },
  ]
}

/** Each with its number: what it was is said beside the chart, where there is room. */
function marks(happenings: readonly Happening[], time: Measure) {
  const label = { show: true, color: colours.fault, fontSize: FONT, distance: 2 }
  const areas = happenings.flatMap(({ at, span }, number) => {
    if (span === 0) return []
    const name = String(number + 1)
    return [[{ name, xAxis: at / time.size }, { xAxis: (at + span) / time.size }]]
  })
  const moments = happenings.flatMap(({ at, span }, number) =>
    span === 0 ? [{ at: at / time.size, text: String(number + 1) }] : [],
  )
  return {
    markLine: lineMarks(moments),
    markArea: {
      silent: true,
      data: areas,
      label: { ...label, position: 'insideTop', textBorderWidth: 0 },
      itemStyle: { color: colours.fault, opacity: 0.16, borderWidth: 0 },
    },
  }
}

interface LineMark {
  at: number
  text: string
  /** On which side of the text the line is. */
  align?: 'left' | 'center' | 'right'
}

function lineMarks(lines: readonly LineMark[], position: 'start' | 'end' = 'end') {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colours.fault, type: 'dashed', width: 1.4 },
    data: lines.map(({ at, text, align = 'center' }) => ({
      xAxis: at,
      label: { formatter: () => text, align },
    })),
    label: { show: true, position, color: colours.fault, fontSize: FONT, textBorderWidth: 0 },
  }
}

/** Up to one or two digits, so that the last tick is a round number. */
function rounded(value: number): number {
  if (value <= 0) return 1
  const step = 10 ** Math.floor(Math.log10(value)) / 2
  return Math.ceil(value / step) * step
}
