/** A peer's entrances, on a clock that runs fast: hanging up that succeeds, and hanging up that is broken off. */
import type { TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '#node/driver'
import { Entrances, type EntrancesInit } from '#node/entrance/entrances'
import { Memory } from '#node/entrance/memory'
import type { Footing } from '#protocols/entrance/index'
import { client, folder, open, until as soon } from '../bootstrap/harness.ts'

const stands: Footing = { stands: true, falls: false }
const between: Footing = { stands: false, falls: false }

describe('an entrance that lets go', () => {
  it('is no relay any more when that is registered, and is left when others keep it', async () => {
    const { entrances, bootstrap, registered } = await connected(async () => {})
    entrances.stand(stands)
    await soon(() => state(entrances) === 'left')
    expect(registered).toEqual([[]])
    expect([entrances.addresses, entrances.relays]).toEqual([[], []])
    await soon(() => bootstrap.counts().connections === 0)
    expect(entrances.has(bootstrap.peerId)).toBe(true)
  })

  it('is kept when nobody else keeps the registration, and leads here again', async () => {
    let tries = 0
    const { entrances, said } = await connected(async () => {
      tries += 1
      if (tries === 1) throw new Error('nobody')
    })
    entrances.stand(stands)
    await soon(() => said.length === 1)
    expect(said).toEqual([1])
    expect(state(entrances)).toBe('connected')
    // Later it is tried again.
    await soon(() => state(entrances) === 'left')
    expect(tries).toBe(2)
  })

  it('is kept by whoever stumbles while it waits for others', async () => {
    let waiting = 0
    const { entrances, said } = await connected((_, { signal }) => {
      waiting += 1
      return aborted(signal)
    })
    entrances.stand(stands)
    await soon(() => waiting === 1)
    expect(entrances.relays).toEqual([])
    entrances.stand(between)
    await soon(() => said.length === 1)
    expect(said).toEqual([1])
    expect(state(entrances)).toBe('connected')
  })

  it('and is gone meanwhile, is lost', async () => {
    const { entrances, bootstrap } = await connected((_, { signal }) => {
      void bootstrap.stop()
      return aborted(signal)
    })
    entrances.stand(stands)
    await soon(() => state(entrances) === 'lost')
    expect([entrances.addresses, entrances.relays]).toEqual([[], []])
  })
})

describe('an entrance that is lost', () => {
  it('is a reason for doubt once, however often its peer knocks in vain, and once more when it is back', async () => {
    const identity = `${await folder()}/bootstrap.key`
    const { entrances, bootstrap, heard } = await connected(async () => {}, { identity })
    const port = Number(new URL(bootstrap.url).port)
    await bootstrap.stop()
    await soon(() => heard.filter((word) => word === 'connecting').length >= 5)
    expect(heard.filter((word) => word === 'doubt')).toHaveLength(1)
    expect(heard.filter((word) => word === 'lost').length).toBeGreaterThanOrEqual(4)
    await open({ anchors: 0, identity, port })
    await soon(() => state(entrances) === 'connected')
    expect(heard.filter((word) => word === 'doubt')).toHaveLength(2)
  })
})

/**
 * Entrances with one that is connected and asks nobody to stay. `said` has how many relays there were when that changed,
 * `heard` the states that it went through and the doubts.
 */
async function connected(register: EntrancesInit['register'], config: { identity?: string } = {}) {
  const [bootstrap, libp2p] = await Promise.all([open({ anchors: 0, ...config }), client()])
  const heard: string[] = []
  const registered: (readonly Multiaddr[])[] = []
  const said: number[] = []
  const entrances: Entrances = new Entrances({
    libp2p,
    transports: (libp2p as unknown as { components: { transportManager: TransportManager } }).components
      .transportManager,
    urls: [bootstrap.url],
    memory: new Memory({
      kept: { bootstraps: [], peers: [] },
      given: [bootstrap.url],
      write: async () => {},
    }),
    onChange: (entrance) => heard.push(entrance.state),
    onIntroduced: () => {},
    wanting: () => false,
    register: (relays, options) => {
      registered.push(relays)
      return register(relays, options)
    },
    onRelays: () => said.push(entrances.relays.length),
    onDoubt: () => heard.push('doubt'),
    clock: fast(100),
  })
  onTestFinished(() => entrances.stop())
  entrances.start()
  await soon(() => state(entrances) === 'connected')
  return { entrances, bootstrap, registered, said, heard }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function state({ views }: Entrances): string | undefined {
  return views[0]?.state
}

/** A clock that runs so many times as fast as others. */
function fast(times: number): Clock {
  return {
    now: () => performance.now() * times,
    after(wait, callback) {
      const timer = setTimeout(callback, Math.max(0, wait) / times)
      return () => clearTimeout(timer)
    },
  }
}
