import { expect, test } from 'vitest'
import { placesIn } from './place-in-json.ts'

const text = `{
  "name": "x, [y] {z} \\"q\\"",
  "nodes": [
    { "id": "a", "config": { "a/b": 1 } },
    { "id": "b", "list": [[], [1, 2]] }
  ]
}`

test('a pointer leads to its key or its value, and a missing one to what is around it', () => {
  const at = placesIn(text)
  const where = (pointer: string) => `${at(pointer).line}:${at(pointer).column}`
  expect(where('')).toBe('1:1')
  expect(where('/name')).toBe('2:3')
  expect(where('/nodes')).toBe('3:3')
  expect(where('/nodes/1')).toBe('5:5')
  expect(where('/nodes/0/config/a~1b')).toBe('4:30')
  expect(where('/nodes/1/list/1/1')).toBe('5:35')
  expect(where('/nodes/1/missing/deep')).toBe('5:5')
})
