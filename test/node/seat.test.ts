import { copyFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Call, ColoniaNode } from '#node/index'
import { folder, open } from '../bootstrap/harness.ts'
import { incoming, introduced, phase } from './harness.ts'
import { type Puppet, puppet, until } from './puppets.ts'

describe('a peer that loses its process in a call', { timeout: 90_000 }, () => {
  it('is back in it when it starts again, without anyone dialling, and the call of the other is the same', async () => {
    const { bootstraps, ben, ana, call } = await talking()
    ana.child.kill('SIGKILL')
    const again = await puppet({ bootstraps, identity: ana.identity })
    const { resume, elsewhere } = await again.says((line) => 'resume' in line, 'the seat')
    expect([resume, elsewhere]).toEqual([call.id, false])
    await again.says((line) => line['call'] === call.id && line['phase'] === 'active', 'being back')
    await until(call, 'change', () => call.phase === 'active', { what: 'their being back' })
    expect(ben.calls).toEqual([call])
    call.hangUp()
    await again.says((line) => line['end'] === 'they-hung-up', 'the end')
  })

  it('is back in it on another device that has nothing but the identity, by its contingents', async () => {
    const { bootstraps, ana, call } = await talking()
    ana.child.kill('SIGKILL')
    const elsewhere = `${await folder()}/key`
    await copyFile(ana.identity, elsewhere)
    const gone = changes(call)
    const again = await puppet({ bootstraps, identity: elsewhere })
    const found = await again.says((line) => 'resume' in line, 'the seat')
    expect(found).toMatchObject({ resume: call.id, elsewhere: true })
    await again.says((line) => line['call'] === call.id && line['phase'] === 'active', 'being back')
    await until(call, 'change', () => call.phase === 'active' && gone.includes('reconnecting'), {
      what: 'it',
    })
  })
})

describe('a peer that stops', () => {
  it('for a while keeps its seat: the other is told, waits, and may hang up', async () => {
    const bootstraps = [(await open()).url]
    const identity = `${await folder()}/key`
    const [ana, ben] = [await introduced({ bootstraps, identity }), await introduced({ bootstraps })]
    const { call, theirs } = await talk(ana, ben)
    await ana.stop({ away: true })
    await until(theirs, 'change', () => theirs.phase === 'reconnecting', { what: 'their being away' })
    expect(theirs.away).toBeGreaterThan(Date.now() + 100_000)

    const again = await introduced({ bootstraps, identity })
    const back = await new Promise<Call>((resolve) => again.onResume((found) => resolve(found.call)))
    expect(back).toMatchObject({ id: call.id, peer: ben.id, direction: 'outgoing', phase: 'reconnecting' })
    theirs.hangUp()
    back.accept()
    await phase(back, 'ended')
    expect([back.end, theirs.end]).toEqual(['they-hung-up', 'hung-up'])
    await again.stop()
    const later = await introduced({ bootstraps, identity })
    expect([later.calls, later.state.get('seat')]).toEqual([[], undefined])
  })

  it('for good ends the call and leaves no seat', async () => {
    const bootstraps = [(await open()).url]
    const identity = `${await folder()}/key`
    const [ana, ben] = [await introduced({ bootstraps, identity }), await introduced({ bootstraps })]
    const { theirs } = await talk(ana, ben)
    await ana.stop()
    await phase(theirs, 'ended')
    expect(theirs.end).toBe('they-hung-up')
    const again = await introduced({ bootstraps, identity })
    expect([again.calls, again.state.get('seat')]).toEqual([[], undefined])
  })
})

/** Ana, in a process of her own, in a call with Ben; someone else is there to hold their states. */
async function talking() {
  const bootstraps = [(await open()).url]
  const identity = `${await folder()}/key`
  const ben = await introduced({ bootstraps })
  await introduced({ bootstraps })
  const ana: Puppet = await puppet({ bootstraps, identity })
  await ana.says(({ entrance }) => entrance === 'connected', 'being introduced')
  // So that the path of the call is a direct one, which nothing closes when its other end is killed.
  await ben.connect(ana.id)
  const call = ben.call(ana.id)
  await ana.says((line) => line['call'] === call.id && line['phase'] === 'active', 'talking')
  await phase(call, 'active')
  // Writes are kept in their order: with this one the seat is backed up.
  await ana.ask({ put: ['after', 1] }, 'put')
  return { bootstraps, ben, call, ana: { ...ana, identity } }
}

/** Ana calls Ben, in this process. */
async function talk(ana: ColoniaNode, ben: ColoniaNode): Promise<{ call: Call; theirs: Call }> {
  const ringing = incoming(ben)
  const call = ana.call(ben.id)
  const theirs = await ringing
  theirs.accept()
  await Promise.all([phase(call, 'active'), phase(theirs, 'active')])
  return { call, theirs }
}

/** The phases that a call goes through from now on. */
function changes(call: Call): string[] {
  const phases: string[] = []
  call.addEventListener('change', () => phases.push(call.phase))
  return phases
}
