/** Requests that follow each other on one stream. */
import type { Connection, Stream } from '@libp2p/interface'
import { byteStream, streamPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import type { Clock } from '#node/driver'
import { IDLE, IDLE_CARRIED, Turns } from '#node/registration/turns'

/** A connection of which the other side answers each byte with its successor, until it is told to do otherwise. */
function answering({ limited = false, answer = (byte: number) => [byte + 1] } = {}) {
  const theirs: Stream[] = []
  const newStream = async () => {
    const [ours, other] = await streamPair()
    theirs.push(other)
    void (async () => {
      const bytes = byteStream(other)
      while (true) {
        const [byte = 0] = (await bytes.read({ bytes: 1 })).subarray()
        await bytes.write(Uint8Array.from(answer(byte)))
      }
    })().catch(() => {})
    return ours
  }
  const connection = { newStream, ...(limited && { limits: {} }) } as unknown as Connection
  const timers = new Map<() => void, number>()
  const clock: Clock = {
    now: () => 0,
    after(wait, act) {
      timers.set(act, wait)
      return () => timers.delete(act)
    },
  }
  return { connection, theirs, timers, turns: new Turns({ protocol: '/x', most: 2, clock }) }
}

async function ask(turns: Turns, connection: Connection, byte: number): Promise<number | undefined> {
  const stream = await turns.open(connection, {})
  const bytes = byteStream(stream)
  await bytes.write(Uint8Array.of(byte))
  const answer = (await bytes.read({ bytes: 1 })).subarray()[0]
  await stream.close()
  return answer
}

describe('requests to a peer', () => {
  it('follow each other on one stream, each with its own answer', async () => {
    const { turns, connection, theirs } = answering()
    for (const byte of [1, 7, 100]) expect(await ask(turns, connection, byte)).toBe(byte + 1)
    expect(theirs).toHaveLength(1)
  })

  it('that are made at once have a stream each, of which no more than is allowed are kept', async () => {
    const { turns, connection, theirs } = answering()
    const at = [1, 2, 3].map((byte) => ask(turns, connection, byte))
    expect(await Promise.all(at)).toEqual([2, 3, 4])
    expect(theirs).toHaveLength(3)
    await Promise.all([1, 2].map((byte) => ask(turns, connection, byte)))
    expect(theirs).toHaveLength(3)
    await Promise.all([1, 2, 3].map((byte) => ask(turns, connection, byte)))
    expect(theirs).toHaveLength(4)
  })

  it('are on a new stream after one that was given up, whose answer may still come', async () => {
    const { turns, connection, theirs } = answering()
    const stream = await turns.open(connection, {})
    stream.send(Uint8Array.of(50))
    stream.abort(new Error('out of patience'))
    expect(await ask(turns, connection, 1)).toBe(2)
    expect(theirs).toHaveLength(2)
  })

  it('are on a new stream after one that was closed without an answer', async () => {
    const { turns, connection, theirs } = answering({ answer: () => [] })
    const stream = await turns.open(connection, {})
    stream.send(Uint8Array.of(50))
    await stream.close()
    await turns.open(connection, {})
    expect(theirs).toHaveLength(2)
  })

  it('are never answered by what came unasked while nobody listened', async () => {
    const { turns, connection, theirs } = answering()
    await ask(turns, connection, 1)
    const gone = new Promise((resolve) => theirs[0]?.addEventListener('close', resolve))
    theirs[0]?.send(Uint8Array.of(99))
    await gone
    expect(await ask(turns, connection, 5)).toBe(6)
    expect(theirs).toHaveLength(2)
  })

  it('are on a new stream when the other side has ended the one that waited', async () => {
    const { turns, connection, theirs, timers } = answering()
    await ask(turns, connection, 1)
    await theirs[0]?.close()
    while (timers.size > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await ask(turns, connection, 5)).toBe(6)
    expect(theirs).toHaveLength(2)
  })

  it('leave a stream that is closed when it was not used for long, and soon where others carry it', async () => {
    for (const limited of [false, true]) {
      const { turns, connection, theirs, timers } = answering({ limited })
      await ask(turns, connection, 1)
      const [[end, wait] = []] = timers
      expect(wait).toBe(limited ? IDLE_CARRIED : IDLE)
      const gone = new Promise((resolve) => theirs[0]?.addEventListener('remoteCloseWrite', resolve))
      end?.()
      await gone
      expect(await ask(turns, connection, 1)).toBe(2)
      expect(theirs).toHaveLength(2)
    }
  })
})
