import { expect, test } from 'vitest'
import { answer, strokeOf } from './shortcuts.ts'

const press = (key: string, mod = false) => strokeOf({ key, metaKey: false, ctrlKey: mod })
const commands = [
  { id: 'palette', keys: ['Mod', 'K'] },
  { id: 'keys', keys: ['?'] },
  { id: 'today', keys: ['G', 'then', 'T'] },
  { id: 'nothing' },
]

test('a key does what its hint says', () => {
  expect(answer(commands, null, press('?'))).toEqual({ is: 'run', command: commands[1] })
  expect(answer(commands, null, press('k', true))).toEqual({ is: 'run', command: commands[0] })
})

test('G waits for the room, and only then goes there', () => {
  expect(answer(commands, null, press('g'))).toEqual({ is: 'wait' })
  expect(answer(commands, press('g'), press('t'))).toEqual({ is: 'run', command: commands[2] })
  expect(answer(commands, press('g'), press('x'))).toEqual({ is: 'none' })
})

test('K alone, or a browser shortcut of ours without its key, does nothing', () => {
  expect(answer(commands, null, press('k'))).toEqual({ is: 'none' })
  expect(answer(commands, null, press('t', true))).toEqual({ is: 'none' })
  expect(answer(commands, null, press('t'))).toEqual({ is: 'none' })
})
