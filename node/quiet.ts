/**
 * What libp2p logs to: nothing, unless somebody listens. It makes a logger for every stream, and with its own each of
 * them asks the terminal whether it has colours: a tenth of what a stream costs (measured).
 */
import type { ComponentLogger, Logger } from '@libp2p/interface'

const nothing = () => {}
const silent: Logger = Object.assign(nothing.bind(undefined), {
  enabled: false,
  trace: nothing,
  error: nothing,
  newScope: () => silent,
})

/** Nothing, so that libp2p takes its own, when `DEBUG` in the environment or `debug` in a page's storage asks for it. */
export function quiet(): { logger?: ComponentLogger } {
  return wanted() ? {} : { logger: { forComponent: () => silent } }
}

function wanted(): boolean {
  try {
    const { process, localStorage } = globalThis as { process?: NodeJS.Process; localStorage?: Storage }
    return Boolean(process?.env?.['DEBUG'] ?? localStorage?.getItem('debug'))
  } catch {
    // A page may be denied its storage.
    return false
  }
}
