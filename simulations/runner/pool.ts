/**
 * Worker threads that do jobs, so many at a time, in the order in which they are given. A thread does one after the other:
 * what the engine has learned of the code in the first it need not learn again, which is a tenth of a colony's day.
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
      const worker = this.#hire()
      for (let next = waiting.shift(); next !== undefined && !this.stopped; next = waiting.shift()) {
        await this.#do(worker, ...next)
      }
    }
    try {
      await Promise.all(Array.from({ length: Math.min(this.#options.workers, jobs.length) }, lane))
    } finally {
      this.stop()
      await Promise.all([...this.#workers].map((worker) => worker.terminate()))
    }
  }

  #hire(): Worker {
    const worker = new Worker(WORKER, {
      workerData: { stop: this.#stop } satisfies Orders,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heap, maxYoungGenerationSizeMb: YOUNG },
    })
    // Heard of by whose job it has; between two jobs by the next, who finds it gone.
    worker.on('error', () => {})
    this.#workers.add(worker)
    return worker
  }

  #do(worker: Worker, index: number, job: Job): Promise<void> {
    const { heap, began, heard } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onMessage = (message: Progress | Result) => {
      heard(index, message)
      if (message.type === 'result' && message.last) resolve()
    }
    const onError = (error: unknown) => reject(failure(job, error as NodeJS.ErrnoException, heap))
    const onExit = () =>
      reject(new Error(`seed ${job.seed}, shard ${job.shard}: the worker ended before its job`))
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    began(index)
    if (worker.threadId < 0) onExit()
    worker.postMessage(job)
    return promise.finally(() => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    })
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
