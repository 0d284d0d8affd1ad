/**
 * A search: finds a way to a peer by trying those that are known, and those that become known meanwhile. It drives the
 * ways machine: what is a lead there becomes a dial here.
 */
import type { Connection } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { unreachable } from '#protocols/machine'
import { type Dead, defaultConfig, Machine, type Output } from '#protocols/ways/index'
import { type Clock, drive } from '../driver.ts'
import type { Pace } from './pace.ts'

/** How a peer was found. */
export type How =
  | 'link' // there is a connection to it
  | 'cache' // the way that led there last
  | 'address' // an address of its own, as Node peers have
  | 'neighbour' // a linked peer is linked to it
  | 'contingent' // one that holds its state is
  | 'bootstrap' // through a bootstrap's relay
  | 'dht' // by a look-up

/** An address to try, and where it comes from. */
export interface Lead {
  way: string
  /** The smallest is tried first. */
  rank: number
  how: How
  /** Rounds of the look-up that it took to learn of it. */
  rounds: number
}

export interface Found {
  connection: Connection
  lead: Lead
}

export interface SearchInit {
  /**
   * Leads that are known, and those that a look-up brings until it ends. A look-up costs more than all else, so it had
   * better wait for `spent`: those that were said have failed, or said nothing for as long as the next one waits.
   */
  leads: (signal: AbortSignal, spent: () => Promise<void>) => AsyncIterable<Lead>
  dial: (address: Multiaddr, signal: AbortSignal) => Promise<Connection>
  dead: Dead
  pace: Pace
  clock: Clock
  signal: AbortSignal
}

/**
 * The first way that leads there. What other ways nevertheless bring is dropped.
 * @throws the last way's error when none does, an Error when there was no lead; the signal's reason
 */
export function search({ leads, dial, dead, pace, clock, signal }: SearchInit): Promise<Found> {
  return new Promise((resolve, reject) => {
    const known = new Map<string, Lead>()
    const end = new AbortController()
    const all = AbortSignal.any([signal, end.signal])
    let cause: unknown = new Error('no way is known')
    let trying = 0
    const { stall } = pace
    const { promise: spent, resolve: spend } = Promise.withResolvers<void>()

    const settle = (act: () => void) => {
      if (end.signal.aborted) return
      machine.stop()
      spend()
      signal.removeEventListener('abort', aborted)
      end.abort(new DOMException('the search is over', 'AbortError'))
      act()
    }
    const aborted = () => settle(() => reject(signal.reason))

    const attempt = async (way: string) => {
      trying += 1
      const began = clock.now()
      try {
        const connection = await dial(multiaddr(way), all)
        dead.revive(way)
        pace.took(clock.now() - began)
        if (end.signal.aborted) return connection.abort(new Error('another way to this peer was faster'))
        settle(() => resolve({ connection, lead: known.get(way) as Lead }))
      } catch (error) {
        if (end.signal.aborted) return
        cause = error
        trying -= 1
        machine.give({ type: 'failed', way })
        if (trying === 0) spend()
      }
    }
    const wait = () => {
      if (trying === 0) spend()
      else clock.after(stall, spend)
      return spent
    }
    const perform = (output: Output) => {
      switch (output.type) {
        case 'try':
          return void attempt(output.way)
        case 'give-up':
          return settle(() => reject(cause))
        default:
          return unreachable(output)
      }
    }
    const machine = drive({ machine: new Machine({ ...defaultConfig, stall, dead }), perform, clock })

    const follow = async () => {
      try {
        for await (const lead of leads(all, wait)) {
          if (end.signal.aborted) return
          if (!known.has(lead.way)) known.set(lead.way, lead)
          machine.give({ type: 'known', way: lead.way, rank: lead.rank })
        }
      } catch (error) {
        cause = error
      }
      machine.give({ type: 'all-known' })
    }

    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', aborted)
    void follow()
  })
}
