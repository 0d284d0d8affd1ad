/** The script of the moving picture, from its source as a page has it, on a page of the few things that it touches. */
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { filmOf } from '../../../simulations/report/page/film.ts'
import { SCRIPT } from '../../../simulations/report/page/movie.ts'
import type { Frame } from '../../../simulations/report/run.ts'

const frames: Frame[] = [
  {
    at: 0,
    nodes: [
      { id: 5, state: 'up' },
      { id: 6, state: 'up' },
    ],
    copies: [{ from: 5, to: 6, owner: 5 }],
    news: [],
  },
  { at: 60_000, nodes: [{ id: 6, state: 'frozen' }], copies: [], news: ['1 went'] },
  {
    at: 120_000,
    nodes: [
      { id: 6, state: 'up' },
      { id: 7, state: 'up' },
    ],
    copies: [{ from: 6, to: 7, owner: 5 }],
    news: [],
  },
]

it('shows the first frame and plays to the last, unless motion is not wanted', () => {
  const still = projected(true)
  expect(still.seen()).toEqual({ clock: '0:00:00', peers: ['up', 'up'], copies: ['own'], play: 'Play' })
  still.see()
  expect(still.seen().play).toBe('Play')
  const moving = projected(false)
  // It waits for being seen.
  expect(moving.seen().play).toBe('Play')
  moving.see()
  expect(moving.seen().play).toBe('Pause')
  for (let n = 0; n < 3; n++) moving.tick()
  expect(moving.seen()).toEqual({ clock: '0:02:00', peers: ['up', 'up'], copies: ['stand-in'], play: 'Play' })
})

it('goes back as well as on', () => {
  const { scrub, seen } = projected(true)
  scrub('2')
  expect(seen().copies).toEqual(['stand-in'])
  scrub('1')
  expect(seen()).toEqual({ clock: '0:01:00', peers: ['frozen'], copies: [], play: 'Play' })
})

function projected(still: boolean) {
  class Thing {
    textContent = ''
    value = '0'
    readonly fields = new Map<string, string>()
    readonly children: Thing[] = []
    readonly listeners = new Map<string, () => void>()
    setAttribute = (name: string, value: string) => void this.fields.set(name, value)
    append = (...more: Thing[]) => void this.children.push(...more)
    replaceChildren = (...all: Thing[]) => void this.children.splice(0, Number.POSITIVE_INFINITY, ...all)
    addEventListener = (name: string, act: () => void) => void this.listeners.set(name, act)
  }
  const things = new Map<string, Thing>()
  const thing = (id: string) => {
    const found = things.get(id) ?? new Thing()
    things.set(id, found)
    return found
  }
  thing('film').textContent = JSON.stringify(filmOf({ frames, happenings: [] }))
  let tick = () => {}
  let see = () => {}
  runInNewContext(SCRIPT, {
    document: { getElementById: thing, createElementNS: () => new Thing() },
    matchMedia: () => ({ matches: still }),
    setInterval: (act: () => void) => {
      tick = act
      return 1
    },
    clearInterval: () => {},
    IntersectionObserver: class {
      constructor(act: (entries: { isIntersecting: boolean }[]) => void) {
        see = () => act([{ isIntersecting: true }])
      }
      observe = () => {}
      disconnect = () => {}
    },
  })
  const classes = (id: string) => thing(id).children.map(({ fields }) => fields.get('class'))
  return {
    tick: () => tick(),
    see: () => see(),
    scrub(value: string) {
      thing('scrub').value = value
      thing('scrub').listeners.get('input')?.()
    },
    seen: () => ({
      clock: thing('clock').textContent,
      peers: classes('film-peers'),
      copies: classes('film-copies'),
      play: thing('play').textContent || 'Play',
    }),
  }
}
