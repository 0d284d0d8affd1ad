/**
 * One seed: a town of 1 to 12 peers, the faults that its seed draws, people who write, call and leave messages;
 * then the faults stop and all must settle.
 */
import { type Config, defaultConfig } from '#protocols/contingency/index'
import { Random } from '../random.ts'
import { checkCaps, checkSettled } from './checkers.ts'
import type { Device } from './device.ts'
import { drawFaults, type Fault, faults, Trouble } from './faults.ts'
import { Town } from './town.ts'

export interface Outcome {
  seed: number
  peers: number
  faults: readonly Fault[]
  /** What was found wrong, each said once; the first is what to look at. */
  found: string[]
}

export interface RunOptions {
  /** The kinds that may be drawn. */
  allowed?: readonly Fault[]
  trace?: (line: string) => void
  see?: Town['see']
}

const SECOND = 1_000
/** Longest that all may take to settle: shunning, and the last time that the absent are told. */
const SETTLE = 400 * SECOND
/** In so long no more than one word a peer is said, but for beats, when it is quiet: longer than most waits. */
const QUIET = 35 * SECOND

export function run(seed: number, { allowed = faults, trace, see }: RunOptions = {}): Outcome {
  const random = new Random(seed)
  const peers = 1 + random.below(random.pick([3, 5, 12]))
  const kinds = drawFaults(random, allowed)
  const config: Config = { ...defaultConfig, copies: random.pick([2, 2, 2, 1, 3, 0]) }
  const found: string[] = []
  const fail = (what: string) => {
    trace?.(`FOUND ${what}`)
    if (!found.includes(what)) found.push(what)
  }
  try {
    const town = new Town(seed, config, fail, trace)
    if (see !== undefined) town.see = see
    live(town, new Trouble(town, config), { random, peers, kinds, fail })
  } catch (error) {
    fail(error instanceof Error ? `${error.message}` : String(error))
    if (trace !== undefined && error instanceof Error) trace(error.stack ?? '')
  }
  return { seed, peers, faults: [...kinds], found }
}

/** Longer than it takes to miss someone and to take over. */
const AWAY = 8 * SECOND
/** Long enough for four round trips, and too short for the end of patience with someone who does not answer. */
const BACK = 1_500

interface Plan {
  random: Random
  peers: number
  kinds: ReadonlySet<Fault>
  fail: (what: string) => void
}

function live(town: Town, trouble: Trouble, { random, peers, kinds, fail }: Plan): void {
  const ids = Array.from({ length: peers }, (_, at) => String.fromCharCode(65 + at))
  trouble.begin(kinds)
  for (const id of ids) {
    town.world.after(3 * SECOND * random.unit(), () => {
      const device = town.boot(id, new Map(), trouble.configOf(kinds))
      if (kinds.has('drift')) device.rate = random.pick([0.99, 1.01])
    })
  }
  town.world.run(3 * SECOND)
  const end = town.world.now() + random.pick([20, 40, 80]) * SECOND
  while (town.world.now() < end) {
    town.world.run(random.pick([50, 500, 3_000]) * random.unit())
    if (random.chance(0.6)) live1(town, random)
    else if (kinds.size > 0) trouble.strike(random.pick([...kinds]))
    checkCaps(town, fail)
  }
  trouble.end()
  const limit = town.world.now() + SETTLE
  let wrong: string[]
  do {
    town.world.run(5 * SECOND)
    trouble.reconcile()
    wrong = unsettled(town)
  } while (town.world.now() < limit && wrong.length > 0)
  checkCaps(town, fail)
  for (const what of wrong) fail(what)
  if (wrong.length === 0) comeBack(town, random, fail)
}

/** In a world without faults: someone is gone, is stood in for, and comes back with nothing but its name. */
function comeBack(town: Town, random: Random, fail: (what: string) => void): void {
  const held = town.running.filter((device) => device.machine.holders().length > 0)
  if (held.length === 0) return
  const owner = random.pick(held)
  const { id, config } = owner
  town.note(`${id} will be gone, and come back`)
  if (random.chance(0.5)) owner.give({ type: 'leave' })
  town.crash(owner)
  town.world.run(AWAY)
  const standing = town.running.filter((device) => device.machine.duty(id)?.part === 'writing')
  if (standing.length !== 1) fail(`${standing.length} stand in for ${id}, who has gone`)
  const again = town.boot(id, new Map(), config)
  town.world.run(BACK)
  const duty = again.machine.duty(id)
  if (duty?.part !== 'writing') fail(`${id} is back for ${BACK} ms and does not write: it is ${duty?.part}`)
  const lost = town.oracle.acked(id).filter((write) => {
    const holds = ({ machine }: Device) => town.oracle.covers(machine.duty(id)?.store.get(write.key), write)
    return standing.some(holds) && !holds(again)
  })
  for (const { key } of lost) fail(`${id} is back without ${key}, which ${standing[0]?.id} had`)
}

function unsettled(town: Town): string[] {
  const loud = town.talk.times(QUIET) > town.running.length
  return [...(loud ? [`not quiet: ${town.talk.last}`] : []), ...collect(town)]
}

function collect(town: Town): string[] {
  const wrong: string[] = []
  checkSettled(town, (what) => wrong.push(what))
  return wrong
}

/** Somebody does something: writes to a few keys, asks for somebody, leaves a message. */
function live1(town: Town, random: Random): void {
  if (town.running.length === 0) return
  const device = random.pick(town.running)
  const other = random.pick(town.devices)
  if (random.chance(0.7)) {
    const keys = Array.from({ length: 1 + random.below(3) }, () =>
      random.pick(['name', 'photo', 'contacts', 'calls']),
    )
    const value = 'v'.repeat(random.pick([1, 40, 2_000, 9_000]))
    return town.write(device, Object.fromEntries(keys.map((key) => [key, value])))
  }
  if (other.id === device.id) return
  const id = `m${random.below(1_000)}`
  for (const stand of town.running.filter(({ machine }) => machine.duty(other.id) !== undefined)) {
    town.inject(`S${device.id}`, stand, { type: 'deposit', owner: other.id, id, body: new Uint8Array(20) })
    town.inject(`S${device.id}`, stand, { type: 'ask', owner: other.id, key: 'public/name' })
  }
}
