/**
 * Eyes and ears: whether a picture on the page really moves and a stream really sounds, as measured inside the
 * browser that shows it. An element that is merely there, or holds a last frame, does not pass.
 */
import type { Page } from 'playwright-core'

/** The end of patience with a frame or a sound, in milliseconds. */
const PATIENCE = 20_000

/** Frames that tell a film from a slow start. */
const FRAMES = 12

/** Resolves once the video has decoded `FRAMES` more frames and has shown as many different pictures. */
export async function plays(page: Page, role: 'local' | 'remote'): Promise<void> {
  await page.locator(`video[data-role=${role}]`).evaluate(
    async (element, { frames, patience }) => {
      const video = element as HTMLVideoElement
      const decoded = () => video.getVideoPlaybackQuality().totalVideoFrames
      const before = decoded()
      const context = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true })
      const pictures = new Set<string>()
      const late = AbortSignal.timeout(patience)
      while (pictures.size < frames || decoded() - before < frames) {
        await new Promise<void>((resolve, reject) => {
          late.onabort = () => reject(new Error(`${decoded() - before} frames, ${pictures.size} pictures`))
          video.requestVideoFrameCallback(() => resolve())
        })
        context?.drawImage(video, 0, 0, 64, 36)
        pictures.add(String(context?.getImageData(0, 0, 64, 36).data))
      }
    },
    { frames: FRAMES, patience: PATIENCE },
  )
}

/** The fake microphone beeps about twice a second; silence, comfort noise included, stays far below this. */
const AUDIBLE = 0.01

/** How long it must be quiet to be called silent, in milliseconds of audio: several of its beeps. */
const QUIET = 2_000

/** Resolves once the other side is heard, or, with `false`, once it has been silent for a while. */
export async function hears(page: Page, sound = true): Promise<void> {
  await page.locator('video[data-role=remote]').evaluate(
    async (element, { audible, quiet, patience, wanted }) => {
      const stream = (element as HTMLVideoElement).srcObject as MediaStream
      const audio = new AudioContext()
      const analyser = new AnalyserNode(audio, { fftSize: 2048 })
      audio.createMediaStreamSource(stream).connect(analyser)
      const samples = new Float32Array(analyser.fftSize)
      const began = performance.now()
      let loudAt = began
      try {
        while (performance.now() - began < patience) {
          await new Promise((resolve) => requestAnimationFrame(resolve))
          analyser.getFloatTimeDomainData(samples)
          const loud = samples.some((sample) => Math.abs(sample) > audible)
          if (loud) loudAt = performance.now()
          if (wanted ? loud : performance.now() - loudAt > quiet) return
        }
      } finally {
        await audio.close()
      }
      throw new Error(`no ${wanted ? 'sound' : 'silence'} within ${patience} ms`)
    },
    { audible: AUDIBLE, quiet: QUIET, patience: PATIENCE, wanted: sound },
  )
}

/** Both see and hear each other. */
export async function meet(...pages: Page[]): Promise<void> {
  await Promise.all(pages.flatMap((page) => [plays(page, 'remote'), hears(page)]))
}

/** Watches the other side's picture from now on; the returned function says how long it stood still at most, in milliseconds. */
export async function watchPicture(page: Page): Promise<() => Promise<number>> {
  const video = page.locator('video[data-role=remote]')
  await video.evaluate((element) => {
    const watched = element as HTMLVideoElement & { stillest?: number; seen?: number }
    watched.stillest = 0
    watched.seen = performance.now()
    const look = () => {
      const now = performance.now()
      watched.stillest = Math.max(watched.stillest ?? 0, now - (watched.seen ?? now))
      watched.seen = now
      watched.requestVideoFrameCallback(look)
    }
    watched.requestVideoFrameCallback(look)
  })
  return () =>
    video.evaluate((element) => {
      const { stillest = 0, seen = 0 } = element as HTMLVideoElement & { stillest?: number; seen?: number }
      return Math.max(stillest, performance.now() - seen)
    })
}
