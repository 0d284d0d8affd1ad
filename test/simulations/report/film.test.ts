/** The film of a run keeps each peer in its place, and leaves out what nobody could see. */
import { describe, expect, it } from 'vitest'
import { filmOf } from '../../../simulations/report/page/film.ts'
import type { Frame } from '../../../simulations/report/run.ts'

describe('a film', () => {
  it('keeps a peer where it is until it leaves, and gives its place to the next', () => {
    const film = filmOf([frame([10, 11, 12]), frame([10, 12]), frame([12, 13, 14, 15, 10])])
    const places = film.pictures.map(({ nodes }) => nodes.map(([place]) => place))
    expect(places).toEqual([
      [0, 1, 2],
      [0, 2],
      [2, 1, 3, 4, 0],
    ])
    expect(film.places).toBe(5)
  })

  it('draws copies between places, and tells when the owner is away', () => {
    const copies = [
      { from: 10, to: 11, owner: 10 },
      { from: 11, to: 10, owner: -1 },
      { from: 10, to: 99, owner: 10 },
    ]
    const [picture] = filmOf([{ ...frame([10, 11]), copies }]).pictures
    expect(picture?.copies).toEqual([
      [0, 1, 0],
      [1, 0, 1],
    ])
  })

  it('knows who stands still and who is cut off', () => {
    const nodes = [
      { id: 1, state: 'up' },
      { id: 2, state: 'frozen' },
      { id: 3, state: 'cut' },
    ] as const
    const [picture] = filmOf([{ ...frame([]), nodes: [...nodes] }]).pictures
    expect(picture?.nodes.map(([, state]) => state)).toEqual([0, 1, 2])
  })

  it('has of a crowd its number alone', () => {
    const crowd = Array.from({ length: 5_000 }, (_, id) => id)
    const film = filmOf([frame([1, 2]), frame(crowd), frame([1, 2])])
    expect(film.pictures.map(({ nodes, population }) => [nodes.length, population])).toEqual([
      [2, 2],
      [0, 5_000],
      [2, 2],
    ])
    expect(film.places).toBe(2)
  })

  it('shortens a long one without losing news', () => {
    const frames = Array.from({ length: 5_000 }, (_, at) => ({ ...frame([1]), at, news: [`${at}`] }))
    const { pictures } = filmOf(frames)
    expect(pictures.length).toBeLessThanOrEqual(480)
    expect(new Set(pictures.flatMap(({ news }) => news)).size).toBeGreaterThan(4_900)
  })
})

function frame(ids: readonly number[]): Frame {
  return { at: 0, nodes: ids.map((id) => ({ id, state: 'up' })), copies: [], news: [] }
}
