/**
 * The log: one JSON object a line, on standard output.
 *
 * Law: at `info` and above there are counts, never a person: no address, no PeerID. Connections are told one
 * by one at `debug` only, for an operator who is looking for a fault and chose to see them.
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

/**
 * @param to where the lines go; standard output unless said otherwise. Node's own stream, not pino's: once
 * whoever read the log is gone, pino's waits at exit for a pipe that nobody empties.
 */
export function createLog(level: string, to: DestinationStream = process.stdout): Log {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, to)
}
