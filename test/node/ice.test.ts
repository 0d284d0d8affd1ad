/** ICE servers: kept after the entrance is gone, and renewed in time. */
import { writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Entrances, type EntrancesInit } from '#node/entrance/entrances'
import { Ice } from '#node/entrance/ice'
import { Memory } from '#node/entrance/memory'
import { MAX_ICE_SERVERS } from '#protocols/introduction/index'
import { World } from '../../simulations/world.ts'
import { client, folder, open, until } from '../bootstrap/harness.ts'

const SECOND = 1_000
const stun = { urls: ['stun:stun.example.org'] }
const turn = (seconds: number, username = 'ant') => ({
  urls: ['turn:turn.example.org'],
  username,
  credential: 'pheromone',
  seconds,
})

/** Notes when credentials are asked for; `answer` is what then comes. */
function store(answer?: (ice: Ice, entrance: string) => void) {
  const world = new World(1)
  const asked: number[] = []
  const ice: Ice = new Ice({
    clock: world,
    renew: (entrance) => {
      asked.push(world.now() / SECOND)
      answer?.(ice, entrance)
    },
  })
  return { world, ice, asked }
}

test('there are none until an entrance tells of them', () => {
  const { ice } = store()
  expect([ice.servers, ice.expires]).toEqual([[], undefined])
})

test('they are made fit for a browser, and those without an end are never asked for again', () => {
  const { world, ice, asked } = store()
  ice.learn('a', [stun, { ...turn(0), seconds: undefined }])
  expect(ice.servers).toEqual([
    stun,
    { urls: ['turn:turn.example.org'], username: 'ant', credential: 'pheromone' },
  ])
  world.run(1e9)
  expect(asked).toEqual([])
  expect(ice.servers).toHaveLength(2)
})

test('fresh credentials are asked for after three quarters of their life, and take the place of the old ones', () => {
  const { world, ice, asked } = store((self, entrance) => self.learn(entrance, [turn(1000, 'bee')]))
  ice.learn('a', [stun, turn(1000)])
  expect(ice.expires).toBe(1000 * SECOND)
  world.run(2000 * SECOND)
  expect(asked).toEqual([750, 1500])
  expect(ice.servers).toMatchObject([{ username: 'bee' }])
  expect(ice.expires).toBe(2500 * SECOND)
})

test('are asked for again and again until they expire, and are not used after that', () => {
  const { world, ice, asked } = store()
  ice.learn('a', [turn(1000), stun])
  world.run(999 * SECOND)
  expect(asked).toEqual([750, 937.5, 984.375])
  expect(ice.servers).toHaveLength(2)
  world.run(SECOND)
  expect(ice.servers).toEqual([stun])
  world.run(1e6)
  expect(asked).toHaveLength(4)
})

test('an entrance that speaks of an absurd life is not asked more than once a minute, nor believed for years', () => {
  const { world, ice, asked } = store((self, entrance) => self.learn(entrance, [turn(0)]))
  ice.learn('a', [turn(0)])
  world.run(600 * SECOND)
  expect(asked.length).toBeLessThanOrEqual(14)
  ice.learn('b', [turn(Number.MAX_SAFE_INTEGER)])
  world.run(604_800 * SECOND)
  expect(ice.servers.every(({ username }) => username === 'ant')).toBe(true)
  expect(ice.expires).toBeLessThan(world.now() + 61 * SECOND)
})

test('of several entrances each keeps its own; the latest come first, and no more than browsers bear', () => {
  const { ice } = store()
  ice.learn('a', [turn(600, 'of a')])
  ice.learn('b', Array(MAX_ICE_SERVERS - 1).fill(turn(600, 'of b')))
  expect(ice.servers.map(({ username }) => username)).toEqual([...Array(7).fill('of b'), 'of a'])
  ice.learn('a', [stun, stun])
  expect(ice.servers).toHaveLength(MAX_ICE_SERVERS)
  expect(ice.servers[0]).toEqual(stun)
})

test('once stopped it asks for nothing', () => {
  const { world, ice, asked } = store()
  ice.learn('a', [turn(600)])
  ice.stop()
  world.run(1e6)
  expect(asked).toEqual([])
})

test('an open entrance gives fresh ones when they are due, and what it gave outlives it', async () => {
  const turnSecretFile = `${await folder()}/turn.secret`
  await writeFile(turnSecretFile, 'the ants know the way')
  const urls = ['turn:turn.example.org']
  const bootstrap = await open({ turnUrls: urls, turnSecretFile, turnSeconds: 1000 })
  const libp2p = await client()
  const world = new World(1)
  const entrances = new Entrances({
    libp2p,
    transports: (libp2p as unknown as { components: { transportManager: object } }).components
      .transportManager,
    urls: [bootstrap.url],
    onChange: () => {},
    onDoubt: () => {},
    onIntroduced: () => {},
    memory: new Memory({
      kept: { bootstraps: [], peers: [] },
      given: [bootstrap.url],
      write: async () => {},
    }),
    // Nobody else is wanted, and yet it asks.
    wanting: () => false,
    clock: world,
  } as unknown as EntrancesInit)
  onTestFinished(() => entrances.stop())
  entrances.start()
  const name = () => entrances.ice.servers[0]?.username
  await until(() => name() !== undefined)
  const first = name()
  expect(entrances.ice.servers).toMatchObject([{ urls }])
  world.run(749 * SECOND)
  expect(name()).toBe(first)
  world.run(SECOND)
  await until(() => name() !== first)
  expect(entrances.ice.expires).toBe(1750 * SECOND)
  await bootstrap.stop()
  await until(() => entrances.views[0]?.state === 'lost')
  expect(entrances.ice.servers).toHaveLength(1)
  world.run(1000 * SECOND)
  expect(entrances.ice.servers).toEqual([])
})
