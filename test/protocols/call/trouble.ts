/** People in a bad network, each doing what comes to mind: determined by a seed, as all of the world is. */
import { type Person, SECOND, Town } from './town.ts'

export const minutes = 60 * SECOND

/** Three people, a minute of random deeds and faults, then five minutes without either. */
export function trouble(seed: number): { town: Town; people: Person[] } {
  const town = new Town(seed, { delay: 30, jitter: 200, loss: 0.03, notice: 2000 })
  const people = ['ann', 'bob', 'cat'].map((name) => town.person(name))
  const { random } = town.world
  for (let n = 0; n < 60; n++) {
    town.run(random.chance(0.3) ? random.below(4000) : random.below(200))
    deed(town, people)
  }
  town.network.dials = { ...town.network.dials, loss: 0 }
  for (const [one, other] of [
    ['ann', 'bob'],
    ['ann', 'cat'],
    ['bob', 'cat'],
  ] as const) {
    town.network.unblock(one, other)
  }
  for (const person of people) {
    if (!person.here) person.comeBack()
    // Who wonders makes up their mind.
    if (person.wonders) person.accept()
    if (person.machine.alive > 0) town.medium(person.call).heal()
    if (person.state === 'incoming') person.accept()
  }
  town.run(5 * minutes)
  return { town, people }
}

function deed(town: Town, people: Person[]): void {
  const { random } = town.world
  const person = random.pick(people)
  const other = random.pick(people.filter((each) => each !== person))
  if (!person.here) {
    if (random.chance(0.3)) person.comeBack()
    return
  }
  const alive = person.machine.alive > 0
  switch (random.below(13)) {
    case 0:
    case 1:
    case 2:
      return alive ? undefined : void person.place(other)
    case 3:
    case 4:
    case 5:
      return person.state === 'incoming' || person.wonders ? person.accept() : undefined
    case 6:
      return alive && random.chance(0.3) ? person.hangUp() : undefined
    case 7:
      return alive ? person.mute({ audio: random.chance(0.5), video: random.chance(0.5) }) : undefined
    case 8:
      return town.network.cut(person.id, other.id)
    case 9:
      if (random.chance(0.5)) return town.network.unblock(person.id, other.id)
      return town.network.block(person.id, other.id, 'unreachable')
    case 10:
      if (!alive) return
      if (random.chance(0.5)) return town.medium(person.call).heal()
      return town
        .medium(person.call)
        .drop(random.pick(['disconnected', 'failed']), { good: random.chance(0.5) })
    case 11:
      return alive || random.chance(0.1) ? person.leave({ crash: random.chance(0.5) }) : undefined
    default:
      if (random.chance(0.5)) return person.drive.give({ type: 'network-changed' })
      return person.engines.get(alive ? person.call : '')?.addTracks(1)
  }
}
