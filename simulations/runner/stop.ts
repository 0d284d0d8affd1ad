/** Ctrl-C: the first ends what runs in order, the second ends the process. */

/** As shells have it for a process that SIGINT ended: 128 + 2. */
const INTERRUPTED = 130

/** Calls `stop` at the first SIGINT or SIGTERM. @returns what takes it back */
export function onInterrupt(stop: () => void): () => void {
  let asked = false
  const hear = () => {
    if (asked) process.exit(INTERRUPTED)
    asked = true
    stop()
  }
  process.on('SIGINT', hear).on('SIGTERM', hear)
  return () => void process.off('SIGINT', hear).off('SIGTERM', hear)
}
