/** Waiting for what a test is about, never for time to pass. */

/**
 * Resolves with what `holds` gives once it is neither `undefined` nor `false`: now, or after one of the events
 * `type` of `target`.
 * @throws Error that names `what` after `millis`.
 */
export function until<T>(
  target: EventTarget,
  type: string,
  holds: () => T | undefined | false,
  { what = type, millis = 15_000 }: { what?: string; millis?: number } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      target.removeEventListener(type, look)
      settle()
    }
    const look = () => {
      const value = holds()
      if (value !== undefined && value !== false) finish(() => resolve(value))
    }
    const timer = setTimeout(() => {
      finish(() => reject(new Error(`not within ${millis} ms: ${what}`)))
    }, millis)
    target.addEventListener(type, look)
    look()
  })
}
