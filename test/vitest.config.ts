/**
 * How the tests run: first what is quick, two files at a time; then what mostly waits for others to be missed, three at a
 * time; and last, one at a time, what opens a browser or needs all that there is. Browsers two at a time take each twice as
 * long, so that nothing is gained: they keep two processors busy.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { summary } from './support/summary.ts'

/** Processes that are killed or frozen, and what others make of it; and what installs a package. */
const patient = [
  'test/node/anchors.test.ts',
  'test/node/find.test.ts',
  'test/node/letters.test.ts',
  'test/node/takeover.test.ts',
  'test/package.test.ts',
]

/** What is measured in milliseconds, or needs all that there is. */
const alone = [
  'test/e2e/**/*.test.ts',
  'test/nat/**/*.test.ts',
  'test/node/mesh.test.ts',
  'test/node/state-browser.test.ts',
  'test/simulations/real/memory.test.ts',
  'test/simulations/real/webrtc.test.ts',
]

/** A group of files: the groups run one after the other, `files` of each at once. */
function group(order: number, name: string, files: number, millis: number, which: Which) {
  return {
    extends: true as const,
    test: {
      name,
      ...which,
      maxWorkers: files,
      testTimeout: millis,
      hookTimeout: Math.min(millis, 120_000),
      sequence: { groupOrder: order },
    },
  }
}

interface Which {
  include: string[]
  exclude?: string[]
}

/** A stress run of dials, or an installation on a slow network. */
const LONG = 300_000

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    reporters: ['default', summary],
    setupFiles: ['test/support/watchdog.ts'],
    projects: [
      group(0, 'quick', 2, 20_000, { include: ['test/**/*.test.ts'], exclude: [...patient, ...alone] }),
      group(1, 'patient', 3, LONG, { include: patient }),
      group(2, 'alone', 1, LONG, { include: alone }),
    ],
  },
})
