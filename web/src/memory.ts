/** Small things that the page remembers between visits. A browser that forbids storage only forgets them. */

export type Memory = 'name' | 'audio' | 'video'

export function recall(what: Memory): string | undefined {
  try {
    return localStorage.getItem(`colonia.${what}`) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(what: Memory, value: string): void {
  try {
    localStorage.setItem(`colonia.${what}`, value)
  } catch {
    // Nothing depends on it.
  }
}
