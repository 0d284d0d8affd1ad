/**
 * The oracle: it sees every disk and every word of every device, and knows of each write whether it was called
 * backed up, who had it, and so whether a loss could have been avoided.
 *
 * Law: what was acknowledged is lost avoidably when a live device still has it and whoever writes does not; or when
 * the last copy was given up by choice and not by a crash.
 */
import type { Epoch, Message, Output } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Entry } from '#protocols/state/index'
import type { Device } from './device.ts'

type Of<Type extends Message['type']> = Extract<Message, { type: Type }>

/** A writer's decision on who holds. */
interface Turn {
  epoch: Epoch
  turn: number
}

interface Dismissal extends Turn {
  writes: ReadonlySet<Write>
}

/** One record of a write. */
export interface Write {
  owner: string
  key: string
  n: number
  by: string
  /** In which the writer was when it wrote. */
  epoch: Epoch
  /** Who called it kept. */
  acked: Set<string>
}

export class Oracle {
  /** Somebody had two devices that ran at the same time. */
  twins = false
  /** By owner, session and counter, one for each key. */
  readonly writes: Write[] = []
  /** By (owner, key, n, by): ids that ever kept it. */
  readonly #kept = new Map<string, Set<string>>()
  /** By (peer, owner): when it was dismissed, and the writes that are in others' care since then. */
  readonly #dismissals = new Map<string, Dismissal[]>()
  /** By (session, owner): the last appointment that it accepted. */
  readonly #accepted = new Map<string, Turn>()
  readonly #devices: () => readonly Device[]
  readonly #fail: (what: string) => void

  constructor(devices: () => readonly Device[], fail: (what: string) => void) {
    this.#devices = devices
    this.#fail = fail
  }

  wrote(owner: string, entries: readonly Entry[], epoch: Epoch): void {
    for (const { key, n, by } of entries) {
      this.writes.push({ owner, key, n, by, epoch, acked: new Set() })
    }
  }

  /** A stranger was told that its message is kept. */
  deposited(device: Device, owner: string, key: string, epoch: Epoch): void {
    const entry = device.machine.duty(owner)?.store.get(key)
    if (entry === undefined) return this.#fail('deposit called kept without a copy')
    // The owner has read it and deleted it.
    if (entry.by !== 'inbox') return
    const { n, by } = entry
    this.writes.push({ owner, key, n, by, epoch, acked: new Set([device.id]) })
  }

  output(device: Device, output: Output): void {
    switch (output.type) {
      case 'persist':
        for (const entry of output.entries) this.#noted(device, output.owner, entry)
        return
      case 'backed':
        return this.#backed(device, output.holder, output.upTo)
      case 'send':
        if (output.message.type === 'dismiss') this.#dismissed(output.to, output.message)
        if (output.message.type === 'accept') {
          this.#accepted.set(`${device.session} ${output.message.owner}`, output.message)
        }
        return
      case 'dropped':
        return this.#dropped(device, output.owner)
      default:
        return
    }
  }

  /** Writes that were called backed up, by owner and key. */
  acked(owner: string): Write[] {
    return this.writes.filter((write) => write.owner === owner && write.acked.size > 0)
  }

  /** Whether what is in a store is this write, or rightly stands in its place. */
  covers(entry: Entry | undefined, write: Write): boolean {
    if (entry === undefined) return false
    if (entry.n === write.n && entry.by === write.by) return true
    const other = this.find(write.owner, entry)
    // What nobody recorded was not written by an honest machine.
    return other !== undefined && isLater(other, write)
  }

  find(owner: string, { key, n, by }: Pick<Entry, 'key' | 'n' | 'by'>): Write | undefined {
    return this.writes.find(
      (each) => each.owner === owner && each.key === key && each.n === n && each.by === by,
    )
  }

