/** One stream to a peer, whatever happens while it is being opened: the other side takes two and no more. */

import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import { Post } from '#node/contingency/post'
import { ColoniaError } from '#node/errors'
import type { Links } from '#node/link/links'
import type { Said } from '#protocols/contingency/index'

const ana = (await generateKeyPair('Ed25519')).publicKey.toString()
const status: Said = { type: 'status', up: 1, owners: 0, room: 0 }

/** A link on which streams are opened when the test says so. */
function link() {
  const asked: ((stream: Stream) => void)[] = []
  const streams: Stream[] = []
  const connection = {
    status: 'open',
    remotePeer: { toString: () => ana },
    newStream: () => new Promise<Stream>((resolve) => asked.push(resolve)),
  } as unknown as Connection
  const open = async () => {
    const [stream] = await streamPair()
    streams.push(stream)
    asked.shift()?.(stream)
    await settled()
  }
  return {
    asked,
    connection,
    open,
    left: () => streams.filter(({ writeStatus }) => writeStatus === 'writable').length,
  }
}

function postOver(get: () => Connection): Post {
  return post({ get, link: async () => get() })
}

function post(links: object): Post {
  return new Post({
    ...{ libp2p: {} as Libp2p, links: links as Links, refusal: async () => undefined },
    ...{ onMessage: () => {}, onStatus: () => {}, onRefused: () => {} },
  })
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the post to a peer', () => {
  it('opens one stream for all that is said', async () => {
    const { asked, connection, open, left } = link()
    const post = postOver(() => connection)
    for (let round = 0; round < 3; round++) post.send(ana, status)
    await settled()
    expect(asked).toHaveLength(1)
    await open()
    post.send(ana, status)
    await settled()
    expect([asked.length, left()]).toEqual([0, 1])
  })

  it('closes a stream that comes when the peer was given up meanwhile', async () => {
    const { asked, connection, open, left } = link()
    const post = postOver(() => connection)
    post.send(ana, status)
    await settled()
    post.forget(ana)
    post.send(ana, status)
    await settled()
    expect(asked).toHaveLength(2)
    await open()
    expect(left()).toBe(0)
    await open()
    expect(left()).toBe(1)
  })

  it('opens the stream on the newer link if that came meanwhile, and says there what waited', async () => {
    const [older, newer] = [link(), link()]
    let best = older.connection
    const post = postOver(() => best)
    post.send(ana, status)
    await settled()
    best = newer.connection
    post.renew(ana)
    await older.open()
    expect([older.left(), newer.asked.length]).toEqual([0, 1])
    await newer.open()
    expect([older.left(), newer.left()]).toEqual([0, 1])
  })

  it('who could not be linked looks for it once, and from then on tries only the ways that are known', async () => {
    const { asked, connection, open, left } = link()
    const tried: string[] = []
    let code: 'no-entrance' | 'unreachable' = 'no-entrance'
    let near: Connection | undefined
    const fail = async () => {
      throw new ColoniaError(code, 'nobody leads there')
    }
    const links = {
      get: () => undefined,
      link: () => tried.push('search') && fail(),
      linkNear: () => tried.push('near') && (near ?? fail()),
    }
    const sender = post(links)
    const say = async () => {
      sender.send(ana, status)
      await settled()
    }
    // That there is no entrance yet says nothing of the peer.
    await say()
    code = 'unreachable'
    for (let time = 0; time < 3; time++) await say()
    expect(tried).toEqual(['search', 'search', 'near', 'near'])
    // A newer link to it: it is there.
    sender.renew(ana)
    await say()
    expect(tried.slice(4)).toEqual(['search'])
    near = connection
    await say()
    await open()
    expect([tried.slice(5), asked.length, left()]).toEqual([['near'], 0, 1])
    sender.forget(ana)
    near = undefined
    await say()
    expect(tried.slice(6)).toEqual(['search'])
  })
})
