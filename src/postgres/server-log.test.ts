import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  explainServerFailure,
  isStillInUse,
  LOG_MAX_BYTES,
  readTail,
  rotateServerLog,
  sizeOf,
} from './server-log.ts'

function logFile(content: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'postgres.log')
  writeFileSync(file, content)
  return file
}

test('a log that is full becomes the older one, and there are never more than two', () => {
  const file = logFile('a'.repeat(LOG_MAX_BYTES))
  rotateServerLog(file)
  expect([sizeOf(file), sizeOf(`${file}.1`)]).toEqual([0, LOG_MAX_BYTES])
  appendFileSync(file, 'b')
  rotateServerLog(file)
  expect(readFileSync(file, 'utf8')).toBe('b')
})

test('what was said since a place is read, its end when it is long', () => {
  const file = logFile('before\nafter\n')
  expect(readTail(file, 7)).toBe('after\n')
  expect(readTail(file, 999)).toBe('before\nafter\n')
  appendFileSync(file, `${'x'.repeat(20_000)}end`)
  expect(readTail(file, 0).slice(-4)).toBe('xend')
  expect(readTail(file, 0).length).toBe(8_192)
})

test('known troubles are answered with what to do, unknown ones in the server’s words', () => {
  expect(explainServerFailure('FATAL:  could not write file: No space left on device')).toMatch(
    /^The disk is full/,
  )
  expect(
    explainServerFailure('initdb: error: could not look up effective user ID 7: user does not exist'),
  ).toMatch(/no name in \/etc\/passwd/)
  expect(explainServerFailure('LOG:  hello\nFATAL:  something odd\nLOG:  bye')).toBe(
    'The embedded database did not start: FATAL:  something odd.',
  )
  expect(explainServerFailure('')).toBe('The embedded database did not start: it said nothing.')
})

test('memory of a killed server that is not free yet is worth waiting for', () => {
  expect(isStillInUse('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe(true)
  expect(isStillInUse('FATAL:  No space left on device')).toBe(false)
})
