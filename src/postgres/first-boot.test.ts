import fs, { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { sweepDrafts } from './drafts.ts'
import { secretsIn } from './first-boot.ts'

vi.mock('node:fs', { spy: true })

test('passwords that a kill caught on their way to their place are swept, and made anew', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'wedsync-boot-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  vi.mocked(fs.renameSync).mockImplementationOnce(() => {
    throw new Error('killed')
  })
  expect(() => secretsIn(place, false)).toThrow('killed')
  expect(readdirSync(place)).toHaveLength(1)

  sweepDrafts(place)
  expect(readdirSync(place)).toEqual([])
  const made = secretsIn(place, false)
  expect(readdirSync(place)).toEqual(['postgres-passwords.json'])
  expect(secretsIn(place, existsSync(place))).toEqual(made)
})
