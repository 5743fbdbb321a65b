import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockData, SILENT_MS } from './data-lock.ts'
import { judge, ownIdentity } from './process-identity.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wedsync-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const locks = () => readdirSync(folder).sort()
const leave = (name: string, holder: object) => writeFileSync(path.join(folder, name), JSON.stringify(holder))
const silentSince = (name: string, ms: number) => {
  const at = (Date.now() - ms) / 1_000
  utimesSync(path.join(folder, name), at, at)
}

test('a living holder keeps its data, and its process is named to others', async () => {
  const lock = await lockData(folder)
  await expect(lockData(folder)).rejects.toThrow(`in use by process ${process.pid}`)
  lock.release()
  const next = await lockData(folder)
  expect(locks()).toEqual(['lock.2'])
  next.release()
})

test('of many who come at once, one gets it', async () => {
  leave('lock.7', { ...ownIdentity(), startedAt: '1', released: false })
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockData(folder)))
  const got = results.filter((result) => result.status === 'fulfilled')
  expect(got.length).toBe(1)
  expect(locks()).toEqual(['lock.8'])
  for (const { value } of got) value.release()
})

test('a process number that was used again does not keep the data', async () => {
  leave('lock.41', { ...ownIdentity(), startedAt: '1', released: false })
  const lock = await lockData(folder)
  expect(locks()).toEqual(['lock.42'])
  lock.release()
})

test('a holder in another container counts as living while it touches its file, and no longer', async () => {
  leave('lock.1', { ...ownIdentity(), space: 'pid:[1]', released: false })
  silentSince('lock.1', SILENT_MS - 600)
  const touching = setInterval(() => silentSince('lock.1', 0), 100)
  await expect(lockData(folder)).rejects.toThrow('in use')
  clearInterval(touching)
  silentSince('lock.1', SILENT_MS - 300)
  const lock = await lockData(folder)
  expect(locks()).toEqual(['lock.2'])
  lock.release()
})

test('a lock without words (a power cut) is nobody’s', async () => {
  writeFileSync(path.join(folder, 'lock.3'), '')
  const lock = await lockData(folder)
  expect(locks()).toEqual(['lock.4'])
  lock.release()
})

test('this process is alive, itself with another start is dead, and another boot cannot be judged', () => {
  const self = ownIdentity()
  expect(judge(self)).toBe('alive')
  expect(judge({ ...self, startedAt: '0' })).toBe('dead')
  expect(judge({ ...self, boot: 'earlier' })).toBe('elsewhere')
})