  #noted({ id, disk }: Device, owner: string, entry: Entry): void {
    const { key, n, by } = entry
    const name = `${owner} ${key} ${n} ${by}`
    const ids = this.#kept.get(name) ?? new Set()
    this.#kept.set(name, ids.add(id))
    const old = disk.get(owner)?.entries.get(key)
    if (old === undefined) return
    const [before, after] = [this.find(owner, old), this.find(owner, entry)]
    if (before === undefined || after === undefined || before.acked.size === 0) return
    if (isLater(before, after)) {
      this.#fail(
        `overwritten by a fenced write: ${key} of ${owner} at ${id}, written in epoch ${before.epoch.n}`,
      )
    }
  }

  #backed(device: Device, holder: string, upTo: number): void {
    for (const write of this.writes) {
      if (write.owner !== device.id || write.by !== device.session || write.n > upTo) continue
      if (write.acked.has(holder)) continue
      write.acked.add(holder)
      if (!this.#everKept(holder, write)) {
        this.#fail(`acknowledged without a copy: ${holder} never kept ${write.key} of ${write.owner}`)
      }
    }
  }

  /** It kept this very write, or one that replaces it. */
  #everKept(id: string, write: Write): boolean {
    return this.writes.some(
      (each) =>
        each.owner === write.owner &&
        each.key === write.key &&
        (each === write || isLater(each, write)) &&
        this.#kept.get(`${each.owner} ${each.key} ${each.n} ${each.by}`)?.has(id) === true,
    )
  }

  /** A copy is given up only when the writer and as many holders as there should be have had all of it. */
  #spared({ id, config }: Device, write: Write): void {
    const others = this.#devices().filter((each) => each.id !== id && this.#everKept(each.id, write))
    if (this.twins || new Set(others.map((each) => each.id)).size > config.copies) return
    this.#fail(`spared too early: ${id} gives up ${write.key} of ${write.owner}`)
  }

  /** The device of a peer; none once any peer has had two at a time, because who has what is not certain then. */
  #only(id: string): Device | undefined {
    return this.twins ? undefined : this.#devices().find((each) => each.id === id && each.alive)
  }

  /** Of what was acknowledged and written by the owner, what `holder` has and the owner's device has not. */
  missing(device: Device, holder: string, at: Millis): Write[] {
    const { id: owner, machine } = device
    const giving = this.#only(holder)
    // One that was started again since does not know that it was giving.
    const kept = giving === undefined || giving.bornAt > at ? undefined : giving.disk.get(owner)?.entries
    return this.acked(owner)
      .filter(({ key }) => !key.startsWith('inbox/'))
      .filter((write) => !this.covers(machine.duty(owner)?.store.get(write.key), write))
      .filter((write) => this.covers(kept?.get(write.key), write))
  }

  /** What others have, too, when someone is told that it is not needed any more, is in their care from then on. */
  #dismissed(target: string, { owner, epoch, turn }: Of<'dismiss'>): void {
    const name = `${target} ${owner}`
    const writes = new Set(this.acked(owner).filter((write) => this.#keptElsewhere(target, write)))
    this.#dismissals.set(name, [...(this.#dismissals.get(name) ?? []), { epoch, turn, writes }])
  }

  #dropped(device: Device, owner: string): void {
    const accepted = this.#accepted.get(`${device.session} ${owner}`)
    const all = this.#dismissals.get(`${device.id} ${owner}`) ?? []
    // What was said before it was appointed again does not count.
    const heard = all.filter((dismissal) => accepted === undefined || !isLaterTurn(accepted, dismissal))
    if (heard.length === 0) this.#fail(`gave up a copy unasked: ${device.id} of ${owner}`)
    const handed = new Set(heard.flatMap(({ writes }) => [...writes]))
    for (const write of this.acked(owner)) {
      const had = this.covers(device.disk.get(owner)?.entries.get(write.key), write)
      if (had) this.#spared(device, write)
      if (!had || handed.has(write) || this.#keptElsewhere(device.id, write)) continue
      this.#fail(`dropped the last copy: ${device.id} gave up ${write.key} of ${owner}`)
    }
  }

  #keptElsewhere(id: string, write: Write): boolean {
    const others = this.#devices().filter((each) => each.id !== id && each.alive)
    return others.some((each) => this.covers(each.disk.get(write.owner)?.entries.get(write.key), write))
  }
}

/** By the epochs in which they were written, and inside of one by counter: not by the rule under test. */
export function isLater(a: Write, b: Write): boolean {
  if (a.by === b.by) return a.n > b.n
  return isAfter(a.epoch, b.epoch)
}

function isLaterTurn(a: Turn, b: Turn): boolean {
  return isAfter(a.epoch, b.epoch) || (!isAfter(b.epoch, a.epoch) && a.turn > b.turn)
}

/** Of two epochs, whether the first is the greater. */
export function isAfter(a: Epoch, b: Epoch): boolean {
  return a.n !== b.n ? a.n > b.n : a.session !== b.session ? a.session > b.session : a.writer > b.writer
}
