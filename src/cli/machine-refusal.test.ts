import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { machineRefusal } from './machine-refusal.ts'

test('what the machine refuses is told with what mends it; a fault of ours keeps its lines', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-test-'))
  expect(machineRefusal(thrownBy(() => readFileSync(folder)))).toMatch(/EISDIR.*Name a file\.$/)
  rmSync(folder, { recursive: true })
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  })
  expect(machineRefusal(full)).toContain('make room')
  expect(machineRefusal(new TypeError('x is not a function'))).toBe(null)
  expect(machineRefusal('odd')).toBe(null)
})

function thrownBy(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
