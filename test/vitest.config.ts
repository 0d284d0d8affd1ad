/**
 * How the tests run: first what is quick, two files at a time; then, one file at a time, what drives a browser,
 * or installs a package, so that its timing is its own.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { summary } from './support/summary.ts'

const slow = [
  'test/e2e/**/*.test.ts',
  'test/node/anchors.test.ts',
  'test/node/find.test.ts',
  'test/nat/**/*.test.ts',
  'test/node/letters.test.ts',
  'test/node/mesh.test.ts',
  'test/node/state-browser.test.ts',
  'test/node/takeover.test.ts',
  'test/package.test.ts',
  'test/simulations/real/memory.test.ts',
  'test/simulations/real/webrtc.test.ts',
]

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    reporters: ['default', summary],
    setupFiles: ['test/support/watchdog.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          fileParallelism: false,
          // A stress run of dials, or an installation on a slow network.
          testTimeout: 300_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
