/** Longest patience with one call, and with the page, in milliseconds; beyond it the attempt counts as failed. */
export const LIMIT = 15_000
