/** A session that was observed. */
export interface Session {
  at: number
  span: number
  end: 'goodbye' | 'lost' | 'censored'
}
