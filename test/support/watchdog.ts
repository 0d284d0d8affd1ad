/**
 * Ends a test file whose process has stood still: no timer of a test fires there, so without this a loop that never
 * lets go would hold up the whole run, and nothing would say where. The file fails, the others go on.
 */
import { Worker } from 'node:worker_threads'

/** Milliseconds that a process may be busy without a pause. */
const PATIENCE = 120_000

const beats = new Int32Array(new SharedArrayBuffer(4))
setInterval(() => Atomics.notify(beats, 0, Atomics.add(beats, 0, 1) + 1), 1_000).unref()

const watch = `
  const { workerData: { beats, patience } } = require('node:worker_threads')
  const { writeSync } = require('node:fs')
  while (true) {
    if (Atomics.wait(beats, 0, Atomics.load(beats, 0), patience) !== 'timed-out') continue
    writeSync(2, 'this process has not let go of its thread for ' + patience / 1_000 + ' s: ended\\n')
    process.kill(process.pid, 'SIGKILL')
  }
`
new Worker(watch, { eval: true, workerData: { beats, patience: PATIENCE }, env: {}, execArgv: [] }).unref()
