/** The server's own log: lines of JSON, with nothing in them that is known of a lead. */
import { pino, type Logger } from 'pino'

export function createLog(level: string, to?: { write: (line: string) => void }): Logger {
  return pino({ level, serializers: { err: toldError } }, ...(to ? [to] : []))
}

/** PostgreSQL puts values into its messages and details: of its errors only what kind they are is told. */
function toldError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name: type, stack = '' } = error
  const { code, severity, table, constraint } = error as Error & Record<string, unknown>
  if (severity === undefined) return { type, code, message: error.message, stack }
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return { type, code, table, constraint, stack: frames.join('\n') }
}
