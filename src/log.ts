import pino from 'pino'
import type { Log } from './ports.ts'

/** The log of the program: one line of JSON each, on standard error, personal words and secrets blotted out. */
const BLOTTED = [
  '*.email',
  '*.phone',
  '*.name',
  '*.password',
  '*.secret',
  '*.key',
  '*.content',
  '*.personal',
  'email',
  'phone',
  'password',
  'secret',
  'content',
  'personal',
]

export function openLog(level: string): Log {
  const logger = pino(
    { level, base: null, redact: { paths: BLOTTED, censor: '…' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
  return {
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  }
}
