/**
 * The survey of this peer's connections: asks each whether it still leads anywhere, closes those that the machine
 * calls dead, and makes dead links anew over whatever way is left.
 *
 * The question is libp2p's ping, as far as its name: that the other side agrees to speak it is answer enough. So
 * its limit of one stream does no harm, which is only looked at after that.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import { Survey as Machine } from '#protocols/links/index'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { isDirect, type Links } from './links.ts'

const PING = '/ipfs/ping/1.0.0'

/**
 * From a link's end to its making anew, in milliseconds: a call that goes on has the processor first, and of two
 * that both lost it one begins (guess).
 */
const RELINK = { smaller: 1_000, greater: 3_000 } as const

export interface SurveyInit {
  libp2p: Libp2p
  links: Links
  isEntrance: (peer: string) => boolean
  /** A dead entrance was closed: knock at once. */
  onEntranceLost: () => void
  /** Nobody answers. */
  onAlone: () => void
  /** A dead link was closed. */
  onLinkLost: (peer: string) => void
  clock?: Clock
}

export class Survey {
  readonly #init: SurveyInit
  readonly #drive: Drive<Machine.Input<string>>
  readonly #stopped = new AbortController()
  readonly #opened = () => this.#drive.give({ type: 'opened' })
  readonly #closed = ({ detail: { id } }: CustomEvent<Connection>) => this.#drive.give({ type: 'closed', id })
  readonly #clock: Clock
  /** Peers whose links wait to be made anew; bounded by the links that there were. */
  readonly #lost = new Map<string, () => void>()

  constructor(init: SurveyInit) {
    const { libp2p, clock = systemClock } = init
    this.#init = init
    this.#clock = clock
    const perform = (output: Machine.Output<string>) => this.#perform(output)
    this.#drive = drive({ machine: new Machine.Survey<string>(), perform, clock })
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
  }

  /** Measures round trips that are not known: they are what patience goes by. Nothing is concluded from it. */
  measure(): void {
    for (const connection of this.#open) if (connection.rtt === undefined) void this.#ask(connection)
  }

  /** Something may have changed. */
  look(why: Machine.Why): void {
    const open = this.#open.map(({ id, rtt, remotePeer }) => {
      return { id, rtt, cheap: this.#init.isEntrance(remotePeer.toString()) }
    })
    this.#drive.give({ type: 'doubt', open, why })
  }

  stop(): void {
    this.#stopped.abort()
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('connection:close', this.#closed)
    for (const cancel of this.#lost.values()) cancel()
    this.#drive.stop()
  }

  get #open(): Connection[] {
    return this.#init.libp2p.getConnections().filter(({ status }) => status === 'open')
  }

  #perform(output: Machine.Output<string>): void {
    if (output.type === 'alone') return this.#init.onAlone()
    const connection = this.#open.find(({ id }) => id === output.id)
    if (connection === undefined) return
    if (output.type === 'probe') void this.#probe(connection)
    else this.#bury(connection)
  }

  async #probe(connection: Connection): Promise<void> {
    if (await this.#ask(connection)) this.#drive.give({ type: 'answered', id: connection.id })
  }

  /** @returns whether there was an answer. */
  async #ask(connection: Connection): Promise<boolean> {
    const began = this.#clock.now()
    const patience = AbortSignal.timeout(Machine.timing.forget)
    const signal = AbortSignal.any([this.#stopped.signal, patience])
    try {
      const stream = await connection.newStream(PING, { signal, runOnLimitedConnection: true })
      stream.abort(new Error('answered'))
    } catch {
      // A refusal is an answer too. A connection that closed meanwhile has been told of.
      if (signal.aborted || connection.status !== 'open') return false
    }
    connection.rtt = this.#clock.now() - began
    return true
  }

  #bury(connection: Connection): void {
    const { isEntrance, onEntranceLost, onLinkLost } = this.#init
    const peer = connection.remotePeer.toString()
    const told = isEntrance(peer) ? onEntranceLost : () => onLinkLost(peer)
    connection.addEventListener('close', () => queueMicrotask(told), { once: true })
    connection.abort(new Error('it did not answer, though there is a network'))
    if (isDirect(connection) && !isEntrance(peer)) this.#relink(peer)
  }

  #relink(peer: string): void {
    const { libp2p, links } = this.#init
    const wait = libp2p.peerId.toString() < peer ? RELINK.smaller : RELINK.greater
    this.#lost.get(peer)?.()
    const cancel = this.#clock.after(wait, () => {
      this.#lost.delete(peer)
      // Should it fail, linking tries again in its own time.
      void links.link(peer).catch(() => {})
    })
    this.#lost.set(peer, cancel)
  }
}
