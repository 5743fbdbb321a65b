import { expect, test } from 'vitest'
import { readConfig, SETTINGS_KNOWN } from './config.ts'
import { Refusal } from './core/refusal.ts'

const refused = (env: { readonly [name: string]: string }): string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof Refusal) return error.problems.map((one) => one.message)
    throw error
  }
  return []
}

test('a setting that is none is refused by what it must be', () => {
  const port = ['PORT must be a whole number from 0 to 65535.']
  for (const wrong of ['abc', '3000.5', '-1', '99999', '1e9']) expect(refused({ PORT: wrong })).toEqual(port)
  expect(refused({ WEDSYNC_ROLE: 'boss', WEDSYNC_FROM: 'nobody' })).toEqual([
    'WEDSYNC_ROLE must be one of all, api, worker.',
    'WEDSYNC_FROM must be an address such as hello@example.org.',
  ])
})

test('behind the address of Redis stands the number of a database, or nothing', () => {
  for (const fine of ['redis://host:6379', 'rediss://me:hush@host:6379/', 'redis://[::1]:6379/2'])
    expect(refused({ REDIS_URL: fine })).toEqual([])
  for (const wrong of ['host:6379', 'redis://host:6379/rings', 'redis://host:6379/-1'])
    expect(refused({ REDIS_URL: wrong })).toEqual([
      'REDIS_URL must be an address such as redis://host:6379, or redis://host:6379/2 for a database of its own.',
    ])
})

test('no setting is refused in words of the library that reads it', () => {
  const told = refused(Object.fromEntries(SETTINGS_KNOWN.map(({ name }) => [name, '?'])))
  expect(told.length).toBeGreaterThan(10)
  for (const one of told) expect(one).toMatch(/^[A-Z_]+ must be (an? |one of )/)
})
