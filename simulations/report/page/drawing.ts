/**
 * Drawing a chart as SVG, with echarts and without a browser. echarts is large and for pages alone, so it does not come
 * with Colonia: who wants pages installs it, and it is loaded when the first is asked for.
 */
import type { EChartsCoreOption } from 'echarts/core'
import { badOptions } from '#node/command-line'
import { variable } from './colours.ts'
import { escaped, Markup } from './html.ts'

/** Of a chart in its own units: as wide as a phone, so that letters are legible there, and three stand side by side elsewhere. */
export const WIDTH = 400
export const HEIGHT = 260

export interface Chart {
  /** Of its elements, which a page must not have twice. */
  id: string
  /** What is seen, for those who do not see it. */
  label: string
  option: EChartsCoreOption
  height?: number
}

export type Draw = (chart: Chart) => Markup

async function load() {
  const [core, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  const { GridComponent, MarkAreaComponent, MarkLineComponent } = components
  core.use([charts.LineChart, charts.ScatterChart, renderers.SVGRenderer])
  core.use([GridComponent, MarkAreaComponent, MarkLineComponent])
  return core
}

/** @throws ColoniaError `bad-options` when echarts is not installed */
export async function drawing(loader = load): Promise<Draw> {
  const core = await loader().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw badOptions('a page with charts (--html) needs echarts, which is not installed: npm install echarts')
  })
  return ({ id, label, option, height = HEIGHT }) => {
    const chart = core.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
    try {
      chart.setOption({ animation: false, backgroundColor: 'transparent', ...option })
      return finished(chart.renderToSVGString(), id, label)
    } finally {
      chart.dispose()
    }
  }
}

/** The same for the same data, as wide as there is room, with a label, and without what only a live chart needs. */
function finished(svg: string, id: string, label: string): Markup {
  const still = svg.replace(/<style\s*>.*<\/style>/s, '')
  const tags = still.replace(/<[^>]+>/g, (tag) =>
    variable(tag)
      .replace(/ (?:ecmeta_\w+|pointer-events|class|xmlns:xlink|baseProfile)="[^"]*"/g, '')
      // echarts numbers charts over the life of a process.
      .replace(/\bzr\d+-/g, `${id}-`),
  )
  const head = `<svg role="img" aria-label="${escaped(label)}" `
  return new Markup(
    tags.replace(/^<svg (?:width|height)="\d+" (?:width|height)="\d+" /, head).replaceAll('\n', ''),
  )
}
