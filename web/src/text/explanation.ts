/** A failure in words: what happened, and what to do about it; empty when there is nothing to do. */
export interface Explanation {
  title: string
  what: string
  todo: string
}

export function explain(title: string, what: string, todo: string): Explanation {
  return { title, what, todo }
}
