/**
 * What must be so once the faults have stopped and all has settled. Checked from outside, on disks and on what the
 * machines say of themselves, and by no rule of theirs.
 */
import type { Device } from './device.ts'
import { isAfter } from './oracle.ts'
import type { Town } from './town.ts'

/** Peers that a duty may keep in mind: 16 sources, or 16 told, 16 taken over, 64 shunned, 8 suggested. */
const MAX_MINDS = 104

/** Throughout: queues and maps stay within their caps. */
export function checkCaps(town: Town, fail: (what: string) => void): void {
  for (const { id, machine, config } of town.devices.filter(({ alive }) => alive)) {
    if (machine.duties.minds > MAX_MINDS) fail(`${id} keeps ${machine.duties.minds} peers in mind`)
    const { owners, bytes } = config.capacity
    if (machine.holding.length > owners) fail(`${id} holds ${machine.holding.length} owners of ${owners}`)
    const stores = machine.holding.flatMap((owner) => machine.duty(owner)?.store ?? [])
    const held = stores.reduce((sum, store) => sum + store.bytes, 0)
    // A last delta may go over by its overhead.
    if (held > bytes + 65_536) fail(`${id} holds ${held} bytes of ${bytes}`)
    for (const store of stores) {
      const inbox = [...store.all()].filter(({ by }) => by === 'inbox').length
      // Two stand-ins may each have filled it.
      if (inbox > 4 * config.inbox.messages) fail(`${id} keeps ${inbox} messages for one owner`)
    }
  }
}

export function checkSettled(town: Town, fail: (what: string) => void): void {
  const owners = [...new Set(town.devices.map(({ id }) => id))]
  for (const owner of owners) {
    const own = town.of(owner).at(-1)
    const writers = town.running.filter((device) => device.machine.duty(owner)?.part === 'writing')
    if (writers.length > 1) {
      fail(`two write for ${owner}: ${writers.map(({ id, session }) => `${id}/${session}`).join(', ')}`)
    }
    const writer = writers[0]
    if (own !== undefined && writer !== own) {
      fail(`${owner} is there and does not write: it is ${own.machine.duty(owner)?.part}`)
    }
    const copies = town.running.filter((device) => device.machine.duty(owner)?.part === 'holding')
    if (writer === undefined) {
      const able = copies.filter((device) => mayClaim(device, owner))
      if (able.length > 0) fail(`nobody stands in for ${owner}, though ${names(able)} could`)
      continue
    }
    checkHeld(town, owner, writer, copies, fail)
    checkKept(town, owner, writer, fail)
  }
}

function checkHeld(
  town: Town,
  owner: string,
  writer: Device,
  copies: readonly Device[],
  fail: (what: string) => void,
): void {
  const holders = writer.machine.holders(owner)
  const duty = writer.machine.duty(owner)
  if (duty === undefined) return
  const able = town.running.filter(
    (device) => device.id !== writer.id && device.id !== owner && hasRoom(device, owner, duty.store.bytes),
  )
  const wanted = Math.min(writer.config.copies, new Set(able.map(({ id }) => id)).size)
  // At the end of the longest chain nobody can be given a right.
  if (holders.length < wanted && duty.right.length < 4) {
    fail(`${owner} is not held: ${holders.length} of ${wanted} by ${writer.id}`)
  }
  for (const { id, warm } of holders) {
    const held = town.of(id).at(-1)?.machine.duty(owner)
    if (!warm) fail(`${id} is cold for ${owner}`)
    if (held?.part !== 'holding') fail(`${id} does not know that it holds ${owner}`)
    if (held?.store.digest !== duty.store.digest) fail(`copies of ${owner} differ at ${writer.id} and ${id}`)
    if (held?.epoch.session !== duty.epoch.session) fail(`${id} holds ${owner} in another epoch`)
    if (held?.roster.join() !== duty.roster.join()) fail(`${id} knows another roster of ${owner}`)
    if (held?.right.at(-1)?.rank !== duty.roster.indexOf(id) + 1) fail(`${id} has another rank for ${owner}`)
  }
  const strays = copies.filter(
    (device) => holders.every((holder) => holder.id !== device.id) && !isApart(device, owner, writer),
  )
  if (strays.length > 0 && holders.length >= writer.config.copies) {
    fail(`${names(strays)} still keep ${owner}, held by ${holders.map(({ id }) => id).join(', ')}`)
  }
}

/** What was acknowledged and is on any disk that runs is with who writes. */
function checkKept(town: Town, owner: string, writer: Device, fail: (what: string) => void): void {
  const { oracle } = town
  const writing = writer.machine.duty(owner)
  for (const write of oracle.acked(owner)) {
    if (oracle.covers(writing?.store.get(write.key), write)) continue
    const having = town.running.filter((device) => {
      const copy = device.machine.duty(owner)?.store.get(write.key)
      return !isApart(device, owner, writer) && oracle.covers(copy, write)
    })
    if (having.length > 0) fail(`lost ${write.key} of ${owner}, which ${names(having)} still have`)
  }
}

/** Whether it could take in a whole state of so many bytes besides what it has. */
function hasRoom({ machine, config }: Device, owner: string, bytes: number): boolean {
  const { holding } = machine
  const held = holding.reduce((sum, each) => sum + (machine.duty(each)?.store.bytes ?? 0), 0)
  const place = holding.includes(owner) || holding.length < config.capacity.owners
  return place && held + bytes <= config.capacity.bytes
}

/** Only an owner that is back can speak to who was in a greater epoch, whose writer is gone. */
function isApart(device: Device, owner: string, writer: Device): boolean {
  const [held, writing] = [device.machine.duty(owner), writer.machine.duty(owner)]
  return (
    writer.id !== owner && held !== undefined && writing !== undefined && isAfter(held.epoch, writing.epoch)
  )
}

/** Whether it was given a right in the epoch that it knows. */
function mayClaim({ machine }: Device, owner: string): boolean {
  const duty = machine.duty(owner)
  const link = duty?.right.at(-1)
  return link !== undefined && link.n === duty?.epoch.n && link.session === duty.epoch.session
}

function names(devices: readonly Device[]): string {
  return devices.map(({ id }) => id).join(', ')
}
