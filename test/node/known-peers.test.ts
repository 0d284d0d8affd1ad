/** What is kept of the peer store's answers. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Peer, PeerData, PeerId, PeerStore } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { keepKnown } from '#node/link/known-peers'

/** A store that remembers protocols and tags, and counts how often it was read or written. */
function store() {
  const peers = new Map<string, Peer>()
  const log: string[] = []
  const write = (name: string) => async (id: PeerId, data: PeerData) => {
    log.push(name)
    const before = peers.get(id.toString())
    const protocols = [...new Set([...(before?.protocols ?? []), ...(data.protocols ?? [])])]
    const tags = new Map([...(before?.tags ?? []), ...Object.entries(data.tags ?? {})])
    const peer = { id, protocols, tags, addresses: [], metadata: new Map() } as unknown as Peer
    peers.set(id.toString(), peer)
    return peer
  }
  const bare = {
    async get(id: PeerId) {
      log.push('get')
      const peer = peers.get(id.toString())
      if (peer === undefined) throw new Error('not found')
      return peer
    },
    merge: write('merge'),
    patch: write('patch'),
    save: write('save'),
    async delete(id: PeerId) {
      log.push('delete')
      peers.delete(id.toString())
    },
  } as unknown as PeerStore
  const time = { now: 0 }
  keepKnown(bare, () => time.now)
  return { store: bare, log, time }
}

const someone = async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))

describe('what is known of a peer', () => {
  it('is written once, however many streams say it again', async () => {
    const { store: peers, log } = store()
    const id = await someone()
    for (let stream = 0; stream < 5; stream += 1) await peers.merge(id, { protocols: ['/a'] })
    expect(log).toEqual(['merge'])
    await peers.merge(id, { protocols: ['/a', '/b'] })
    await peers.merge(id, { tags: { friend: { value: 1 } } })
    expect(log).toEqual(['merge', 'merge', 'merge'])
    const { protocols, tags } = await peers.get(id)
    expect(protocols).toEqual(['/a', '/b'])
    expect([...tags.keys()]).toEqual(['friend'])
    expect(log).toHaveLength(3)
  })

  it('is what was written last, by whichever way', async () => {
    const { store: peers, log } = store()
    const id = await someone()
    await peers.save(id, { protocols: ['/a'] })
    await peers.patch(id, { protocols: ['/b'] })
    expect((await peers.get(id)).protocols).toEqual(['/a', '/b'])
    expect(log).toEqual(['save', 'patch'])
  })

  it('is read anew after a while, because addresses expire', async () => {
    const { store: peers, log, time } = store()
    const id = await someone()
    await peers.merge(id, { protocols: ['/a'] })
    time.now = 59_999
    await peers.get(id)
    expect(log).toEqual(['merge'])
    time.now = 60_000
    await peers.get(id)
    await peers.get(id)
    expect(log).toEqual(['merge', 'get'])
  })

  it('is nothing after it was deleted, and of someone who is unknown', async () => {
    const { store: peers } = store()
    const id = await someone()
    await expect(peers.get(id)).rejects.toThrow('not found')
    await peers.merge(id, { protocols: ['/a'] })
    await peers.delete(id)
    await expect(peers.get(id)).rejects.toThrow('not found')
  })

  it('is kept of so many peers and no more', async () => {
    const { store: peers, log } = store()
    const all = await Promise.all(Array.from({ length: 257 }, someone))
    for (const id of all) await peers.merge(id, { protocols: ['/a'] })
    log.length = 0
    await peers.get(all[1] as PeerId)
    expect(log).toEqual([])
    await peers.get(all[0] as PeerId)
    expect(log).toEqual(['get'])
  })
})
