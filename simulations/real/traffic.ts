/** Traffic: what the RTCPeerConnections of this process have sent, as they say themselves. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'

/** How often they are asked, in milliseconds: one that closes between two times takes along what it sent since. */
const LOOK = 500

export class Traffic {
  readonly #open = new Map<RTCPeerConnection, number>()
  #closed = 0
  #links = 0

  /** Of all that are opened from now on, until the process ends. */
  static watch(): Traffic {
    const traffic = new Traffic()
    const { prototype } = RTCPeerConnection
    const { setRemoteDescription } = prototype
    // Both sides of a connection call it, once each.
    prototype.setRemoteDescription = function (this: RTCPeerConnection, ...args) {
      if (!traffic.#open.has(this)) {
        traffic.#open.set(this, 0)
        traffic.#links += 1
      }
      return setRemoteDescription.apply(this, args)
    }
    setInterval(() => void traffic.#look(), LOOK).unref()
    return traffic
  }

  get counts(): { bytes: number; links: number } {
    let bytes = this.#closed
    for (const sent of this.#open.values()) bytes += sent
    return { bytes, links: this.#links }
  }

  async #look(): Promise<void> {
    for (const connection of this.#open.keys()) {
      if (connection.connectionState === 'closed') {
        this.#closed += this.#open.get(connection) ?? 0
        this.#open.delete(connection)
        continue
      }
      const report = await connection.getStats().catch(() => undefined)
      for (const stats of (report as ReadonlyMap<string, { type: string; bytesSent?: number }>)?.values() ??
        []) {
        if (stats.type === 'transport') this.#open.set(connection, stats.bytesSent ?? 0)
      }
    }
  }
}
