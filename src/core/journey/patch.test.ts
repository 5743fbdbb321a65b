import { describe, expect, test } from 'vitest'
import { nearest } from './nearest.ts'
import { applyPatch } from './patch.ts'
import { pointerTo, stepsOf, valueAt } from './pointer.ts'

describe('a patch', () => {
  const document = { a: [1, 2], b: { c: 'x' } }

  test('gives a new document and leaves the old one alone', () => {
    const after = applyPatch<unknown>(document, [
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'add', path: '/a/0', value: 0 },
      { op: 'replace', path: '/b/c', value: 'y' },
      { op: 'add', path: '/b/d', value: true },
      { op: 'remove', path: '/a/1' },
    ])
    expect(after).toEqual({ a: [0, 2, 3], b: { c: 'y', d: true } })
    expect(document).toEqual({ a: [1, 2], b: { c: 'x' } })
  })

  test.each([
    { op: 'remove', path: '/a/2' },
    { op: 'replace', path: '/a/-', value: 1 },
    { op: 'replace', path: '/x', value: 1 },
    { op: 'add', path: '/x/y', value: 1 },
    { op: 'add', path: '/b/c/d', value: 1 },
    { op: 'add', path: '/__proto__/polluted', value: 1 },
    { op: 'add', path: '/a/1.5', value: 1 },
  ] as const)('%j does not fit and is refused', (step) => {
    expect(() => applyPatch(document, [step])).toThrow(RangeError)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

test('a pointer says the way and reads it again, whatever the names', () => {
  const steps = ['a/b', '~1', '', 'x y', '0']
  expect(stepsOf(pointerTo(...steps))).toEqual(steps)
  expect(stepsOf('')).toEqual([])
  expect(valueAt({ 'a/b': { '~1': 7 } }, stepsOf('/a~1b/~01'))).toBe(7)
  expect(valueAt([], ['length'])).toBeUndefined()
  expect(valueAt({}, ['constructor'])).toBeUndefined()
})

test.each([
  ['befor', ['before', 'after'], 'before'],
  ['wiat', ['wait', 'when'], 'wait'],
  ['Kind', ['id', 'kind'], 'kind'],
  ['subjcet', ['subject', 'body'], 'subject'],
  ['colour', ['id', 'kind'], null],
  ['x', ['id', 'if'], null],
])('"%s" is probably meant to be %j: %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant)
})
