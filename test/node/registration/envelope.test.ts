/** The envelope: what was signed comes back, and nothing else does. */
import { describe, expect, it } from 'vitest'
import { MAX_BYTES, open, Refused, seal } from '#node/registration/envelope'
import { LIFE } from '#protocols/registration/index'
import { ana, ben, idOf, of, standingIn } from './drafts.ts'

describe('an envelope', () => {
  it('brings what was signed', async () => {
    const draft = of(ana)
    const now = Date.now()
    expect(await open(idOf(ana), await seal(draft, ana, now), now)).toEqual({ ...draft, expires: now + LIFE })
    const right = await standingIn()
    expect(await open(idOf(ana), await seal(right, ben, now), now)).toMatchObject({ chain: right.chain })
  })

  it('of which a single byte was changed brings nothing, or nothing else', async () => {
    const now = Date.now()
    const bytes = await seal(await standingIn(), ben, now)
    const before = await open(idOf(ana), bytes, now)
    for (let at = 0; at < bytes.byteLength; at++) {
      const bent = Uint8Array.from(bytes)
      bent[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      const opened = await open(idOf(ana), bent, now).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Refused)
        return before
      })
      expect(opened).toEqual(before)
    }
  })

  it('cut short anywhere, or too long, brings nothing', async () => {
    const bytes = await seal(of(ana), ana, Date.now())
    for (let end = 0; end < bytes.byteLength; end += 7) {
      await expect(open(idOf(ana), bytes.subarray(0, end), Date.now())).rejects.toThrow(Refused)
    }
    const long = new Uint8Array(MAX_BYTES + 1)
    long.set(bytes)
    await expect(open(idOf(ana), long, Date.now())).rejects.toMatchObject({ reason: 'malformed' })
  })
})
