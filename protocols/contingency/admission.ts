/**
 * What a message's epoch means for a duty: whether it is followed, taken, or answered with where we are.
 *
 * Law: nobody is followed who cannot prove a greater epoch; whoever speaks in a lesser one changes nothing and is
 * told of the greater. So of two that meet, one learns, and no answer to an answer is ever due twice.
 */
import type { Appointment, Duty } from './duty.ts'
import { compareEpochs, type Epoch } from './epoch.ts'
import type { Inner, Of } from './messages.ts'

export function admit(duty: Duty, from: string, message: Inner): 'follow' | 'take' | 'ignore' {
  if (duty.part === 'superseded') return 'ignore'
  // An owner that gathers takes everyone's word for what there is, and goes beyond it in the end.
  if (duty.part === 'returning') return 'take'
  const order = compareEpochs(message.epoch, duty.epoch)
  if (order === 0) return 'take'
  if (order > 0) {
    if (duty.believes(message.epoch, 'chain' in message ? message.chain : [])) return 'follow'
    // Once it hears that we are behind it will prove that it is further.
    if (message.type !== 'fenced') duty.fence(from)
    return 'ignore'
  }
  switch (message.type) {
    // An owner that comes back speaks in no epoch yet.
    case 'return':
      return 'take'
    case 'fetch':
      if (from === duty.owner) return 'take'
      break
    // What we fetched may have been on its way for long; entries are as good as ever.
    case 'delta':
    case 'left':
      return 'take'
    // Answers to what we said before.
    case 'accept':
    case 'stored':
    case 'refuse':
    case 'probed':
      return 'ignore'
  }
  duty.fence(from)
  return 'ignore'
}

/** Whether a hint says anything: who holds looks for somebody further; whoever writes tells others, too, that they are behind. */
export function isNews(duty: Duty, epoch: Epoch | undefined): boolean {
  return duty.part !== 'holding' || epoch === undefined || compareEpochs(epoch, duty.epoch) > 0
}

/** Whether an owner that writes is not the last to have written. */
export function goesBeyond({ isOwner, part, epoch: own }: Duty, epoch: Epoch): boolean {
  return isOwner && part === 'writing' && compareEpochs(epoch, own) > 0
}

/** Nothing is held here for that owner: whoever counts on it should know. */
export function disown({ type, owner, epoch }: Inner): Of<'left'> | undefined {
  const counting = ['return', 'beat', 'delta', 'fetch', 'fenced', 'held'].includes(type)
  return counting ? { type: 'left', owner, epoch } : undefined
}

/** There is no room: `contingents` of the one that refuses may have some. */
export function refuse({ owner, epoch }: Appointment, contingents: readonly string[]): Of<'refuse'> {
  const suggest = contingents.filter((id) => id !== owner && id !== epoch.writer)
  return { type: 'refuse', owner, epoch, reason: 'full', suggest }
}
