/**
 * The script of the moving picture. A page stands alone, so its script stands in it: `movie.ts` puts in the source of this
 * function by `toString()`. So it is checked like any other code here, and needs no bundler; but it may use nothing from
 * outside of itself, and of this module only types.
 */
import type { Film } from './film.ts'

export function player(): void {
  const find = <E extends Element>(selector: string): E => {
    const element = document.querySelector<E>(selector)
    if (element === null) throw new Error(`${selector} is not in this page`)
    return element
  }
  const canvas = find<HTMLCanvasElement>('#movie canvas')
  const button = find<HTMLButtonElement>('#movie button')
  const scrubber = find<HTMLInputElement>('#movie input')
  const clock = find<HTMLOutputElement>('#movie output')
  const news = find<HTMLElement>('#movie .news')
  const film: Film = JSON.parse(find('#film').textContent ?? '')
  const PICTURES_PER_SECOND = 8
  let timer: ReturnType<typeof setInterval> | undefined

  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(`--${name}`)
  const at = () => Number(scrubber.value)

  const draw = () => {
    const picture = film.pictures[at()]
    const pen = canvas.getContext('2d')
    if (picture === undefined || pen === null) return
    const ratio = devicePixelRatio || 1
    const size = canvas.clientWidth
    canvas.width = canvas.height = Math.round(size * ratio)
    pen.scale(ratio, ratio)
    const middle = size / 2
    const place = (slot: number, reach = 0.9): [number, number] => {
      const angle = (2 * Math.PI * slot) / Math.max(film.places, 1) - Math.PI / 2
      return [middle + middle * reach * Math.cos(angle), middle + middle * reach * Math.sin(angle)]
    }
    const [main, soft, faint, fault, bad] = ['main', 'soft', 'faint', 'fault', 'bad'].map(colour)
    for (const [from, to, away] of picture.copies) {
      const [x, y] = place(from)
      const [u, v] = place(to)
      pen.strokeStyle = (away === 1 ? fault : faint) ?? ''
      pen.globalAlpha = away === 1 ? 0.95 : 0.7
      pen.lineWidth = away === 1 ? 1.6 : 1
      pen.beginPath()
      pen.moveTo(x, y)
      // Bent towards the middle, so that copies of neighbours are seen as well.
      pen.quadraticCurveTo(
        middle + ((x + u) / 2 - middle) * 0.45,
        middle + ((y + v) / 2 - middle) * 0.45,
        u,
        v,
      )
      pen.stroke()
    }
    pen.globalAlpha = 1
    const radius = Math.max(2, Math.min(7, (middle * 2) / Math.max(film.places, 1)))
    for (const [slot, state] of picture.nodes) {
      const [x, y] = place(slot)
      pen.beginPath()
      // By shape as well as by colour: a disc, a square, a ring.
      if (state === 1) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius)
      else pen.arc(x, y, radius, 0, 2 * Math.PI)
      pen.fillStyle = (state === 1 ? soft : state === 2 ? colour('ground') : main) ?? ''
      pen.fill()
      pen.lineWidth = 2
      pen.strokeStyle = bad ?? ''
      if (state === 2) pen.stroke()
    }
    if (picture.nodes.length === 0 && picture.population > 0) {
      pen.fillStyle = soft ?? ''
      pen.textAlign = 'center'
      pen.font = '16px system-ui, sans-serif'
      pen.fillText(`${picture.population} peers, too many to draw`, middle, middle)
    }
    clock.textContent = picture.time
    scrubber.setAttribute('aria-valuetext', picture.time)
    const more = picture.news.length === 0 ? '' : `: ${picture.news.join('; ')}`
    news.textContent = `${picture.population} peers${more}`
  }

  const pause = () => {
    clearInterval(timer)
    timer = undefined
    button.textContent = 'Play'
    news.setAttribute('aria-live', 'polite')
  }

  const play = () => {
    if (at() >= film.pictures.length - 1) scrubber.value = '0'
    button.textContent = 'Pause'
    // Nobody wants to hear eight pictures a second.
    news.setAttribute('aria-live', 'off')
    timer = setInterval(() => {
      scrubber.value = String(at() + 1)
      draw()
      if (at() >= film.pictures.length - 1) pause()
    }, 1_000 / PICTURES_PER_SECOND)
    draw()
  }

  button.addEventListener('click', () => (timer === undefined ? play() : pause()))
  scrubber.addEventListener('input', () => {
    pause()
    draw()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  new ResizeObserver(draw).observe(canvas)
  pause()
  draw()
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  // It begins when it is first seen.
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      watch.disconnect()
      if (timer === undefined && at() === 0) play()
    },
    { threshold: 0.6 },
  )
  watch.observe(canvas)
}
