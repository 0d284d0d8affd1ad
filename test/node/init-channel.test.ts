import { describe, expect, it } from 'vitest'
import { InitChannel, mendInitChannel } from '#node/link/init-channel'

describe('the stand-in for the init channel', () => {
  it('is not open before the channel is', () => {
    const { standIn } = make()
    expect(standIn.readyState).toBe('connecting')
  })

  it('says open, and stays open although the channel is closed again before anyone looks', () => {
    const { channel, standIn } = make()
    channel.become('open')
    channel.become('closed')
    expect(standIn.readyState).toBe('open')
  })

  it('fires open for a channel that was only ever seen closing', () => {
    const { channel, standIn } = make()
    const seen = record(standIn)
    channel.become('closed')
    expect(seen).toEqual(['open'])
  })

  it('fires an error, and never open, for a channel that closed because the connection failed', () => {
    const { channel, connection, standIn } = make()
    const seen = record(standIn)
    const why: string[] = []
    standIn.addEventListener('error', (event) => why.push(String(event)))
    connection.connectionState = 'failed'
    channel.become('closed')
    expect([seen, standIn.readyState]).toEqual([['error'], 'connecting'])
    expect(why).toEqual(['the connection failed before it was there'])
  })

  it('does not take back that it was open when the connection ends', () => {
    const { channel, connection, standIn } = make()
    const seen = record(standIn)
    channel.become('open')
    connection.connectionState = 'closed'
    channel.become('closed')
    expect([seen, standIn.readyState]).toEqual([['open'], 'open'])
  })

  it('answers close with a close event although the channel closed long ago', async () => {
    const { channel, standIn } = make()
    channel.become('open')
    channel.become('closed')
    const closed = new Promise((resolve) => standIn.addEventListener('close', resolve, { once: true }))
    standIn.close()
    await closed
    expect(standIn.readyState).toBe('closed')
  })

  it('closes an open channel and passes its close event on, once', async () => {
    const { channel, standIn } = make()
    channel.become('open')
    const seen = record(standIn)
    standIn.close()
    expect(channel.readyState).toBe('closing')
    channel.become('closed')
    expect(seen).toEqual(['close'])
  })
})

describe('mending a class', () => {
  it('replaces only channels labelled init that have no options, and does it once', () => {
    class Connection {
      createDataChannel(_label: string, _options?: object): FakeChannel {
        return new FakeChannel()
      }
    }
    const mend = () => mendInitChannel(Connection as unknown as { prototype: RTCPeerConnection })
    mend()
    const first = Connection.prototype.createDataChannel
    mend()
    expect(Connection.prototype.createDataChannel).toBe(first)

    const connection = new Connection()
    expect(connection.createDataChannel('init')).toBeInstanceOf(InitChannel)
    expect(connection.createDataChannel('init', {})).toBeInstanceOf(FakeChannel)
    expect(connection.createDataChannel('chat')).toBeInstanceOf(FakeChannel)
  })
})

class FakeChannel extends EventTarget {
  readyState = 'connecting'

  become(state: 'open' | 'closed'): void {
    this.readyState = state
    this.dispatchEvent(new Event(state === 'open' ? 'open' : 'close'))
  }

  close(): void {
    this.readyState = 'closing'
  }
}

function make() {
  const channel = new FakeChannel()
  const connection: { connectionState: RTCPeerConnectionState } = { connectionState: 'connecting' }
  return { channel, connection, standIn: new InitChannel(channel as unknown as RTCDataChannel, connection) }
}

function record(target: EventTarget): string[] {
  const seen: string[] = []
  for (const type of ['open', 'close', 'error']) target.addEventListener(type, () => seen.push(type))
  return seen
}
