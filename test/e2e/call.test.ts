/** Ana and Ben: a call from the link to the last word, as both see and hear it. */
import { afterAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { hears, meet, plays } from './senses.ts'
import { button, connected, ended, idOf, openWorld, ring, screen } from './world.ts'

const world = await openWorld({ large: true })
afterAll(() => world.close())

describe('a call', () => {
  let ana: Person
  let ben: Person

  test('at home there is a link to give away, to be copied or shown as a QR code', async () => {
    const context = { permissions: ['clipboard-read', 'clipboard-write'] }
    ana = await world.arrive('Ana', { context })
    const link = await ana.page.locator('[data-role=link]').textContent()
    expect(link).toMatch(new RegExp(`^${world.bootstrap.url}/#12D3KooW[A-Za-z0-9]{44}$`))
    await button(ana.page, 'Copy').click()
    await ana.page.getByText('Copied').waitFor()
    expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    await button(ana.page, 'QR code').click()
    await ana.page.getByRole('img', { name: 'QR code of your link' }).waitFor()
    await screen(ana.page, 'home')
  })

  test('who opens the link sees and hears themselves first', async () => {
    ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
    await plays(ben.page, 'local')
    const meter = ben.page.getByRole('meter', { name: 'Microphone level' })
    const bar = meter.locator('.bar')
    const level = () =>
      bar.evaluate((element) => Number(getComputedStyle(element).getPropertyValue('--level')))
    await expect.poll(level, { timeout: 10_000, interval: 50 }).toBeGreaterThan(0.2)
    for (const name of ['Camera', 'Microphone']) {
      const chosen = ben.page.getByLabel(name, { exact: true }).locator('option:checked')
      expect(await chosen.textContent()).toMatch(/Fake/i)
    }
    await screen(ben.page, 'preview')
  })

  test('calling rings over there, with the name of who calls', async () => {
    await ring(ben.page, ana.page)
    await ana.page.getByRole('heading', { name: 'Ben is calling' }).waitFor()
    await ben.page.getByText('Ringing…').filter({ visible: true }).last().waitFor()
    await screen(ana.page, 'incoming')
    await screen(ben.page, 'outgoing')
  })

  test('accepted, both see and hear each other', async () => {
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    await Promise.all([plays(ana.page, 'local'), plays(ben.page, 'local')])
    await screen(ben.page, 'call')
  })

  test('time passes on both screens, and no picture ever starts afresh', async () => {
    for (const { page } of [ana, ben]) {
      const timer = page.getByRole('timer', { name: 'Time in this call' })
      await timer.filter({ hasText: /^0:0[3-9]|0:[1-5]/ }).waitFor()
      for (const role of ['remote', 'local']) {
        const video = page.locator(`video[data-role=${role}]`)
        const time = () => video.evaluate((element) => (element as HTMLVideoElement).currentTime)
        await expect.poll(time, { timeout: 10_000 }).toBeGreaterThan(3)
      }
    }
  })

  test('one who mutes is seen to be muted, and is not heard until they unmute', async () => {
    await button(ana.page, 'Mute').click()
    await ana.page.getByText('You are muted').waitFor()
    await ben.page.getByText('Their microphone is off').waitFor()
    await hears(ben.page, false)
    await screen(ben.page, 'call-muted')
    await button(ana.page, 'Unmute').click()
    await ben.page.getByText('Their microphone is off').waitFor({ state: 'hidden' })
    await hears(ben.page)
  })

  test('one who turns the camera off is seen to have done so, and is seen again when it is back on', async () => {
    await button(ana.page, 'Turn camera off').click()
    await ben.page.getByText('Their camera is off').waitFor()
    await hears(ben.page)
    await screen(ben.page, 'call-camera-off')
    await screen(ana.page, 'call-my-camera-off')
    await button(ana.page, 'Turn camera on').click()
    await ben.page.getByText('Their camera is off').waitFor({ state: 'hidden' })
    await plays(ben.page, 'remote')
  })

  test('devices can be chosen in the middle of the call', async () => {
    await button(ben.page, 'Camera and microphone').click()
    const dialog = ben.page.getByRole('dialog', { name: 'Camera and microphone' })
    await dialog.getByLabel('Microphone', { exact: true }).selectOption({ index: 1 })
    await screen(ben.page, 'call-devices')
    await ben.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await hears(ana.page)
    await connected(ana.page, ben.page)
  })

  test('hanging up ends it for both', async () => {
    await button(ben.page, 'Hang up').click()
    await Promise.all([ended(ben.page, 'hung-up'), ended(ana.page, 'they-hung-up')])
    await ana.page.getByText(/^The call is over. It lasted \d+:\d\d/).waitFor()
    await screen(ana.page, 'ended')
  })

  test('either can call again, and the other may answer with the voice alone', async () => {
    await button(ana.page, 'Call again').click()
    await button(ben.page, 'Accept, audio only').click()
    await connected(ana.page, ben.page)
    await ana.page.getByText('Their camera is off').waitFor()
    await Promise.all([hears(ana.page), hears(ben.page), plays(ben.page, 'remote')])
  })

  test('a camera that is turned on during a call of voices is seen', async () => {
    await button(ben.page, 'Turn camera on').click()
    await ana.page.getByText('Their camera is off').waitFor({ state: 'hidden' })
    await meet(ana.page, ben.page)
  })

  test('a page that is closed has a seat in the call until the other hangs up', async () => {
    await ben.page.close()
    await ana.page.locator('[data-role=kept]').waitFor()
    await button(ana.page, 'Hang up').click()
    await ended(ana.page, 'hung-up')
    await button(ana.page, 'Go home').click()
    await ana.page.getByRole('heading', { name: 'Call someone, or be called' }).waitFor()
  })

  test('nothing of it made a browser complain', () => {
    expect(world.complaints()).toEqual([])
  })
})
