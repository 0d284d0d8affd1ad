/**
 * Weighs the built page: `node web/size.ts` after the build. The shell is what must arrive before anything is
 * seen (the page, its styles, the code it imports statically); the rest is loaded behind it. Limits are in
 * bytes after gzip at the level that servers use.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  imports?: string[]
  css?: string[]
}

/** Of the whole, kad-dht is 69 kB: 201 kB without it, 270 with it. It is loaded with the rest of libp2p. */
const LIMITS = { shell: 60 * 1024, whole: 350 * 1024 } as const

const page = join(import.meta.dirname, '../dist/page')
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(page, '.vite/manifest.json'), 'utf8'))

/** A chunk's file, its styles, and those of all that it imports statically. */
function closure(key: string, files = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined) throw new Error(`the manifest has no ${key}: build the page first`)
  if (files.has(chunk.file)) return files
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const imported of chunk.imports ?? []) closure(imported, files)
  return files
}

function weigh(files: Iterable<string>): number {
  let bytes = 0
  for (const file of files) bytes += gzipSync(readFileSync(join(page, file))).length
  return bytes
}

const whole = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(html|css|js)$/.test(file),
)
const sizes = { shell: weigh(['index.html', ...closure('index.html')]), whole: weigh(whole) }

for (const part of ['shell', 'whole'] as const) {
  const [size, limit] = [sizes[part], LIMITS[part]]
  const line = `${part.padEnd(6)} ${(size / 1024).toFixed(1).padStart(7)} kB gzip of ${limit / 1024} kB`
  process.stdout.write(`${line}${size > limit ? '  TOO LARGE' : ''}\n`)
  if (size > limit) process.exitCode = 1
}
