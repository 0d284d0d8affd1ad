/** What a duty has to say to the outside. */
import { unreachable } from '../machine.ts'
import type { Duty } from './duty.ts'
import type { Output } from './vocabulary.ts'

/** Makes the duty's effects outputs. Of its changes only the last counts; after it was dropped there is no more. */
export function outputsOf(duty: Duty): Output[] {
  const { owner, part, epoch, roster, right: chain } = duty
  const out: Output[] = []
  let changed = false
  for (const effect of duty.drain()) {
    switch (effect.type) {
      case 'send':
        out.push(effect)
        break
      case 'persist':
        out.push({ ...effect, owner })
        break
      case 'seek':
        out.push({ ...effect, owner })
        break
      case 'overruled':
      case 'backed':
        if (duty.isOwner) out.push(effect)
        break
      case 'changed':
        changed = true
        break
      case 'drop':
        return [...out, { type: 'dropped', owner }]
      default:
        unreachable(effect)
    }
  }
  return changed ? [...out, { type: 'changed', owner, part, epoch, roster, chain }] : out
}
