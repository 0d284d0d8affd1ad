/** People at home: a Chromium of their own in their own network, and what passes in it as measured there. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findChromium } from '../../.ci/chromium.js'
import { ready } from '../e2e/world.ts'
import { openChromium, type Person } from '../support/chromium.ts'
import type { Home } from './internet.ts'

export interface Resident extends Person {
  /** Goes, and takes the browser along. */
  close(): Promise<void>
}

declare global {
  /** Every RTCPeerConnection that the page made. */
  var connections: RTCPeerConnection[]
  /** When frames of the other side were shown, since `watchFrames`. */
  var shown: number[]
}

/** Someone at `home`, with the page at `url` open and ready; with a `hash` by a link that somebody gave them. */
export async function resident(
  name: string,
  home: Home,
  url: string,
  hash: Promise<string> | string = '',
): Promise<Resident> {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-nat-'))
  const executablePath = join(folder, 'chromium')
  await writeFile(executablePath, `#!/bin/sh\nexec ${home.inside.join(' ')} ${findChromium()} "$@"\n`)
  await chmod(executablePath, 0o755)
  // Cameras need a secure page, and there is nobody here to certify an address.
  const args = [`--unsafely-treat-insecure-origin-as-secure=${url}`]
  const chromium = await openChromium({ executablePath, args })
  const person = await chromium.person()
  const { page } = person
  await page.addInitScript(keepConnections)
  page.setDefaultTimeout(20_000)
  await page.goto(`${url}/#${await hash}`)
  await page.locator('#name').fill(name)
  await ready(page)
  return {
    ...person,
    async close() {
      await chromium.close()
      await rm(folder, { recursive: true })
    },
  }
}

function keepConnections(): void {
  globalThis.connections = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      connections.push(this)
    }
  }
}

export interface MediaWay {
  /** Types of the selected pair's candidates: `host`, `srflx`, `prflx`, `relay`. */
  local: string
  remote: string
  /** How a relay of ours is spoken to. */
  relayProtocol: string | undefined
  /** Frames of the other side's video decoded so far. */
  frames: number
}

/** The way that media takes, as the page's own connection for the call tells it. */
export function mediaWay(page: Page): Promise<MediaWay | undefined> {
  return page.evaluate(async () => {
    const media = connections.findLast((one) => one.getTransceivers().length > 0)
    const stats = new Map<string, Record<string, unknown>>(
      ((await media?.getStats()) as Iterable<[string, Record<string, unknown>]> | undefined) ?? [],
    )
    const all = [...stats.values()]
    const pair = stats.get(String(all.find(({ type }) => type === 'transport')?.['selectedCandidatePairId']))
    const local = stats.get(String(pair?.['localCandidateId']))
    const remote = stats.get(String(pair?.['remoteCandidateId']))
    if (local === undefined || remote === undefined) return undefined
    const video = all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')
    return {
      local: String(local['candidateType']),
      remote: String(remote['candidateType']),
      relayProtocol: local['relayProtocol'] as string | undefined,
      frames: Number(video?.['framesDecoded'] ?? 0),
    }
  })
}

/** From now on it is kept when each frame of the other side is shown. */
export function watchFrames(page: Page): Promise<void> {
  return page.locator('video[data-role=remote]').evaluate((element) => {
    globalThis.shown = [performance.now()]
    const video = element as HTMLVideoElement
    const frame = () => {
      shown.push(performance.now())
      video.requestVideoFrameCallback(frame)
    }
    video.requestVideoFrameCallback(frame)
  })
}

/** The longest time without a frame since `watchFrames`, in milliseconds, up to now. */
export function longestGap(page: Page): Promise<number> {
  return page.evaluate(() => {
    const times = [...shown, performance.now()]
    return Math.round(Math.max(...times.slice(1).map((time, index) => time - (times[index] as number))))
  })
}

/** Whole pictures that the page sent though the other side had not asked for one. */
export function unaskedPictures(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const stats = await Promise.all(connections.map((connection) => connection.getStats()))
    const sent = stats.flatMap((report) => [...report.values()].filter(({ type }) => type === 'outbound-rtp'))
    const unasked = sent.map(({ keyFramesEncoded = 0, pliCount = 0, firCount = 0 }) => {
      return keyFramesEncoded - pliCount - firCount
    })
    return unasked.reduce((sum, each) => sum + each, 0)
  })
}
