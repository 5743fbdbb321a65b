import { expect, test } from 'vitest'
import { mayColour } from './terminal.ts'

test('colour is for a terminal that knows it, and for nobody who forbids it', () => {
  expect(mayColour({ isTTY: true }, { TERM: 'xterm' })).toBe(true)
  expect(mayColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
  expect(mayColour({}, { TERM: 'xterm' })).toBe(false)
  expect(mayColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
  expect(mayColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
})
