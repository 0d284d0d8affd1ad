/**
 * A reply that was opened as a link, as a phone's camera does, is in a new tab, and the invitation it belongs to in
 * another. Tabs of one browser pass it on.
 */

/** How long another tab may take to say that it tries, in milliseconds, and how long to connect: as a node does. */
const PATIENCE = { trying: 1_000, taken: 22_000 } as const

type Said = { type: 'reply'; pasted: string } | { type: 'trying' | 'taken' | 'refused' }

/** Whether another tab had use for it. */
export function passOn(pasted: string): Promise<boolean> {
  const channel = new BroadcastChannel('colonia/hand')
  return new Promise<boolean>((resolve) => {
    let timer = setTimeout(() => resolve(false), PATIENCE.trying)
    channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      clearTimeout(timer)
      if (data.type === 'trying') timer = setTimeout(() => resolve(false), PATIENCE.taken)
      else resolve(data.type === 'taken')
    })
    channel.postMessage({ type: 'reply', pasted } satisfies Said)
  }).finally(() => channel.close())
}

/**
 * `take` says whether it could be used, or is `undefined` when this tab waits for none. Returns a function that
 * stops it.
 */
export function takeFromOthers(take: (pasted: string) => Promise<boolean> | undefined): () => void {
  const channel = new BroadcastChannel('colonia/hand')
  const say = (said: Said) => channel.postMessage(said)
  channel.addEventListener('message', async ({ data }: MessageEvent<Said>) => {
    if (data.type !== 'reply') return
    const taking = take(data.pasted)
    if (taking === undefined) return
    say({ type: 'trying' })
    say({ type: (await taking) ? 'taken' : 'refused' })
  })
  return () => channel.close()
}
