import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Refusal } from '../core/refusal.ts'
import { masterKeyFromFile, masterKeyFromText } from './master-key.ts'

const home = mkdtempSync(path.join(tmpdir(), 'wedsync-key-'))
afterAll(() => rmSync(home, { recursive: true }))
const data = path.join(home, 'data')

test('a key file is made once, for its owner only, and found ever after', () => {
  const file = path.join(home, 'keys', 'master.key')
  const first = masterKeyFromFile(file, data)
  expect(first.isNew).toBe(true)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const again = masterKeyFromFile(file, data)
  expect([again.isNew, again.key.id]).toEqual([false, first.key.id])
  expect(readdirSync(path.dirname(file))).toEqual(['master.key'])
})

test('a key file others may read is refused, with what to do', () => {
  const file = path.join(home, 'loose.key')
  masterKeyFromFile(file, data)
  chmodSync(file, 0o644)
  expect(() => masterKeyFromFile(file, data)).toThrow(`chmod 600 ${file}`)
})

test('a key inside the data directory is refused: a copy of the data would carry its key', () => {
  expect(() => masterKeyFromFile(path.join(data, 'k', 'master.key'), data)).toThrow(Refusal)
})

test('a key is 32 bytes in base64, however it is padded', () => {
  const written = Buffer.alloc(32, 251).toString('base64')
  const id = masterKeyFromText(written).id
  expect(masterKeyFromText(` ${written.replace('=', '')}\n`).id).toBe(id)
  expect(masterKeyFromText(written.replaceAll('+', '-').replaceAll('/', '_')).id).toBe(id)
  for (const wrong of ['', 'secret', Buffer.alloc(16).toString('base64'), `${written.slice(0, 42)}!!`]) {
    expect(() => masterKeyFromText(wrong)).toThrow(Refusal)
  }
})
