/** A muxer that is aborted ends, whatever it runs on; and it is brief. */
import type { Stream, StreamMuxerFactory } from '@libp2p/interface'
import { byteStream, multiaddrConnectionPair } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { describe, expect, it } from 'vitest'
import { calmYamux } from '#node/link/muxer'

describe('a muxer', () => {
  const closing = () => {
    const [connection] = multiaddrConnectionPair()
    // As it is while the last bytes are on their way.
    Object.assign(connection, { writeStatus: 'closing' })
    return connection
  }

  it('ends when it is aborted, though what it runs on is closing', () => {
    const muxer = calmYamux()().createStreamMuxer(closing())
    muxer.abort(new Error('no answer to a ping'))
    expect(muxer.status).toBe('closed')
  })

  it('ends a stream that is begun when what it runs on is closing', async () => {
    const muxer = calmYamux()().createStreamMuxer(closing())
    const stream = await muxer.createStream()
    // Yamux says that it begins in a microtask, and what is thrown there ends the process.
    await Promise.resolve()
    expect(stream.status).not.toBe('open')
    expect(muxer.streams).toEqual([])
  })

  it('would throw if it were plain yamux: once this fails, ours can go', () => {
    const muxer = yamux()().createStreamMuxer(closing())
    expect(() => muxer.abort(new Error('no answer to a ping'))).toThrow(/closing/)
  })
})

describe('a stream', () => {
  /** Two ends of a stream, and the messages that the one who takes has sent below it. */
  const pair = async (factory: StreamMuxerFactory) => {
    const [near, far] = multiaddrConnectionPair()
    let said = 0
    near.addEventListener('message', () => {
      said += 1
    })
    const giver = factory.createStreamMuxer(near)
    const taker = factory.createStreamMuxer(far)
    const { promise, resolve } = Promise.withResolvers<Stream>()
    taker.addEventListener('stream', ({ detail }) => resolve(detail))
    const from = byteStream(await giver.createStream())
    return { from, to: byteStream(await promise), said: () => said }
  }

  const beats = async ({ from, to, said }: Awaited<ReturnType<typeof pair>>) => {
    for (let beat = 0; beat < 100; beat++) {
      await from.write(new Uint8Array(20))
      await to.read({ bytes: 20 })
    }
    return said()
  }

  it('of few bytes is not answered by an update of the window for each', async () => {
    expect(await beats(await pair(calmYamux()()))).toBeLessThan(5)
  })

  it('would be by plain yamux: once this fails, ours can go', async () => {
    expect(await beats(await pair(yamux()()))).toBeGreaterThan(90)
  })

  it('of more than its window is not held up', async () => {
    const { from, to, said } = await pair(calmYamux()())
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const rounds = 100
    const giving = (async () => {
      for (let round = 0; round < rounds; round++) await from.write(bytes)
    })()
    for (let round = 0; round < rounds; round++) {
      expect((await to.read({ bytes: bytes.byteLength })).subarray()).toEqual(bytes)
    }
    await giving
    expect(said()).toBeLessThan(60)
  })
})
