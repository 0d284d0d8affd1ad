/**
 * Every family of messages there is, found by looking: a folder of `protocols/` whose index exports a `wire`.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Door } from '#protocols/wire/index'

/** A message of any family. */
export type AnyMessage = { type: string } & Record<string, unknown>

export interface Family {
  /** The folder in `protocols/`. */
  name: string
  wire: Door<AnyMessage>
}

const root = join(import.meta.dirname, '../../protocols')

export const families: readonly Family[] = (
  await Promise.all(
    readdirSync(root)
      .sort()
      .filter((name) => existsSync(join(root, name, 'index.ts')))
      .map(async (name) => ({ name, ...(await import(join(root, name, 'index.ts'))) })),
  )
)
  .filter((found) => found.wire !== undefined)
  .map(({ name, wire }) => ({ name, wire }))
