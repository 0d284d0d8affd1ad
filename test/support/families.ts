/**
 * Every family of messages there is, found by looking: a folder of `protocols/` whose index exports a `wire`.
 */
import { existsSync, readdirSync } from 'node:fs'
import type { Door } from '#protocols/wire/index'

/** A message of any family. */
export type AnyMessage = { type: string } & Record<string, unknown>

export interface Family {
  /** The folder in `protocols/`. */
  name: string
  wire: Door<AnyMessage>
}

const root = new URL('../../protocols/', import.meta.url)

export const families: readonly Family[] = (
  await Promise.all(
    readdirSync(root)
      .sort()
      .filter((name) => existsSync(new URL(`${name}/index.ts`, root)))
      .map(async (name) => ({ name, ...(await import(new URL(`${name}/index.ts`, root).pathname)) })),
  )
)
  .filter((found) => found.wire !== undefined)
  .map(({ name, wire }) => ({ name, wire }))
