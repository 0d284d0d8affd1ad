/** A call from page to page through the NATs of the world, with coturn set up as the README says. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { meet } from '../e2e/senses.ts'
import { button, connected, idOf, ring } from '../e2e/world.ts'
import { type Internet, openInternet, whyNot } from './internet.ts'
import type { Nat } from './nat.ts'
import { mediaWay, resident } from './people.ts'
import { openServers, type Servers } from './servers.ts'

const why = whyNot()

describe.skipIf(why !== undefined)(
  `a call between two homes${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let internet: Internet
    let servers: Servers
    let number = 10

    beforeAll(async () => {
      internet = openInternet()
      servers = await openServers(internet)
    })
    afterAll(async () => {
      await servers?.close()
      internet?.close()
    })

    async function call(...nats: [Nat, Nat]) {
      const { url } = servers.bootstrap
      const [here, there] = nats.map((nat, index) => {
        number += 1
        return internet.home(`${nat}-${index}-${number}`, [{ nat, number }])
      })
      const ana = await resident('Ana', here, url)
      onTestFinished(() => ana.close())
      const ben = await resident('Ben', there, url, await idOf(ana.page))
      onTestFinished(() => ben.close())
      await ring(ben.page, ana.page)
      await button(ana.page, 'Accept with video').click()
      await connected(ana.page, ben.page)
      await meet(ana.page, ben.page)
      return await Promise.all([mediaWay(ana.page), mediaWay(ben.page)])
    }

    test.each(['full-cone', 'port-restricted'] as const)('of kind %s goes from home to home', async (nat) => {
      console.log(await call(nat, nat))
    })
    test.each(['symmetric', 'no-udp'] as const)('of kind %s goes from home to home', async (nat) => {
      console.log(await call(nat, nat))
    })
  },
)
