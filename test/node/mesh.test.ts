/**
 * A mesh of real peers over WebRTC, in six processes, that loses its bootstrap and a third of itself: eighteen peers in
 * `npm test`, sixty in `npm run test:mesh`, which keeps two processors busy for six minutes and more.
 *
 * Not each pair is looked up but a sample with a seed, in which every peer seeks ten others and is sought by ten.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Random } from '../../simulations/random.ts'
import { some } from '../bench/mesh/ideal.ts'
import { Colony, type Resident } from '../support/colony/colony.ts'

const PEERS = Number(process.env['MESH'] ?? 18)
const PER_HOUSE = PEERS / 6
/** Few enough that most hang up. */
const ANCHORS = Math.min(8, Math.floor(PEERS / 3))
const SOUGHT_BY = 10
/** Look-ups at once: each takes up to a quarter of a second of processor, and sixty peers leave little of it. */
const LANES = PEERS > 18 ? 1 : 6
/** The end of patience, in milliseconds: with one look-up; with a peer that is away, after a search for it. */
const LOOKUP = 16_000
const AWAY = 30_000
/** With the mesh when it is to come to something, in milliseconds: links that die are noticed within 27 s,
 * and an anchor asks once a minute whether it may go. */
const CHANGE = PEERS > 18 ? 240_000 : 90_000
const LOOK = 500
/** No new link for so long, in milliseconds; sixty that have just come keep two processors busy for some minutes. */
const SETTLED = PEERS > 18 ? 45_000 : 6_000
const SETTLING = PEERS > 18 ? 600_000 : 90_000

// Six hundred look-ups on two processors that sixty peers keep busy, or four hundred after all has been mended.
if (PEERS > 18) vi.setConfig({ testTimeout: 1_500_000 })

describe(`a mesh of ${PEERS}`, () => {
  let colony: Colony
  const random = new Random(60)

  beforeAll(async () => {
    // Fewer holders than by default, so that sixty fit into two processors; with fewer links, some lose all at once.
    const options = { contingents: 1 }
    const say = (line: string) => process.stderr.write(`${line}\n`)
    colony = await Colony.found({ perHouse: PER_HOUSE, flags: ['--anchors', String(ANCHORS)], options, say })
    await colony.grow(PEERS)
    await colony.settle({ still: SETTLED, patience: SETTLING })
  }, 2_400_000)
  afterAll(() => colony?.end())

  it('comes about: everyone is linked and held, and registered so that another finds it', async () => {
    expect(colony.late).toEqual([])
    const reports = await colony.reports()
    expect(reports.filter(({ links, holders }) => links.length < 2 || holders.length < 1)).toEqual([])
    await all(ring(colony.peers, 1), async ({ from, to }) => {
      await from.house.tell('registered', { from: from.id, to: to.id, millis: LOOKUP })
    })
  })

  it('finds: whoever seeks someone finds them', async () => {
    const sample = sampleOf(colony.peers)
    expect(sample).toHaveLength(PEERS * SOUGHT_BY)
    expect(await missed(sample)).toEqual([])
  })

  it('leaves the bootstrap with no more than its anchors', async () => {
    await eventually(async () => (await colony.sockets()) <= ANCHORS)
    // And they stay, so that newcomers are introduced to someone.
    expect(await colony.sockets()).toBeGreaterThanOrEqual(ANCHORS / 2)
  })

  it('loses the bootstrap and a third of itself at once, and those who are left find each other', async () => {
    const before = new Map((await colony.reports()).map((report) => [report.peer, report]))
    const killed = some(colony.houses, 2, random)
    const dead = colony.peers.filter(({ house }) => killed.includes(house))
    expect(dead).toHaveLength(PEERS / 3)
    await Promise.all([colony.bootstrap.kill(), ...killed.map((house) => colony.kill(house))])

    const gone = new Set(dead.map(({ id }) => id))
    const astray = async () => {
      const all = await colony.reports()
      const off = all.filter(({ links }) => links.length < 2 || links.some((peer) => gone.has(peer)))
      return off.map(({ peer, links }) => ({
        peer,
        links: links.length,
        dead: links.filter((each) => gone.has(each)),
      }))
    }
    await eventually(async () => (await astray()).length === 0).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await astray())}`)
    })
    // Forty peers that mend their links, holders and registrations at once leave two processors nothing for look-ups.
    if (PEERS > 18) await colony.settle({ still: SETTLED, patience: SETTLING })
    expect(await missed(sampleOf(colony.peers))).toEqual([])

    // A registration outlives its writer; and whoever held one that is dead says more: that it is away.
    const asked = dead.map((to, index) => ({ from: colony.peers[index] as Resident, to }))
    const seen = await presences('find', asked)
    expect(seen.filter((presence) => presence !== 'away')).toEqual([])
    const held = asked.filter(({ to }) => before.get(to.id)?.holders.some((holder) => !gone.has(holder)))
    expect(held.length).toBeGreaterThan(0)
    const said = await presences('presence', held)
    expect(said.filter((presence) => presence !== 'away')).toEqual([])
  })

  function sampleOf(peers: readonly Resident[]) {
    const shuffled = some(peers, peers.length, random)
    return Array.from({ length: SOUGHT_BY }, (_, index) => ring(shuffled, index + 1)).flat()
  }
})

interface Pair {
  from: Resident
  to: Resident
}

/** Each seeks the one that is so many places further. */
function ring(peers: readonly Resident[], further: number): Pair[] {
  return peers.map((from, at) => ({ from, to: peers[(at + further) % peers.length] as Resident }))
}

/** What is said of each who is away, or why nothing is. */
async function presences(command: 'find' | 'presence', pairs: readonly Pair[]): Promise<string[]> {
  const said: string[] = []
  await all(pairs, async ({ from, to }) => {
    const presence = await from.house
      .tell(command, { from: from.id, to: to.id, millis: AWAY })
      .then((answer) => answer.presence)
      .catch((error: Error) => error.message)
    said.push(presence)
  })
  return said
}

/** Those pairs in which one did not find the other, and why. */
async function missed(pairs: readonly Pair[]): Promise<string[]> {
  const missing: string[] = []
  await all(pairs, async ({ from, to }) => {
    const found = await from.house
      .tell('find', { from: from.id, to: to.id, millis: LOOKUP })
      .then(({ presence }) => presence)
      .catch((error: Error) => error.message)
    if (found !== 'here') missing.push(`${from.id} sought ${to.id}: ${found}`)
  })
  return missing
}

/** Some at a time. */
async function all<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items]
  const lane = async () => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await act(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** There is no event for what happens in other processes. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + CHANGE
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${CHANGE} ms`)
    await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
}
