import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sources } from './sources.ts'

/**
 * No ambient world in the rooms the simulation must be able to run: no clock, no chance, no timers, no environment
 * but what the ports bring, and in SQL no clock and no chance either.
 */
const ROOMS = ['core', 'engine', 'store', 'modules', 'triggers', 'platform']
const AMBIENT: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew Date\(\s*\)/],
  ['Temporal.Now', /\bTemporal\.Now\b/],
  ['Math.random', /\bMath\.random\b/],
  ['randomUUID', /\brandomUUID\b/],
  ['randomBytes', /\brandomBytes\b/],
  ['setTimeout', /\bset(?:Timeout|Interval|Immediate)\b/],
  ['process.env', /\bprocess\.env\b/],
  ['process.nextTick', /\bprocess\.nextTick\b/],
  ['performance.now', /\bperformance\.now\b/],
  ['fetch', /\bfetch\(/],
]
const SQL_AMBIENT =
  /(?<![.\w])(now\(\)|clock_timestamp\(\)|statement_timestamp\(\)|transaction_timestamp\(\)|current_timestamp|current_date|localtimestamp|gen_random_uuid\(\)|uuid_generate_v4\(\)|random\(\))/i

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')

test('no clock, no chance, no timer and no environment but those that are handed in', () => {
  const found = ROOMS.flatMap((room) => {
    const folder = path.join('src', room)
    return (readdirSync('src').includes(room) ? sources(folder) : []).flatMap((file) => {
      const text = withoutComments(readFileSync(file, 'utf8'))
      return AMBIENT.filter(([, pattern]) => pattern.test(text)).map(([name]) => `${file}: ${name}`)
    })
  })
  expect(found).toEqual([])
})

test('no statement and no default reads a clock or throws dice', () => {
  const scripts = readdirSync('src/store/migrations').map((name) => path.join('src/store/migrations', name))
  const found = [...scripts, ...sources('src/store'), ...sources('src/engine')].filter((file) =>
    SQL_AMBIENT.test(withoutComments(readFileSync(file, 'utf8').replace(/^--.*$/gm, ''))),
  )
  expect(found).toEqual([])
})
