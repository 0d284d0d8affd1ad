/** Ctrl-C: the first ends what runs in order, the second ends the process. */

/** As shells have it for a process that SIGINT ended: 128 + 2. */
const INTERRUPTED = 130
/**
 * Milliseconds within which signals are one: a terminal sends Ctrl-C to all that it runs, and npm, which is one of them,
 * passes it on.
 */
const ONE = 500

/** Calls `stop` at the first SIGINT or SIGTERM. @returns what takes it back */
export function onInterrupt(stop: () => void): () => void {
  let askedAt: number | undefined
  const hear = () => {
    if (askedAt === undefined) {
      askedAt = performance.now()
      stop()
    } else if (performance.now() - askedAt > ONE) process.exit(INTERRUPTED)
  }
  process.on('SIGINT', hear).on('SIGTERM', hear)
  return () => void process.off('SIGINT', hear).off('SIGTERM', hear)
}
