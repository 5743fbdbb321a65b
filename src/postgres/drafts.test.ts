import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { draftIn, sweepDrafts } from './drafts.ts'

test('whatever a kill caught on its way to its place is swept, a file with passwords as a folder of data', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'wedsync-drafts-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  writeFileSync(path.join(place, 'postgres-passwords.json'), 'kept')
  writeFileSync(draftIn(place), 'half of the passwords')
  const data = draftIn(place)
  mkdirSync(path.join(data, 'data'), { recursive: true })
  writeFileSync(path.join(data, 'password'), 'of the administrator')
  sweepDrafts(place)
  expect(readdirSync(place)).toEqual(['postgres-passwords.json'])
})
