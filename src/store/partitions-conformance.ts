import { beforeEach, expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import { DAY_MS, type Instant, instantFrom, plusMs } from '../core/time/instant.ts'
import type { Db } from '../ports.ts'
import { type BootCheck, bootProblems } from './boot-check.ts'
import { keepPartitions, partitionTrouble } from './partitions.ts'
import { type Session, sqlState, ts } from './sql.ts'

/** What the logs' quarters promise, asked of PGlite and of real servers with the product's own migrations. */
export type LoggedWorld = {
  /** Who may become the owner: the role of migrations, or PGlite's only session. */
  owner(): Session
  /** The product. */
  app(): Db
  readonly judged: BootCheck['judged']
  /** The product's own login, where there is one to judge. */
  login?(): Session
}

const VENDOR = '0198c000-0000-7000-8000-0000000000aa' as VendorId
const RUN = '0198c000-0000-7000-8000-0000000000bb'
const KEEP_DAYS = 400
const NOW = instantFrom('2027-05-10T12:00:00Z')

export function partitionConformance(world: LoggedWorld): void {
  const owner = () => world.owner()
  const keep = (now = NOW) => keepPartitions(owner(), now, KEEP_DAYS)
  const turn = (rev: number, at: Instant) =>
    world.app().one('log.turn', { vendors: [VENDOR] }, INSERT_TURN, VENDOR, RUN, rev, ts(at))
  const turns = () => world.app().one<{ rev: number }>('log.read', { vendors: [VENDOR] }, SELECT_TURNS, RUN)
  const placesOf = async (table: string) =>
    (
      await owner().query<{ name: string }>(
        `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = to_regclass('app.' || $1) order by 1`,
        [table],
      )
    ).map((row) => row.name)
  const stray = async () => {
    await owner().exec('set role wed_owner')
    const [row] = await owner().query<{ n: number }>('select count(*)::int as n from app.run_log_default')
    await owner().exec('reset role')
    return row?.n
  }

  beforeEach(async () => {
    for (const table of ['run_log', 'effect_attempt']) {
      for (const name of await placesOf(table))
        if (!name.endsWith('_default'))
          await owner().exec(`set role wed_owner; drop table app.${name}; reset role`)
      await owner().exec(`set role wed_owner; delete from app.${table}_default; reset role`)
    }
  })

  test('the quarters of half a year ahead are made, once, and nothing the product reads changes', async () => {
    const made = [
      ...['run_log_2027q2', 'run_log_2027q3', 'run_log_2027q4'],
      ...['effect_attempt_2027q2', 'effect_attempt_2027q3', 'effect_attempt_2027q4'],
    ]
    expect(await keep()).toEqual({ made, dropped: [] })
    expect(await keep()).toEqual({ made: [], dropped: [] })
    await turn(1, NOW)
    await turn(2, instantFrom('2027-07-01T00:00:00Z'))
    expect(await turns()).toEqual([{ rev: 1 }, { rev: 2 }])
    expect(await stray()).toBe(0)
  })

  test('a moment without a quarter is written all the same, and moves when its quarter is made', async () => {
    await turn(1, NOW)
    await turn(2, instantFrom('2026-12-31T23:59:59.999Z'))
    await turn(3, instantFrom('2031-01-01T00:00:00Z'))
    expect(await stray()).toBe(3)
    expect((await keep()).made).toContain('run_log_2026q4')
    expect(await stray()).toBe(1)
    expect(await turns()).toEqual([{ rev: 1 }, { rev: 2 }, { rev: 3 }])
    await keep(instantFrom('2031-01-02T00:00:00Z'))
    expect(await stray()).toBe(0)
  })

  test('what is older than the retention goes by whole quarters, also from the default one', async () => {
    await turn(1, instantFrom('2026-02-01T00:00:00Z'))
    await keepPartitions(owner(), instantFrom('2026-02-02T00:00:00Z'), KEEP_DAYS)
    await turn(2, instantFrom('2026-04-05T00:00:00Z'))
    await turn(3, instantFrom('2025-01-05T00:00:00Z'))
    // 400 days before is the 5th of April 2026: the first quarter is over, the second is still wanted.
    expect((await keep()).dropped).toEqual(['run_log_2026q1', 'effect_attempt_2026q1'])
    expect(await turns()).toEqual([{ rev: 2 }])
    expect(await stray()).toBe(0)
  })

  test('each quarter is guarded, and the product can neither make, drop nor shorten one', async () => {
    await keep()
    const session = world.login?.() ?? owner()
    const problems = await bootProblems(session, { embedded: true, judged: world.judged })
    expect(problems.filter((one) => one.severity === 'refuse')).toEqual([])
    for (const text of [DROP, DELETE, DELETE_FROM_LOG, READ_QUARTER, CREATE])
      expect(
        sqlState(
          await world
            .app()
            .one('log.hurt', { vendors: [VENDOR] }, text)
            .catch((error) => error),
        ),
      ).toBe('42501')
    // Another vendor's turn is not seen through the log, as ever.
    await turn(1, NOW)
    const other = '0198c000-0000-7000-8000-0000000000cc' as VendorId
    expect(await world.app().one('log.read', { vendors: [other] }, SELECT_TURNS, RUN)).toEqual([])
  })

  test('whoever looks is told what is missing and what should be gone', async () => {
    const trouble = (now: Instant) => partitionTrouble(world.login?.() ?? owner(), now, KEEP_DAYS)
    expect((await trouble(NOW)).missing).toEqual(['run_log_2027q2', 'effect_attempt_2027q2'])
    await keep()
    expect(await trouble(NOW)).toEqual({ missing: [], tooOld: [] })
    // Nobody looked after them for two years.
    expect(await trouble(plusMs(NOW, 730 * DAY_MS))).toEqual({
      missing: ['run_log_2029q2', 'effect_attempt_2029q2'],
      tooOld: ['run_log', 'effect_attempt'].flatMap((log) => [
        `${log}_2027q2`,
        `${log}_2027q3`,
        `${log}_2027q4`,
      ]),
    })
  })
}

const text = (strings: TemplateStringsArray, ..._places: unknown[]): TemplateStringsArray => strings
const INSERT_TURN = text`
  insert into app.run_log (vendor_id, run_id, rev, at, event, because)
  values (${0}, ${0}, ${0}::int, ${0}::timestamptz, '{}', '[]')`
const SELECT_TURNS = text`select rev from app.run_log where run_id = ${0} order by rev`
const DROP = text`drop table app.run_log_2027q2`
const DELETE = text`delete from app.run_log_2027q2`
const DELETE_FROM_LOG = text`delete from app.run_log`
const READ_QUARTER = text`select from app.run_log_2027q2`
const CREATE = text`create table app.run_log_2099q1 partition of app.run_log for values from ('2099-01-01') to ('2099-04-01')`
