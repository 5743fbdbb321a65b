import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type SimDatabase, startPglite } from '../../sim/pglite.ts'
import { instant } from '../core/time/instant.ts'
import { type Migration, migrate, pendingMigrations, readMigrations } from './migrate.ts'

let world: SimDatabase
beforeAll(async () => {
  world = await startPglite([])
})
beforeEach(() =>
  world.session.exec('drop schema if exists wedsync cascade; drop schema if exists app cascade'),
)
afterAll(() => world?.close())

const script = (number: number, text: string, name = `000${number}-step`): Migration => ({
  number,
  name,
  text,
  checksum: `${name}:${text}`,
})
const first = script(1, 'create schema app; create table app.a (n int)')
const second = script(2, 'alter table app.a add column m int')
const at = instant(Date.UTC(2027, 0, 1))
const run = (...migrations: Migration[]) => migrate(world.session, migrations, at)

test('each script runs once, in order, and is noted with its moment', async () => {
  expect(await pendingMigrations(world.session, [first, second])).toEqual(['0001-step', '0002-step'])
  expect(await run(first)).toEqual(['0001-step'])
  expect(await run(first, second)).toEqual(['0002-step'])
  expect(await run(first, second)).toEqual([])
  expect(await pendingMigrations(world.session, [first, second])).toEqual([])
  expect(
    await world.session.query('select number, name, applied_at as at from wedsync.migration order by 1'),
  ).toEqual([
    { number: 1, name: '0001-step', at },
    { number: 2, name: '0002-step', at },
  ])
  // What a script makes belongs to the owner, whoever ran it.
  expect(await world.session.query(`select tableowner as who from pg_tables where tablename = 'a'`)).toEqual([
    { who: 'wed_owner' },
  ])
})

test('a script that fails leaves nothing behind and names itself', async () => {
  const broken = script(2, 'create table app.b (n int); select 1 / 0')
  await expect(run(first, broken)).rejects.toThrow(
    'Migration 0002-step failed and was undone: division by zero',
  )
  expect(await world.session.query(`select to_regclass('app.b') as b`)).toEqual([{ b: null }])
  expect(await run(first, second)).toEqual(['0002-step'])
})

test('a changed, a newer and a missing script are refused with what to do', async () => {
  await run(first, second)
  await expect(run(first, { ...second, checksum: 'other' })).rejects.toThrow(
    'write the change as a new migration',
  )
  await expect(run(first, { ...second, name: '0002-renamed' })).rejects.toThrow('ran with another text')
  await expect(run(first)).rejects.toThrow('newer version (0002-step; this one knows 1)')
  await world.session.exec('delete from wedsync.migration where number = 1')
  await expect(run(first, second)).rejects.toThrow('no record of migration 1')
})

test('a script must not end the transaction it runs in', async () => {
  await expect(run(script(1, 'create schema app; commit; begin'))).rejects.toThrow('must not commit')
})

test('the folder must hold numbers from 1 without a gap, and names that say what they do', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wedsync-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(path.join(folder, '0001-begin.sql'), 'select 1;\r\nselect 2;\r\n')
  await writeFile(path.join(folder, 'README.md'), 'not a script')
  const [windows] = await readMigrations(folder)
  await writeFile(path.join(folder, '0001-begin.sql'), 'select 1;\nselect 2;\n')
  expect(await readMigrations(folder)).toEqual([windows])
  await writeFile(path.join(folder, '0003-gap.sql'), 'select 3')
  await expect(readMigrations(folder)).rejects.toThrow('0003-gap should be number 2')
  await writeFile(path.join(folder, '2-short.sql'), 'select 2')
  await expect(readMigrations(folder)).rejects.toThrow('2-short.sql is not named like')
})
