/** Invitations and replies as text, and which of them count. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  faultOfInvitation,
  faultOfReply,
  find,
  HORIZON,
  LIFE,
  MAX_PASTED,
  MAX_TEXT,
  type Message,
  type Of,
  write,
} from '#protocols/hand/index'
import { golden } from '../golden.ts'

const signature = Uint8Array.from({ length: 64 }, (_, at) => at)
const message = Uint8Array.of(1, 2, 3)

describe('a text', () => {
  test('brings back any message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 512 }), (bytes) => {
        const text = write({ signature, message: bytes })
        expect(text).toMatch(/^meet=[A-Z2-7]+$/)
        expect(find(text)).toEqual({ signature, message: bytes })
      }),
    )
  })

  test('is found in a link, in a sentence and in small letters', () => {
    const text = write({ signature, message })
    for (const pasted of [
      `https://example.org/#${text}`,
      `Meet me: <${text}>, soon.`,
      `\n ${text.toLowerCase()}\n`,
      `«${text}»`,
    ]) {
      expect(find(pasted)).toEqual({ signature, message })
    }
  })

  test('is none where there is none, too large where it cannot be one, and of a later version where it says so', () => {
    expect(find('')).toBe('not-one')
    expect(find('https://example.org/#12D3KooWabc')).toBe('not-one')
    expect(find('nomeet=AAAA')).toBe('not-one')
    expect(find(`meet=${'A'.repeat(MAX_TEXT + 1)}`)).toBe('too-large')
    expect(find(' '.repeat(MAX_PASTED + 1))).toBe('too-large')
    expect(find(write({ signature, message }).replace('meet=AE', 'meet=AI'))).toBe('newer')
    expect(find('meet=')).toBe('damaged')
  })

  test('never throws, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string(), (pasted) => {
        find(`meet=${pasted}`)
      }),
    )
  })
})

describe('what counts', () => {
  const [[invitation], [reply]] = golden['hand'] as unknown as [[Of<'invitation'>], [Of<'reply'>]]
  const [ana, ben, eve] = [invitation.from, reply.from, new Uint8Array(32).fill(0xee)]
  const now = invitation.expires * 1_000 - LIFE

  test('an invitation may be replied to by who is invited, while it is good', () => {
    expect(faultOfInvitation(invitation, ben, now)).toBeUndefined()
    expect(faultOfInvitation(invitation, eve, now)).toBe('not-for-you')
    const { to: _, ...open } = invitation
    expect(faultOfInvitation(open, eve, now)).toBeUndefined()
    expect(faultOfInvitation(open, ana, now)).toBe('own')
    expect(faultOfInvitation(open, eve, now + LIFE)).toBe('expired')
    expect(faultOfInvitation(open, eve, now + LIFE - HORIZON - 1)).toBe('too-far')
    expect(faultOfInvitation(reply as Message, eve, now)).toBe('wrong-kind')
  })

  test('a reply belongs to the invitation whose nonce it bears, and is from who was invited', () => {
    expect(faultOfReply(reply, invitation)).toBeUndefined()
    expect(faultOfReply({ ...reply, nonce: new Uint8Array(8) }, invitation)).toBe('other')
    expect(faultOfReply({ ...reply, from: eve as typeof ben }, invitation)).toBe('other-peer')
    expect(faultOfReply({ ...reply, from: ana }, invitation)).toBe('own')
    expect(faultOfReply({ ...invitation, from: ben }, invitation)).toBe('wrong-kind')
  })
})
