/** All the ways in which a call does not come about, or not as one thought, and what each side is told. */
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { meet } from './senses.ts'
import { button, connected, ended, idOf, openWorld, ring, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  expect(world.complaints()).toEqual([])
})

/** Someone who was never there: a PeerID of the right form, made for this test. */
const NOBODY = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'

/** Ana is at home; Ben has opened her link. */
async function pair(): Promise<[ana: Person, ben: Person]> {
  const ana = await world.arrive('Ana')
  return [ana, await world.arrive('Ben', { hash: await idOf(ana.page) })]
}

test('declining tells the caller, and leaves the one who declined in peace', async () => {
  const [ana, ben] = await pair()
  await ring(ben.page, ana.page)
  await button(ana.page, 'Decline').click()
  await ended(ben.page, 'declined')
  await ana.page.locator('[data-role=link]').waitFor()
  await screen(ben.page, 'declined')
})

test('cancelling stops the ringing, and the other side learns whom it missed', async () => {
  const [ana, ben] = await pair()
  await ring(ben.page, ana.page)
  await button(ben.page, 'Cancel').click()
  await ended(ana.page, 'cancelled')
  await ana.page.getByText('Call with Ben').waitFor()
  await screen(ana.page, 'missed')
  await button(ana.page, 'Call back').click()
  await button(ben.page, 'Accept with video').click()
  await connected(ana.page, ben.page)
})

test('who calls someone in a call hears that they are busy, and does not disturb it', async () => {
  const [ana, ben] = await pair()
  const eve = await world.arrive('Eve', { hash: await idOf(ana.page) })
  await ring(ben.page, ana.page)
  await button(ana.page, 'Accept with video').click()
  await connected(ana.page, ben.page)
  await button(eve.page, 'Call').click()
  await ended(eve.page, 'busy')
  await screen(eve.page, 'busy')
  await meet(ana.page, ben.page)
})

test('two who call each other at once are in one call, without anybody having to accept', async () => {
  const [ana, ben] = await pair()
  await ana.page.getByLabel('Their link or PeerID').fill(await idOfOther(ben))
  await button(ana.page, 'Open').click()
  // One clock for both, because a click by way of the driver takes longer than a ring to arrive.
  const moment = Date.now() + 500
  await Promise.all([ana, ben].map(({ page }) => button(page, 'Call').evaluate(pressAt, moment)))
  await connected(ana.page, ben.page)
  await meet(ana.page, ben.page)
  await button(ana.page, 'Hang up').click()
  await Promise.all([ended(ana.page, 'hung-up'), ended(ben.page, 'they-hung-up')])
})

test('a PeerID that nobody has is said to be out of reach, within seconds', async () => {
  const { page } = await world.arrive('Ana', { hash: NOBODY })
  await button(page, 'Call').click()
  await page.locator('main[data-phase=calling]').waitFor()
  await ended(page, 'unreachable')
  await screen(page, 'unreachable')
})

test('a link that is cut off is said to lead to nobody', async () => {
  const { page } = await world.arrive('Ana')
  await page.goto(`${world.bootstrap.url}/#${NOBODY.slice(0, -7)}`)
  await page.getByRole('heading', { name: 'This link does not lead to anyone' }).waitFor()
  await screen(page, 'bad-link')
  await button(page, 'Go home').click()
  await page.locator('[data-role=link]').waitFor()
})

test('a text without a PeerID in it is refused where it was pasted, a link with words around it is not', async () => {
  const { page } = await world.arrive('Ana')
  const field = page.getByLabel('Their link or PeerID')
  await field.fill('call me maybe')
  await field.press('Enter')
  await page.getByText('That holds no PeerID').waitFor()
  await screen(page, 'not-a-link')
  await field.fill(`Here is my link: ${world.bootstrap.url}/#${NOBODY}. See you!`)
  await field.press('Enter')
  await button(page, 'Call').waitFor()
  expect(new URL(page.url()).hash).toBe(`#${NOBODY}`)
})

test('my own link offers no call to myself', async () => {
  const { page } = await world.arrive('Ana')
  await page.goto(`${world.bootstrap.url}/#${await idOf(page)}`)
  await page.getByText('This is your own link').waitFor()
  expect(await button(page, 'Call').isDisabled()).toBe(true)
})

/** The PeerID of someone who is not at home, from the panel. */
async function idOfOther({ page }: Person): Promise<string> {
  await button(page, 'The nest').click()
  const id = await page.locator('[data-role=id]').textContent()
  await page.keyboard.press('Escape')
  return id ?? ''
}

function pressAt(element: Element, moment: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      if (element instanceof HTMLElement) element.click()
      resolve()
    }, moment - Date.now())
  })
}
