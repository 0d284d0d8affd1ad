/** Lines of several runs, and the line of their mean. */

export type Point = [x: number, y: number]

/**
 * The mean at every x that any of the lines has, straight between points. Before its first point and after its last one a
 * line is `before` and `after`, or, without these, not there.
 */
export function meanOf(lines: readonly (readonly Point[])[], before?: number, after?: number): Point[] {
  const places = [...new Set(lines.flatMap((line) => line.map(([x]) => x)))].sort((a, b) => a - b)
  const cursors = lines.map(() => 0)
  return places.flatMap((x): Point[] => {
    const heights = lines.flatMap((line, n) => {
      let at = cursors[n] ?? 0
      while (at + 1 < line.length && (line[at + 1] as Point)[0] <= x) at++
      cursors[n] = at
      return heightOf(line, at, x, before, after) ?? []
    })
    return heights.length === 0 ? [] : [[x, heights.reduce((sum, y) => sum + y, 0) / heights.length]]
  })
}

function heightOf(line: readonly Point[], at: number, x: number, before?: number, after?: number) {
  const [here, next] = [line[at], line[at + 1]]
  if (here === undefined || x < here[0]) return before
  if (x === here[0]) return here[1]
  if (next === undefined) return after
  return here[1] + ((next[1] - here[1]) * (x - here[0])) / (next[0] - here[0])
}
