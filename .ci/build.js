/**
 * Makes what is published: `dist/` with JavaScript, types, the page and the `colonia` command.
 *
 * Node does not strip types under `node_modules`, so what is published is JavaScript. The sources cross
 * folders through the package's `imports` map; `dist/` has a package.json of its own, nearer to its files,
 * whose map is the same with `.js` in place of `.ts`. The two trees differ in nothing else.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { page } from './page.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
rmSync('dist', { recursive: true, force: true })
page()
const { status } = spawnSync('node_modules/.bin/tsc', ['-p', '.ci/tsconfig.json'], { stdio: 'inherit' })
if (status !== 0) process.exit(1)

const { type, imports } = JSON.parse(readFileSync('package.json', 'utf8'))
const published = JSON.stringify({ type, imports }, null, 2).replaceAll('.ts"', '.js"')
writeFileSync('dist/package.json', `${published}\n`)
chmodSync('dist/colonia.js', 0o755)
