import { expect, test } from 'vitest'
import { text, wayBack, yes } from './address.ts'

test('a way back stays in the house', () => {
  expect(wayBack('/clients?search=mia')).toBe('/clients?search=mia')
  expect(wayBack('//evil.example')).toBe('/')
  expect(wayBack('/\\evil.example')).toBe('/')
  expect(wayBack('https://evil.example')).toBe('/')
  expect(wayBack('/sign-in?back=/')).toBe('/')
  expect(wayBack(undefined)).toBe('/')
})

test('an address brings only what is asked of it', () => {
  expect(text({ search: 'mia', other: 'x' }, 'search')).toEqual({ search: 'mia' })
  expect(text({ search: '' }, 'search')).toEqual({})
  expect(text({ search: ['a'] }, 'search')).toEqual({})
  expect(yes({ add: 'true' }, 'add')).toEqual({ add: true })
  expect(yes({ add: 'no' }, 'add')).toEqual({})
})
