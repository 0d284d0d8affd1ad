/**
 * A colony: a bootstrap and many real peers, several to a process, because a process costs more memory than a peer.
 * Peers come a few at a time, each when those before it are linked and held and the machine has time to spare.
 */
import { cpus } from 'node:os'
import { setTimeout as pass } from 'node:timers/promises'
import { type BootstrapProcess, startBootstrap } from '../bootstrap.ts'
import type { HouseOptions, Report } from './commands.ts'
import { House } from './landlord.ts'

/** Peers that arrive at once. */
const ARRIVING = 2
/**
 * The next ones come when so much of all processors had nothing to do for so many milliseconds, or when patience has
 * ended: where all are busy requests run out of time and links are given up, and to make them anew keeps them busy.
 */
const IDLE = 0.3
const IDLE_FOR = 1_000
const CALMING = 120_000
/** Links with which a peer has arrived: those with which it would be found without its entrance. */
const LINKS = 4
/** Those that hold its state by default. */
const HOLDERS = 2
/** A peer that was not linked and held by then is counted as late, in milliseconds. */
const PATIENCE = 60_000
/** From one look at a colony that settles to the next, in milliseconds. */
const LOOK = 4_000

export interface Resident {
  readonly id: string
  readonly house: House
}

export interface ColonyOptions {
  /** Flags of the bootstrap. */
  flags?: readonly string[]
  /** Peers in one process. */
  perHouse: number
  /** Of `createNode`, the same for all. */
  options?: Omit<HouseOptions, 'bootstraps'>
  say?: (line: string) => void
}

export class Colony {
  readonly bootstrap: BootstrapProcess
  readonly peers: Resident[] = []
  /** Peers that were not linked and held in time, and why. */
  readonly late: string[] = []
  readonly #init: ColonyOptions
  readonly #houses: House[] = []
  /** Peers that there are to be. */
  #aim = 0

  static async found(init: ColonyOptions): Promise<Colony> {
    // All come from one address.
    const flags = ['--max-connections-per-address', '10000', ...(init.flags ?? [])]
    return new Colony(await startBootstrap(flags), init)
  }

  private constructor(bootstrap: BootstrapProcess, init: ColonyOptions) {
    this.bootstrap = bootstrap
    this.#init = init
  }

  get houses(): readonly House[] {
    return this.#houses
  }

  /** Until there are so many peers. */
  async grow(count: number): Promise<void> {
    const began = performance.now()
    let said = began
    const missing = count - this.peers.length
    this.#aim = count
    let coming = 0
    const come = async () => {
      while (coming < missing) {
        coming += 1
        await this.#arrive()
        await calm()
        if (performance.now() - said < 2_000) continue
        said = performance.now()
        this.#say(`${this.peers.length} of ${count} peers came in ${seconds(said - began)}`)
      }
    }
    await Promise.all(Array.from({ length: ARRIVING }, come))
  }

  /**
   * Until nothing has changed for `still` milliseconds: as many RTCPeerConnections were opened, as many links, holders
   * and WebSockets are there. Gives what each peer says then, and whether that came about before `patience` was over.
   */
  async settle({
    still,
    patience,
  }: {
    still: number
    patience: number
  }): Promise<{ reports: Report[]; settled: boolean }> {
    const began = performance.now()
    let last = ''
    let since = began
    for (;;) {
      const [reports, sockets] = await Promise.all([this.reports(), this.sockets()])
      const opened = sum(reports.map(({ counts }) => counts.peerConnections))
      const links = sum(reports.map((each) => each.links.length))
      const held = sum(reports.map(({ holders }) => holders.length))
      const state = `${opened} peer connections opened, ${links / 2} links, ${held} copies, ${sockets} sockets`
      const now = performance.now()
      if (state !== last) {
        since = now
        this.#say(`settling for ${seconds(now - began)}: ${state}`)
      }
      last = state
      const settled = now - since >= still
      if (settled || now - began > patience) return { reports, settled }
      await pass(LOOK)
    }
  }

  /** What each peer that is alive says of itself. */
  async reports(): Promise<Report[]> {
    return (await Promise.all(this.#alive.map((house) => house.tell('report', {})))).flat()
  }

  /** WebSockets that the bootstrap holds; none when it is dead. */
  async sockets(): Promise<number> {
    const text = await fetch(`${this.bootstrap.url}/metrics`).then(
      (response) => response.text(),
      () => '',
    )
    return Number(/^colonia_connections (\d+)/m.exec(text)?.[1] ?? 0)
  }

  /** SIGKILL to all peers of a house. */
  async kill(house: House): Promise<void> {
    await house.kill()
    this.peers.splice(0, this.peers.length, ...this.peers.filter((peer) => peer.house !== house))
  }

  async end(): Promise<void> {
    await Promise.all(this.#houses.map((house) => house.kill()))
    await this.bootstrap.kill()
  }

  get #alive(): House[] {
    return this.#houses.filter((house) => !house.dead)
  }

  async #arrive(): Promise<void> {
    const links = Math.min(LINKS, this.#init.options?.links ?? LINKS, this.peers.length)
    const held = Math.min(HOLDERS, this.#init.options?.contingents ?? HOLDERS, this.peers.length)
    const house = this.#room()
    house.places += 1
    const { peer, late } = await house.tell('arrive', { links, held, millis: PATIENCE })
    if (late !== undefined) {
      this.late.push(late)
      this.#say(`late: ${late}`)
    }
    this.peers.push({ id: peer, house })
  }

  /** As many houses as it takes, filled in turn: those who came first have the most links. */
  #room(): House {
    const houses = this.#alive
    const [emptiest] = houses.toSorted((a, b) => a.places - b.places)
    if (emptiest !== undefined && houses.length * this.#init.perHouse >= this.#aim) return emptiest
    const house = new House({ bootstraps: [this.bootstrap.url], ...this.#init.options })
    this.#houses.push(house)
    return house
  }

  #say(line: string): void {
    this.#init.say?.(line)
  }
}

/** Until the machine has time to spare, or patience with that has ended. */
async function calm(): Promise<void> {
  const end = performance.now() + CALMING
  for (let share = 0; share < IDLE && performance.now() < end; ) {
    const before = idleness()
    await pass(IDLE_FOR)
    const after = idleness()
    share = (after.idle - before.idle) / (after.all - before.all)
  }
}

/** Milliseconds of all processors since they were started. */
function idleness(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times)
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.flatMap((each) => Object.values(each))),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function seconds(millis: number): string {
  return `${Math.round(millis / 1_000)} s`
}
