import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

/** The server's own log: one file appended by the server, one older; together at most this and what a minute adds. */
export const LOG_MAX_BYTES = 8 * 1_048_576

/** Copies and empties it, because the server holds the file open: what it appends goes on at the start. */
export function rotateServerLog(file: string): void {
  if (sizeOf(file) < LOG_MAX_BYTES) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

const TAIL_BYTES = 8_192

/** What was written since `from`, at most the last 8 KiB. */
export function readTail(file: string, from: number): string {
  const size = sizeOf(file)
  const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES)
  const buffer = Buffer.alloc(size - start)
  const fd = openSync(file, 'r')
  try {
    readSync(fd, buffer, 0, buffer.length, start)
  } finally {
    closeSync(fd)
  }
  return buffer.toString('utf8')
}

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/i, 'The disk is full. Free some space and start again; nothing saved is lost.'],
  [
    /Permission denied/i,
    'The files of the database belong to another user. Start as that user, or give the folder to this one.',
  ],
  [
    /could not (?:create|map|resize|open) .*shared memory|Cannot allocate memory/i,
    'The system gives the database too little shared memory. In a container, give it more (--shm-size=256m).',
  ],
  [
    /user ID \d+.*does not exist|could not look up effective user/i,
    'The user this program runs as has no name in /etc/passwd. Start as a user with a name, or set DATABASE_URL to a PostgreSQL of yours.',
  ],
  [/Read-only file system/i, 'The folder of the data cannot be written. Choose another with WEDSYNC_DATA.'],
  [
    /database files are incompatible|not compatible with this version/i,
    'The files were written by another PostgreSQL than the one that came with this version. Start the version that wrote them, make a backup and restore it here.',
  ],
]

/** The server's words turned into what to do; its last complaint when we do not know the case. */
export function explainServerFailure(said: string): string {
  for (const [pattern, sentence] of KNOWN) if (pattern.test(said)) return sentence
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const complaint = lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1)
  return `The embedded database did not start: ${complaint?.trim() ?? 'it said nothing'}.`
}

/** Another server's memory is not free yet; after a kill its last processes take a moment to notice. */
export const isStillInUse = (said: string): boolean =>
  /shared memory block .* still in use|lock file .* already exists/i.test(said)
