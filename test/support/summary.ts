/** The last line of a test run, for people in a hurry and for machines: `123 passed, 0 failed`. */
import type { Reporter } from 'vitest/node'

export const summary: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed =
      tests.filter((test) => test.result().state === 'failed').length +
      // A file that cannot be loaded has no tests to fail, and an error outside of any test fails none.
      modules.reduce((sum, module) => sum + module.errors().length, 0) +
      unhandledErrors.length
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  },
}
