/** The page as its service worker (`worker.ts`) keeps it on the device, seen from the page. */

/** Whether this page was opened from there, because the server did not answer. */
export const openedKept = document.documentElement.hasAttribute('data-kept')

let asked = false

/**
 * Has the page kept, and what is kept renewed if the server has a newer build: once a visit. Where there is no
 * service worker (not a secure context, some private windows) the page needs its server to open, and is otherwise
 * the same.
 */
export function keepPage(): void {
  if (asked) return
  asked = true
  navigator.serviceWorker?.register('./worker.js', { updateViaCache: 'none' }).catch(() => undefined)
}
