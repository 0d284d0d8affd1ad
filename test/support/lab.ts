/** Builds the laboratory page once, for tests that need a peer in Chromium but not the app. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** The folder to have a bootstrap serve. */
export async function buildLab(): Promise<string> {
  const root = fileURLToPath(new URL('./lab/', import.meta.url))
  const outDir = fileURLToPath(new URL('../../artifacts/lab/', import.meta.url))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir, emptyOutDir: true, target: 'es2024', minify: false },
  })
  return outDir
}
