/** What made a report: Colonia and Node. */
import { readFile } from 'node:fs/promises'
import type { Report } from '../report/run.ts'

/** From package.json, which is above this folder in a clone and one further up in the published package. */
export async function versions(): Promise<Report['versions']> {
  const folder = import.meta.url.endsWith('.ts') ? '../../' : '../../../'
  const text = await readFile(new URL(`${folder}package.json`, import.meta.url), 'utf8')
  return { colonia: (JSON.parse(text) as { version: string }).version, node: process.version }
}
