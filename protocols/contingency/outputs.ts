/** What a duty has to say to the outside. */
import { unreachable } from '../machine.ts'
import type { Duty } from './duty.ts'
import type { Output } from './vocabulary.ts'

/**
 * Makes the duty's effects outputs, at the end of `to`. Of its changes only the last counts; after it was dropped there is
 * no more.
 * @returns whether it was dropped
 */
export function outputsOf(duty: Duty, to: Output[]): boolean {
  const { owner, part, epoch, roster, right: chain } = duty
  let changed = false
  for (const effect of duty.drain()) {
    switch (effect.type) {
      case 'send':
        to.push(effect)
        break
      case 'persist':
        to.push({ type: 'persist', owner, entries: effect.entries })
        break
      case 'seek':
        to.push({ type: 'seek', owner })
        break
      case 'overruled':
      case 'backed':
        if (duty.isOwner) to.push(effect)
        break
      case 'changed':
        changed = true
        break
      case 'drop':
        to.push({ type: 'dropped', owner })
        return true
      default:
        unreachable(effect)
    }
  }
  if (changed) to.push({ type: 'changed', owner, part, epoch, roster, chain })
  return false
}
