/** A call from page to page through the NATs of the world, with coturn set up as the README says. */
import { availableParallelism, loadavg } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { meet } from '../e2e/senses.ts'
import { button, connected, idOf, linked, ring } from '../e2e/world.ts'
import { type Internet, openInternet, type Uplink, whyNot } from './internet.ts'
import type { Nat } from './nat.ts'
import { longestGap, mediaWay, type Resident, resident, unaskedPictures, watchFrames } from './people.ts'
import { openServers, type Servers } from './servers.ts'

/** From one network to the other, both sides see each other again within this, in milliseconds. */
const RECOVERY = 3_000

/**
 * The best of so many counts, and each must come back: whatever else a machine does can only add, and after three seconds
 * without a picture Chromium now and then holds back the next for another three (ARCHITECTURE: key frames).
 */
const MOVES = 3

/** How much slower everything is, where more than the test itself wants the processors: it makes a load of two each. */
const slowness = () => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism() / 2)

const why = whyNot()
if (why !== undefined) process.stdout.write(`The tests with networks of their own are skipped: ${why}.\n`)

describe.skipIf(why !== undefined)('a call from home to home', () => {
  let internet: Internet
  let servers: Servers
  let people: Promise<Resident>[] = []
  let number = 9

  beforeAll(async () => {
    internet = openInternet()
    servers = await openServers(internet)
  })
  const leave = async () => {
    await Promise.allSettled(people.map(async (person) => (await person).close()))
    people = []
  }
  afterEach(leave)
  afterAll(async () => {
    await servers?.close()
    internet?.close()
  })

  /** Ben, behind `theirs`, has called Ana, behind the first of `ours`, and they see and hear each other. */
  async function talking(ours: readonly Nat[], theirs: Nat) {
    const uplink = (nat: Nat): Uplink => {
      number += 1
      return { nat, number }
    }
    const { url } = servers.bootstrap
    const home = internet.home(`ana${number}`, ours.map(uplink))
    const anas = resident('Ana', home, url)
    const link = anas.then(({ page }) => idOf(page))
    const bens = resident('Ben', internet.home(`ben${number}`, [uplink(theirs)]), url, link)
    people.push(anas, bens)
    const [ana, ben] = await Promise.all([anas, bens])
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    return { ana, ben, home }
  }

  /** The same, and then Ana's network is another: they see each other again after `gap` milliseconds. */
  async function moving(next: Nat, theirs: Nat) {
    const { ana, ben, home } = await talking(['port-restricted', next], theirs)
    const pages = [ana.page, ben.page]
    await linked(ben)
    await Promise.all(pages.map(watchFrames))
    const told = Promise.all(
      pages.map((page) => page.locator('main[data-phase=reconnecting]').waitFor({ state: 'attached' })),
    )
    home.move(1)
    await told
    await connected(...pages)
    await meet(...pages)
    return { ana, ben, gap: Math.max(...(await Promise.all(pages.map(longestGap)))) }
  }

  async function goesDirectly(...residents: Resident[]) {
    const direct = expect.stringMatching(/^(srflx|prflx)$/)
    for (const { page } of residents) {
      expect(await mediaWay(page)).toMatchObject({ local: direct, remote: direct })
    }
  }

  test('behind full-cone routers goes directly, and nobody is asked but whom the bootstrap named', async () => {
    const { ana, ben } = await talking(['full-cone'], 'full-cone')
    await goesDirectly(ana, ben)
    const urls = await ana.page.evaluate(() =>
      connections.flatMap((one) => one.getConfiguration().iceServers?.flatMap((server) => server.urls)),
    )
    expect(new Set(urls)).toEqual(new Set(servers.turnUrls))
    const username = await ana.page.evaluate(
      () => connections[0]?.getConfiguration().iceServers?.[0]?.username,
    )
    expect(username).toMatch(/^\d{10}:[\da-f]{16}$/)
    const secrets = servers.bootstrap.log.filter((line) => line.includes(servers.secret))
    expect(secrets).toEqual([])
  })

  test.each([
    ['port-restricted', 'port-restricted'],
    // What tells the two apart: the port that a symmetric router opens is not the one that was told.
    ['symmetric', 'full-cone'],
  ] as const)('behind routers that are %s and %s goes directly', async (ours, theirs) => {
    const { ana, ben } = await talking([ours], theirs)
    await goesDirectly(ana, ben)
  })

  test.each([
    ['symmetric', 'port-restricted', 'udp'],
    ['symmetric', 'symmetric', 'udp'],
    ['no-udp', 'full-cone', 'tcp'],
    ['no-udp', 'no-udp', 'tcp'],
  ] as const)('behind routers that are %s and %s goes through TURN', async (ours, theirs, protocol) => {
    const { ana, ben } = await talking([ours], theirs)
    const ways = await Promise.all([ana, ben].map(({ page }) => mediaWay(page)))
    const relays = ways.filter((way) => way?.local === 'relay')
    expect(relays.map((way) => way?.relayProtocol)).toContain(protocol)
    expect(servers.turnLog.some((line) => /ALLOCATE processed, success/.test(line))).toBe(true)
  })

  test.each([
    ['port-restricted', 'port-restricted'],
    ['symmetric', 'port-restricted'],
  ] as const)('goes on when one of the two is in another network, which is %s', async (next, theirs) => {
    const gaps: number[] = []
    const inTime = () => Math.min(...gaps) < RECOVERY * slowness()
    let { ana, ben, gap } = await moving(next, theirs)
    for (gaps.push(gap); !inTime() && gaps.length < MOVES; gaps.push(gap)) {
      await leave()
      ;({ ana, ben, gap } = await moving(next, theirs))
    }
    expect(inTime(), `back after ${gaps.join(', ')} ms`).toBe(true)
    const pages = [ana.page, ben.page]
    // For a moment after the change a browser may have no pair to tell of.
    const relayed = async () => {
      const ways = await Promise.all(pages.map(mediaWay))
      return ways.flatMap((way) => [way?.local, way?.remote]).includes('relay')
    }
    await expect.poll(relayed, { timeout: 10_000 }).toBe(next === 'symmetric')
    // Their link is made anew as well.
    await linked(ben)
    await button(ana.page, 'Mute').click()
    await ben.page.getByText('Their microphone is off').waitFor()
  })

  test('sends a whole picture unasked when there was no way for a while', async () => {
    const { ana, ben, home } = await talking(['port-restricted'], 'port-restricted')
    const pages = [ana.page, ben.page]
    const before = await Promise.all(pages.map(unaskedPictures))
    home.cut()
    await Promise.all(pages.map((page) => page.locator('main[data-phase=reconnecting]').waitFor()))
    home.mend()
    await connected(...pages)
    await meet(...pages)
    for (const [index, page] of pages.entries()) {
      await expect.poll(() => unaskedPictures(page)).toBeGreaterThan(before[index] as number)
    }
  })
})
