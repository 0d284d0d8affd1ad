/**
 * Time codes drawn into frames: the age of a frame, from the canvas of one page to the screen of another,
 * whatever lies between.
 *
 * A frame is a grid of 8 × 4 squares, black or white: 24 bits of the time in milliseconds, and their three
 * bytes' exclusive-or, so that a frame blurred by the encoder is passed over and not believed. Both pages
 * are on one machine, so they share its clock.
 */
import { show } from './screen.ts'

const COLUMNS = 8
const ROWS = 4
const WIDTH = 1280
const HEIGHT = 720
/** As a camera does. */
const FRAMES_PER_SECOND = 30
/** The time wraps around after 2^24 ms, 4.6 hours; no frame is that old. */
const WRAP = 2 ** 24

const now = () => Math.floor(performance.timeOrigin + performance.now()) % WRAP
const check = (time: number) => ((time >> 16) ^ (time >> 8) ^ time) & 0xff

/** A stream that shows, at each frame, when that frame was drawn. It ends when its track is stopped. */
export function drawCodes(): MediaStream {
  const context = contextOf(WIDTH, HEIGHT)
  // Frames are taken when they are drawn, not at the next beat of a sampler.
  const stream = context.canvas.captureStream(0)
  const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[]
  const timer = setInterval(() => {
    if (track?.readyState !== 'live') return clearInterval(timer)
    draw(context, now())
    track.requestFrame()
  }, 1000 / FRAMES_PER_SECOND)
  return stream
}

/** Shows `stream` and reads the age, in milliseconds, of `count` of its frames after the first `skip`. */
export function readAges(stream: MediaStream, skip: number, count: number): Promise<number[]> {
  const video = show(stream)
  const context = contextOf(WIDTH / 10, HEIGHT / 10)
  const ages: number[] = []
  let seen = 0
  return new Promise((resolve) => {
    const look = () => {
      const shown = now()
      const drawn = read(context, video)
      seen += 1
      if (drawn !== undefined && seen > skip) ages.push((shown - drawn + WRAP) % WRAP)
      if (ages.length >= count) resolve(ages)
      else video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
  })
}

function draw(context: CanvasRenderingContext2D, time: number): void {
  const { width, height } = context.canvas
  const bits = [time >> 16, time >> 8, time, check(time)].flatMap((byte) =>
    Array.from({ length: COLUMNS }, (_, bit) => (byte >> bit) & 1),
  )
  for (const [at, bit] of bits.entries()) {
    const [column, row] = [at % COLUMNS, Math.floor(at / COLUMNS)]
    context.fillStyle = bit === 1 ? 'white' : 'black'
    context.fillRect((column * width) / COLUMNS, (row * height) / ROWS, width / COLUMNS, height / ROWS)
  }
}

/** The time in the frame that `video` shows, unless it cannot be read. */
function read(context: CanvasRenderingContext2D, video: HTMLVideoElement): number | undefined {
  const { width, height } = context.canvas
  context.drawImage(video, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const byte = (row: number) =>
    Array.from({ length: COLUMNS }, (_, column) => {
      const [x, y] = [((column + 0.5) * width) / COLUMNS, ((row + 0.5) * height) / ROWS]
      return (data[(Math.floor(y) * width + Math.floor(x)) * 4] ?? 0) > 127 ? 1 << column : 0
    }).reduce((sum, bit) => sum + bit, 0)
  const time = (byte(0) << 16) | (byte(1) << 8) | byte(2)
  return check(time) === byte(3) ? time : undefined
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser has no 2d canvas')
  return context
}
