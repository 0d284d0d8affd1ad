/**
 * The colours of a report, by day. Charts are drawn with these, and each is then made a variable of the page that falls
 * back to it: so a chart follows the page into the dark, and keeps its colours when it is cut out.
 */
export const colours = {
  ink: '#1b1f24',
  soft: '#57606a',
  grid: '#d7dde4',
  ground: '#fdfdfc',
  panel: '#f3f4f2',
  main: '#0b5fc4',
  faint: '#8ab4e8',
  fault: '#b45309',
  bad: '#b3131f',
  good: '#18713a',
} as const

export type Colour = keyof typeof colours

/** By night. */
export const dark: Readonly<Record<Colour, string>> = {
  ink: '#e6e9ec',
  soft: '#a3adb8',
  grid: '#39424c',
  ground: '#14181d',
  panel: '#1d2329',
  main: '#6cb0ff',
  faint: '#4377b5',
  fault: '#f0a04b',
  bad: '#ff7b7b',
  good: '#62cf88',
}

/** `svg` with its colours as variables. Colours stand in attributes; text between the tags is left as it is. */
export function variable(svg: string): string {
  const names = new Map(Object.entries(colours).map(([name, value]) => [value as string, name]))
  return svg.replace(/(fill|stroke)="(#[\da-f]{6})"/g, (whole, attribute: string, value: string) => {
    const name = names.get(value)
    return name === undefined ? whole : `${attribute}="var(--${name},${value})"`
  })
}
