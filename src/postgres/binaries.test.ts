import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyBinaries, linkLibraries, prepareBinaries } from './binaries.ts'
import { mayEnter } from './server-user.ts'

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'wedsync-bin-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function home(links: { source: string; target: string }[]): string {
  const native = path.join(folder(), 'native')
  mkdirSync(path.join(native, 'lib'), { recursive: true })
  writeFileSync(path.join(native, 'lib/libpq.so.5.18'), 'library')
  writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return native
}

test('library links are made beside their libraries, once, and never outside the package', () => {
  const native = home([
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    { source: 'native/lib/libpq.so.5.18', target: '../outside.so' },
  ])
  for (let i = 0; i < 2; i++) expect(linkLibraries(native)).toBe(true)
  expect(readlinkSync(path.join(native, 'lib/libpq.so.5'))).toBe('libpq.so.5.18')
  expect(readFileSync(path.join(native, 'lib/libpq.so.5'), 'utf8')).toBe('library')
  expect(existsSync(path.join(native, '..', '..', 'outside.so'))).toBe(false)
})

test('a copy under another name has its links too, and is whole or not there', () => {
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  const shelf = folder()
  const copy = path.join(shelf, 'postgres-18.4')
  for (let i = 0; i < 2; i++) copyBinaries(home(links), copy)
  expect(readFileSync(path.join(copy, 'lib/libpq.so.5'), 'utf8')).toBe('library')
  expect(readdirSync(shelf)).toEqual(['postgres-18.4'])
})

test('the binaries of the installation are found and run here', async () => {
  const notes: string[] = []
  const found = await prepareBinaries(folder(), null, notes)
  expect(found.major).toBe(18)
  expect(found.version).toMatch(/^18\.\d+$/)
})

test('a folder is entered by its owner or by everyone, as its bits say, all the way up', () => {
  const outer = folder()
  const inner = path.join(outer, 'a/b')
  mkdirSync(inner, { recursive: true })
  const stranger = { uid: 60_918, gid: 60_918 }
  chmodSync(outer, 0o700)
  expect(mayEnter(inner, stranger)).toBe(false)
  expect(mayEnter(inner, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 })).toBe(true)
  chmodSync(outer, 0o711)
  expect(mayEnter(inner, stranger)).toBe(true)
  expect(mayEnter(path.join(inner, 'not/yet/there'), stranger)).toBe(true)
})
