/**
 * The script of the moving picture. It is put into the page by its source (`toString`), so that it is checked as all else is
 * and needs no bundler; so it may use nothing but what is inside of it, and types.
 */
import type { Film } from './film.ts'

export function project(page: Document): void {
  const svg = 'http://www.w3.org/2000/svg'
  const frameMillis = 160
  const states = ['up', 'frozen', 'cut']
  const part = <Kind extends Element>(id: string) => page.getElementById(id) as unknown as Kind
  const film = JSON.parse(part('film').textContent ?? '') as Film
  const [play, scrub] = [part<HTMLButtonElement>('play'), part<HTMLInputElement>('scrub')]
  const last = film.changes.length - 1
  let timer = 0
  /** What is seen, and up to which frame. */
  let at = -1
  let nodes = new Map<number, { place: number; state: number }>()
  let copies = new Map<string, number[]>()

  function forward(): void {
    at += 1
    const change = film.changes[at]
    if (change === undefined) return
    for (const [place, id, state] of triples(change.nodes)) {
      if (state === -1) nodes.delete(id)
      else nodes.set(id, { place, state })
    }
    for (const copy of triples(change.gone)) copies.delete(String(copy))
    for (const copy of triples(change.come)) copies.set(String(copy), copy)
  }

  function triples(flat: number[]): [number, number, number][] {
    const all: [number, number, number][] = []
    for (let n = 0; n < flat.length; n += 3) {
      all.push([flat[n] as number, flat[n + 1] as number, flat[n + 2] as number])
    }
    return all
  }

  function show(frame: number): void {
    if (frame < at) {
      at = -1
      nodes = new Map()
      copies = new Map()
    }
    while (at < frame) forward()
    draw()
  }

  function spot(place: number): [number, number] {
    const angle = (2 * Math.PI * place) / film.places - Math.PI / 2
    return [200 + 182 * Math.cos(angle), 200 + 182 * Math.sin(angle)]
  }

  function shape(kind: string, fields: Record<string, string | number>): Element {
    const element = page.createElementNS(svg, kind)
    for (const [name, value] of Object.entries(fields)) element.setAttribute(name, String(value))
    return element
  }

  function draw(): void {
    const lines = [...copies.values()].flatMap(([from = 0, to = 0, owner]) => {
      const [a, b] = [nodes.get(from), nodes.get(to)]
      if (a === undefined || b === undefined) return []
      const [[x1, y1], [x2, y2]] = [spot(a.place), spot(b.place)]
      return [shape('line', { x1, y1, x2, y2, class: from === owner ? 'own' : 'stand-in' })]
    })
    const size = film.places > 90 ? 4 : 7
    const dots = [...nodes].map(([id, { place, state }]) => {
      const [cx, cy] = spot(place)
      const dot = shape('circle', { cx, cy, r: size, class: states[state] ?? '' })
      const title = page.createElementNS(svg, 'title')
      title.textContent = `peer ${id}, ${states[state]}`
      dot.append(title)
      return dot
    })
    part('film-copies').replaceChildren(...lines)
    part('film-peers').replaceChildren(...dots)
    const change = film.changes[at]
    const now = change?.at ?? 0
    const wrong = film.happenings.filter((one) => one.at <= now && now <= one.at + Math.max(one.span, 60_000))
    const crowd = change?.crowd ?? 0
    const seen = crowd > 0 ? `${crowd} peers, too many to draw` : `${nodes.size} peers, ${copies.size} copies`
    const words = [seen, ...wrong.map(({ what }) => what)]
    part('clock').textContent = clock(now)
    part('news').textContent = [...words, ...(change?.news ?? [])].join(' · ')
    scrub.value = String(at)
    scrub.setAttribute('aria-valuetext', `${clock(now)}, ${words.join(', ')}`)
  }

  function clock(millis: number): string {
    const seconds = Math.round(millis / 1_000)
    const two = (value: number) => String(value % 60).padStart(2, '0')
    return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`
  }

  function pause(): void {
    clearInterval(timer)
    timer = 0
    play.textContent = 'Play'
  }

  function start(): void {
    if (at >= last) show(0)
    play.textContent = 'Pause'
    timer = Number(
      setInterval(() => {
        if (at >= last) pause()
        else show(at + 1)
      }, frameMillis),
    )
  }

  play.addEventListener('click', () => (timer === 0 ? start() : pause()))
  scrub.addEventListener('input', () => {
    pause()
    show(Number(scrub.value))
  })
  show(0)
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  // It begins when it is first seen: on a phone it would be over before one comes to it.
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      watch.disconnect()
      if (timer === 0 && at === 0) start()
    },
    { threshold: 0.6 },
  )
  watch.observe(part('film-peers').parentElement as Element)
}
