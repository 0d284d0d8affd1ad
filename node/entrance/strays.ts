/**
 * Strays: connections to a bootstrap that are nobody's entrance. A dial that goes through the relay of a bootstrap
 * makes one if there is none; once the handshake is over it only holds a place there that somebody else may need.
 *
 * Law: whoever is a relay for others, as bootstraps alone are, and is no entrance that is open or being opened, is
 * hung up on when nothing is relayed through it any more.
 */
import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import { type Clock, systemClock } from '../driver.ts'
import { hangUp, idle, RELAYED } from './hanging-up.ts'

/** From being made to being hung up on, in milliseconds, at least: the handshake for which it is has to begin. */
const GRACE = 10_000

/** Hangs up on strays until `signal` fires. @param wanted whether that connection is an entrance's, or will be */
export function watchStrays(
  libp2p: Libp2p,
  wanted: (connection: Connection) => boolean,
  signal: AbortSignal,
  clock: Clock = systemClock,
): void {
  const onIdentify = ({ detail }: CustomEvent<IdentifyResult>) => {
    const { connection, protocols } = detail
    const isRelay = protocols.includes(`${RELAYED}0.2.0/hop`)
    if (isRelay && connection.direction === 'outbound') watch(connection)
  }
  libp2p.addEventListener('peer:identify', onIdentify)
  signal.addEventListener('abort', () => libp2p.removeEventListener('peer:identify', onIdentify))

  function watch(connection: Connection): void {
    clock.after(GRACE, async () => {
      await idle(libp2p, connection, { signal }).catch(() => {})
      if (signal.aborted || connection.status !== 'open') return
      if (wanted(connection)) watch(connection)
      else await hangUp(connection)
    })
  }
}
