/** What is remembered of entrances: given ones keep their place, and a liar fills a few others at most. */
import { describe, expect, it } from 'vitest'
import { MAX_BOOTSTRAPS, MAX_PEERS, MAX_TOLD, Memory } from '#node/entrance/memory'
import type { Memories } from '#node/state/keep'

const DAY = 86_400_000
const HOME = 'https://home.example'
const urls = (who: string, count: number) =>
  Array.from({ length: count }, (_, n) => `https://${who}${n}.example`)
const doors = (peer: string) => [`/ip4/192.0.2.1/tcp/1/ws/p2p/${peer}`]

/** A memory on a clock of its own, and what it wrote last. */
function make(kept: Memories = { bootstraps: [], peers: [] }, given: readonly string[] = [HOME]) {
  const world = { now: 100 * DAY, kept, writes: 0 }
  const write = async (memories: Memories) => {
    world.writes += 1
    world.kept = structuredClone(memories)
  }
  const memory = new Memory({ kept, given, write, now: () => world.now++ })
  return { world, memory }
}

describe('bootstraps that were heard of', () => {
  it('are remembered at the next start, the one reached last first', async () => {
    const { world, memory } = make()
    memory.heard(['https://a.example', 'https://b.example'], HOME)
    memory.reached('https://b.example')
    await memory.settled()
    const next = make(world.kept)
    expect(next.memory.bootstraps).toEqual(['https://b.example', 'https://a.example'])
  })

  it('are no news when they are given, or known', () => {
    const { memory } = make()
    memory.heard([HOME, 'https://a.example', 'https://a.example/'], HOME)
    memory.heard(['https://a.example'], 'https://b.example')
    expect(memory.bootstraps).toEqual(['https://a.example'])
  })

  it('are not taken in a private network on the word of one in public', () => {
    const { memory } = make()
    memory.heard(['http://192.168.1.1', 'http://127.0.0.1:22', 'http://localhost:6379'], HOME)
    expect(memory.bootstraps).toEqual([])
  })

  it('fill four places at most by one word, however often it is said', () => {
    const { memory } = make()
    for (let round = 0; round < 100; round++) memory.heard(urls(`lie${round}-`, 8), HOME)
    expect(memory.bootstraps).toHaveLength(MAX_TOLD)
  })

  it('push out none that was reached, whoever tells of them', () => {
    const { memory } = make()
    memory.heard(['https://good.example'], HOME)
    memory.reached('https://good.example')
    for (const liar of urls('liar', 100)) memory.heard(urls(`of-${liar.slice(8, 14)}`, 8), liar)
    expect(memory.bootstraps).toHaveLength(MAX_BOOTSTRAPS - 1)
    expect(memory.bootstraps[0]).toBe('https://good.example')
    // Liars do not fill the rest for good: whoever is heard of next has a place.
    memory.heard(['https://new.example'], HOME)
    expect(memory.bootstraps).toContain('https://new.example')
  })

  it('have a place again after a month in which others were not reached', () => {
    const { world, memory } = make()
    for (const teller of urls('teller', 4)) {
      const told = urls(`of-${teller.slice(8, 15)}`, 4)
      memory.heard(told, teller)
      for (const url of told) memory.reached(url)
    }
    memory.heard(['https://new.example'], HOME)
    expect(memory.bootstraps).not.toContain('https://new.example')
    world.now += 31 * DAY
    memory.heard(['https://new.example'], HOME)
    expect(memory.bootstraps).toContain('https://new.example')
  })

  it('have no place beside sixteen that are given', () => {
    const { memory } = make({ bootstraps: [], peers: [] }, urls('given', MAX_BOOTSTRAPS))
    memory.heard(['https://a.example'], HOME)
    expect(memory.bootstraps).toEqual([])
  })
})

describe('peers that can be dialled', () => {
  it('are remembered, the one met last first, and the one not met for longest is dropped', async () => {
    const { world, memory } = make()
    for (let n = 0; n < MAX_PEERS + 4; n++) memory.met(`peer${n}`, doors(`peer${n}`))
    memory.met('peer5', doors('peer5'))
    await memory.settled()
    const next = make(world.kept).memory
    expect(next.peers).toHaveLength(MAX_PEERS)
    expect(next.peers[0]).toEqual(doors('peer5'))
    expect([next.knows('peer3'), next.knows('peer4')]).toEqual([false, true])
  })

  it('are known by their latest addresses, and by none when they have none', () => {
    const { memory } = make()
    memory.met('ben', doors('ben'))
    memory.met('ben', ['/ip4/192.0.2.2/tcp/1/ws/p2p/ben'])
    expect(memory.peers).toEqual([['/ip4/192.0.2.2/tcp/1/ws/p2p/ben']])
    memory.met('ben', [])
    expect(memory.peers).toEqual([])
  })

  it('lose an address at which someone else answers', () => {
    const { memory } = make()
    const [lie, truth] = ['/ip4/192.0.2.2/tcp/1/ws/p2p/ben', '/ip4/192.0.2.3/tcp/1/ws/p2p/ben']
    memory.met('ben', [lie, truth])
    memory.forget(lie)
    expect(memory.peers).toEqual([[truth]])
    memory.forget(truth)
    expect(memory.peers).toEqual([])
  })
})

describe('writing', () => {
  it('is of what is so in the end, not of each change, and a full disk costs no more than the memory', async () => {
    const { world, memory } = make()
    for (let n = 0; n < 50; n++) memory.met('ben', [`/ip4/192.0.2.${n}/tcp/1/ws/p2p/ben`])
    await memory.settled()
    expect(world.writes).toBeLessThanOrEqual(2)
    expect(world.kept.peers).toMatchObject([{ addresses: ['/ip4/192.0.2.49/tcp/1/ws/p2p/ben'] }])

    const full = async () => Promise.reject(new Error('no space left'))
    const forgetful = new Memory({ kept: { bootstraps: [], peers: [] }, given: [], write: full })
    forgetful.met('ben', doors('ben'))
    await forgetful.settled()
    expect(forgetful.knows('ben')).toBe(true)
  })
})
