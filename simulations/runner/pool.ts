/**
 * Worker threads that do jobs, so many at a time, in the order in which they are given. Each job has a thread of its own:
 * its memory is given back whole, and one that runs out of it takes no other along.
 */
import { extname } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { badOptions } from '#node/command-line'
import type { Job, Orders, Progress, Result } from './job.ts'

export interface PoolOptions {
  /** Jobs at a time. */
  workers: number
  /** Of one job; mebibytes. */
  heap: number
  began(job: number): void
  /** How far a job is, and what it has; `job` is its place in the list. */
  heard(job: number, message: Progress | Result): void
}

/** Mebibytes for what has just been made: of very many peers too much would grow old before it is collected. */
const YOUNG = 192
/**
 * By so many per cent memory may grow before all of it is looked through for what is not used any more. V8 allows far less,
 * and then spends a third of the time of a hundred thousand nodes on that.
 */
const GROWING = 200
/** Beside this file, compiled or not. */
const WORKER = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)

export class Pool {
  readonly #options: PoolOptions
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #workers = new Set<Worker>()

  constructor(options: PoolOptions) {
    this.#options = options
    setFlagsFromString(`--heap-growing-percent=${GROWING}`)
  }

  /** Has those that run say what they have and end, and begins no other. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0
  }

  /**
   * Until all are done, or have stopped.
   * @throws Error what a worker threw, with its seed; the others are ended
   */
  async run(jobs: readonly Job[]): Promise<void> {
    const waiting = [...jobs.entries()]
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined && !this.stopped; next = waiting.shift()) {
        await this.#do(...next)
      }
    }
    try {
      await Promise.all(Array.from({ length: Math.min(this.#options.workers, jobs.length) }, lane))
    } finally {
      this.stop()
      await Promise.all([...this.#workers].map((worker) => worker.terminate()))
    }
  }

  #do(index: number, job: Job): Promise<void> {
    const { heap, began, heard } = this.#options
    began(index)
    const worker = new Worker(WORKER, {
      workerData: { ...job, stop: this.#stop } satisfies Orders,
      resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: YOUNG },
    })
    this.#workers.add(worker)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let done = false
    worker.on('message', (message: Progress | Result) => {
      done ||= message.type === 'result' && message.last
      heard(index, message)
    })
    worker.once('error', (error) => reject(failure(job, error as NodeJS.ErrnoException, heap)))
    worker.once('exit', () => {
      this.#workers.delete(worker)
      if (done) resolve()
      else reject(new Error(`seed ${job.seed}, shard ${job.shard}: the worker ended before its job`))
    })
    return promise
  }
}

function failure(job: Job, cause: NodeJS.ErrnoException, heap: number): Error {
  if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const { nodes } = job.scenario
    return badOptions(
      `--nodes ${nodes} needs more memory than was reckoned, ${heap} MiB for seed ${job.seed}`,
    )
  }
  return new Error(`seed ${job.seed}, shard ${job.shard}: ${cause.message}`, { cause })
}
