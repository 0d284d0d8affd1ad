/** What a duty has to say to the outside. */
import { unreachable } from '../machine.ts'
import type { Duty, Effect } from './duty.ts'
import type { Output } from './vocabulary.ts'

/** Makes the duty's effects outputs. Of its changes only the last counts; after it was dropped there is no more. */
export function outputsOf(duty: Duty): readonly Output[] {
  const effects = duty.drain()
  // Most are.
  if (effects.every(isOutput)) return effects
  const { owner, part, epoch, roster, right: chain } = duty
  const to: Output[] = []
  let changed = false
  for (const effect of effects) {
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
        return to
      default:
        unreachable(effect)
    }
  }
  if (changed) to.push({ type: 'changed', owner, part, epoch, roster, chain })
  return to
}

function isOutput(effect: Effect): effect is Extract<Effect, { type: 'send' }> {
  return effect.type === 'send'
}
