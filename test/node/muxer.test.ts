/** A muxer that is aborted ends, whatever it runs on. */
import { multiaddrConnectionPair } from '@libp2p/utils'
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
