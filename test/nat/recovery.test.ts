/** The way to the internet changes in the middle of a call. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { meet } from '../e2e/senses.ts'
import { button, connected, idOf, ring } from '../e2e/world.ts'
import { type Internet, openInternet, whyNot } from './internet.ts'
import { longestGap, mediaWay, resident, watchFrames } from './people.ts'
import { openServers, type Servers } from './servers.ts'

const why = whyNot()

describe.skipIf(why !== undefined)(`recovery`, () => {
  let internet: Internet
  let servers: Servers

  beforeAll(async () => {
    internet = openInternet()
    servers = await openServers(internet)
  })
  afterAll(async () => {
    await servers?.close()
    internet?.close()
  })

  test('try', async () => {
    const { url } = servers.bootstrap
    const nat = 'port-restricted'
    const home = internet.home('ana', [
      { nat, number: 10 },
      { nat, number: 11 },
    ])
    const ana = await resident('Ana', home, url)
    onTestFinished(() => ana.close())
    const ben = await resident('Ben', internet.home('ben', [{ nat, number: 20 }]), url, await idOf(ana.page))
    onTestFinished(() => ben.close())
    for (const [n, p] of [
      ['ana', ana],
      ['ben', ben],
    ] as const) {
      p.page.on('console', (m) => console.log(n, m.text())); p.page.on('websocket', (w) => { console.log(Date.now()%100000, n, 'ws open'); w.on('close', () => console.log(Date.now()%100000, n, 'ws close')) }); p.page.on('request', (r) => console.log(Date.now()%100000, n, r.url()))
    }
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    await new Promise((r) => setTimeout(r, 3000))
    await Promise.all([watchFrames(ana.page), watchFrames(ben.page)])
    for (const { page } of [ana, ben])
      await page.evaluate(() => {
        const t0 = Date.now()
        const log = (...a: unknown[]) => console.log(Date.now() % 100000, ...a)
        log('BEGIN')
        for (const e of ['online', 'offline']) addEventListener(e, () => log(e))
        ;(navigator as any).connection?.addEventListener('change', () =>
          log('connection change', (navigator as any).connection.type),
        )
        connections.forEach((c, i) => {
          c.addEventListener('iceconnectionstatechange', () =>
            log(i, 'ice', c.iceConnectionState, c.getTransceivers().length),
          )
          c.addEventListener('connectionstatechange', () => log(i, 'conn', c.connectionState))
          c.addEventListener('signalingstatechange', () => log(i, 'sig', c.signalingState))
          c.addEventListener('icecandidate', (e) => log(i, 'cand', e.candidate?.candidate))
        })
        const n = connections.length
        setInterval(() => {
          for (let i = n; i < connections.length; i++) {
            const c = connections[i] as any
            if (!c.seen) {
              c.seen = 1
              log('new pc', i)
              c.addEventListener('connectionstatechange', () => log(i, 'conn', c.connectionState))
            }
          }
        }, 50)
        const find = (root: any): any =>
          root.querySelector('main[data-phase]') ??
          [...root.querySelectorAll('*')].map((e: any) => e.shadowRoot && find(e.shadowRoot)).find(Boolean)
        let last = ''
        setInterval(() => {
          const m = find(document)
          const p = m?.dataset.phase
          if (p !== last) {
            last = p
            log('phase', p)
          }
        }, 20)
        let frames = 0
        setInterval(() => {
          const k = shown.filter((t) => t > performance.now() - 500).length
          if ((k === 0) !== (frames === 0)) log('frames/500ms', k)
          frames = k
        }, 100)
      })
    await new Promise((r) => setTimeout(r, 1000))
    console.log(Date.now() % 100000, 'MOVE')
    home.move(1)
    console.log(Date.now() % 100000, 'MOVED')
    await new Promise((r) => setTimeout(r, Number(process.env.WAIT ?? 15000)))
    console.log(await longestGap(ana.page), await longestGap(ben.page), await mediaWay(ana.page))
  })
})
