/**
 * Reserves: entrances that were remembered or heard of, tried when nothing better answers (`protocols/entrance/
 * reserve.ts`): bootstraps when no bootstrap has let this peer in, peers when there is no link either. Once
 * something better answers, whoever was tried in vain is let go.
 */
import { Reserve } from '#protocols/entrance/index'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import type { Entrances } from './entrances.ts'
import type { Memory } from './memory.ts'
import type { PeerEntrances } from './peers.ts'

export interface ReservesInit {
  memory: Memory
  bootstraps: Entrances
  peers: PeerEntrances
  /** Whether there is a direct link to anyone. */
  isLinked: () => boolean
  clock?: Clock
}

type Drives = { bootstraps: Drive<Reserve.Input<string>>; peers: Drive<Reserve.Input<string>> }

export class Reserves {
  readonly #init: ReservesInit
  readonly #drives: Drives

  constructor(init: ReservesInit) {
    const { memory, bootstraps, peers, clock = systemClock } = init
    this.#init = init
    const reserve = (timing: { patience: number; stall: number }, attempt: (url: string) => void) =>
      drive<Reserve.Input<string>, Reserve.Output<string>>({
        machine: new Reserve.Reserve({ ...timing, random: Math.random }),
        perform: ({ id }) => attempt(id),
        clock,
      })
    this.#drives = {
      bootstraps: reserve(Reserve.otherBootstraps, (url) => bootstraps.add(url)),
      peers: reserve(Reserve.otherPeers, (url) => {
        const others = memory.peers.find(([best]) => best === url)?.slice(1) ?? []
        peers.add([url, ...others])
      }),
    }
  }

  /** Whether they are needed now: to be asked whenever an entrance or a link has come or gone. */
  weigh(): void {
    const { memory, bootstraps, isLinked } = this.#init
    const { entered } = bootstraps
    this.#call('bootstraps', entered, memory.bootstraps)
    this.#call(
      'peers',
      entered || isLinked(),
      memory.peers.flatMap(([best]) => best ?? []),
    )
  }

  stop(): void {
    for (const drive of Object.values(this.#drives)) drive.stop()
  }

  #call(which: keyof Drives, content: boolean, known: readonly string[]): void {
    const doors = this.#init[which]
    const drive = this.#drives[which]
    if (content) {
      drive.give({ type: 'content' })
      return doors.drop()
    }
    const asleep = known.filter((url) => !doors.views.some((view) => view.url === url))
    drive.give({ type: 'needed', ids: asleep })
    for (const { url, state } of doors.views) {
      if (state === 'lost' || state === 'refused') drive.give({ type: 'failed', id: url })
    }
  }
}
