import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VendorId } from '../../src/core/ids.ts'
import { type Instant, instant, MINUTE_MS, plusMs } from '../../src/core/time/instant.ts'
import { checkRecord } from '../../src/engine/seal-audit.ts'
import { watch } from '../../src/engine/watch.ts'
import { anchorsBroken, checkSeals, sealAudit } from '../../src/store/audit-seals.ts'
import { insertAudit } from '../../src/store/changes.ts'
import { openStudio, type Studio } from './studio.ts'

/** Whoever alters the record of changes after it was sealed is found out, whatever they may write. */
let s: Studio
beforeAll(async () => {
  s = await openStudio('Sealed & Sons')
}, 60_000)
afterAll(() => s.close())

const LATE_MS = 60 * MINUTE_MS
const engine = () => s.office.house.engine
const scope = (vendor: VendorId) => ({ vendors: [vendor] })
/** In one page, and in as many as there can be: both must tell the same. */
async function check(vendor: VendorId) {
  const whole = await checkRecord(engine(), vendor, [])
  const places: number[] = []
  const paged = await checkRecord(engine(), vendor, [], (place) => places.push(place), 1)
  expect({ ...paged, alterations: new Set(paged.alterations) }).toEqual({
    ...whole,
    alterations: new Set(whole.alterations),
  })
  expect(places.length).toBe(Math.max(0, (await sealsOf(vendor)) - 1))
  return whole
}
const sealsOf = async (vendor: VendorId) => {
  const [row] = await s.office.admin.query<{ seals: number }>(
    'select count(*)::int as seals from app.audit_seal where vendor_id = $1',
    [vendor],
  )
  return row!.seals
}

const write = (vendor: VendorId, ats: readonly Instant[]) =>
  engine().db.tx('test.write', scope(vendor), async (sql) => {
    const rows = ats.map((at) => ({ at, id: randomUUID(), actor: 'member:x', action: 'test.done' }))
    await insertAudit(
      sql,
      rows.map((row) => ({ ...row, vendor, subject: 'it', detail: { says: 'ärger "quoted"', n: 1.5 } })),
    )
    return rows.map((row) => row.id)
  })
const seal = (vendor: VendorId, now: Instant, most = 2_000) =>
  engine().db.tx('test.seal', scope(vendor), (sql) =>
    sealAudit(sql, [vendor], { now, restedSince: now, lateMs: LATE_MS, most }),
  )

describe('a record that was sealed', () => {
  let vendor: VendorId
  let first: string
  let second: string
  beforeAll(async () => {
    vendor = (await s.office.business('Kept in Ink')).vendor as VendorId
    const now = engine().clock.now()
    const ids = await write(vendor, [plusMs(now, -MINUTE_MS), plusMs(now, -2 * MINUTE_MS)])
    ;[first, second] = ids as [string, string]
    await seal(vendor, engine().clock.now())
    for (const hours of [2, 4]) {
      const at = plusMs(now, hours * LATE_MS)
      await write(vendor, [at])
      await seal(vendor, at)
    }
  })

  test('is whole; the watchman’s round seals what is new, and what waits is said', async () => {
    expect(await check(vendor)).toMatchObject({ place: 3, waiting: 0, found: 0, alterations: [] })
    const fresh = (await s.office.business('Of Today')).vendor as VendorId
    await watch(engine())
    expect(await check(fresh)).toMatchObject({ place: 1, sealed: 2, waiting: 0, found: 0 })
    // Within ten minutes nothing is sealed again.
    await write(fresh, [engine().clock.now()])
    await watch(engine())
    expect(await check(fresh)).toMatchObject({ place: 1, waiting: 1, found: 0 })
  })

  const row = `vendor_id, audit_id, at, actor, action, subject, detail`
  /** What is done, what must be found, and the way back. */
  const ALTERED: readonly [string, string, object, string][] = [
    [
      'an edited row',
      `update app.audit set detail = '{}' where audit_id = $1`,
      { is: 'edited', place: 1 },
      `update app.audit set detail = '{"n": 1.5, "says": "ärger \\"quoted\\""}' where audit_id = $1`,
    ],
    [
      'a deleted row',
      `with gone as (delete from app.audit where audit_id = $1 returning *) insert into app.audit_kept select * from gone`,
      { is: 'deleted', place: 1 },
      'insert into app.audit select * from app.audit_kept where audit_id = $1',
    ],
    [
      'two rows in each other’s place',
      `update app.audit a set at = b.at from app.audit b where a.vendor_id = b.vendor_id and
         ((a.audit_id = $1 and b.audit_id = $2) or (a.audit_id = $2 and b.audit_id = $1))`,
      { is: 'edited', place: 1 },
      `update app.audit a set at = b.at from app.audit b where a.vendor_id = b.vendor_id and
         ((a.audit_id = $1 and b.audit_id = $2) or (a.audit_id = $2 and b.audit_id = $1))`,
    ],
    [
      'a row slipped in between',
      `insert into app.audit (${row}) select vendor_id, '0198c000-0000-7000-8000-0000000000ff', at, actor, 'member.changed', subject, detail from app.audit where audit_id = $1`,
      { is: 'slipped_in', place: null, id: '0198c000-0000-7000-8000-0000000000ff' },
      `delete from app.audit where audit_id = '0198c000-0000-7000-8000-0000000000ff' and $1::uuid is not null`,
    ],
    [
      'a row edited together with its seal',
      `update app.audit_seal set rows = overlay(rows placing '\\x00'::bytea from 20) where place = 1 and vendor_id = (select vendor_id from app.audit where audit_id = $1)`,
      { is: 'seal_broken', place: 1 },
      `update app.audit_seal set rows = (select rows from app.seal_kept) where place = 1 and vendor_id = (select vendor_id from app.audit where audit_id = $1)`,
    ],
  ]
  test.each(ALTERED)('tells of %s', async (_, altering, finding, back) => {
    const { admin } = s.office
    await admin.exec(`
      create table if not exists app.audit_kept as select * from app.audit where false;
      create table if not exists app.seal_kept as select rows from app.audit_seal where place = 1 and vendor_id = '${vendor}'`)
    const values = altering.includes('$2') ? [first, second] : [first]
    await admin.query(altering, values)
    const { found, alterations } = await check(vendor)
    expect(found).toBeGreaterThan(0)
    expect(alterations).toContainEqual(expect.objectContaining(finding))
    await admin.query(back, back.includes('$2') ? [first, second] : [first])
    expect((await check(vendor)).alterations).toEqual([])
    await admin.exec('drop table app.audit_kept; drop table app.seal_kept')
  })

  test('tells of a seal that is gone; of the newest, those who kept its anchor', async () => {
    const { admin } = s.office
    const take = (place: number) =>
      admin.query<{ hash: string }>(
        `with gone as (delete from app.audit_seal where vendor_id = $1 and place = $2 returning *), kept as (insert into app.seal_kept select * from gone)
         select encode(hash, 'hex') as hash from gone`,
        [vendor, place],
      )
    const putBack = () =>
      admin.exec('insert into app.audit_seal select * from app.seal_kept; truncate app.seal_kept')
    await admin.exec('create table app.seal_kept as select * from app.audit_seal where false')
    await take(2)
    const { alterations } = await check(vendor)
    expect(alterations.filter((one) => one.id === null)).toEqual([{ is: 'seal_missing', place: 3, id: null }])
    await putBack()

    const [newest] = await take(3)
    const broken = () =>
      engine().db.read('test.anchors', scope(vendor), (sql) =>
        anchorsBroken(sql, vendor, [{ vendor, place: 3, hash: newest!.hash }]),
      )
    expect(await broken()).toEqual([3])
    await putBack()
    expect(await broken()).toEqual([])
    await admin.exec('drop table app.seal_kept')
  })

  test('may be let go of when its time is over, batch by batch, and no earlier', async () => {
    const { admin } = s.office
    const other = (await s.office.business('Long Ago')).vendor as VendorId
    await seal(other, engine().clock.now())
    await admin.query(
      `with batch as (update app.audit_seal set rows = null, let_go_at = now() from app.audit_seal b
                       where b.vendor_id = audit_seal.vendor_id and b.place = audit_seal.place
                         and audit_seal.vendor_id = $1 and audit_seal.place = 1 returning b.rows)
       delete from app.audit where vendor_id = $1
          and audit_id in (select r.audit_id from batch cross join lateral app.sealed_rows(batch.rows) r)`,
      [other],
    )
    const after = plusMs(engine().clock.now(), MINUTE_MS)
    await write(other, [after])
    await seal(other, after)
    const inTime = await engine().db.read('test.check', scope(other), (sql) =>
      checkSeals(sql, other, { lateMs: LATE_MS, keptSince: after, most: 50, after: 0, rowsMax: 100 }),
    )
    expect(inTime).toMatchObject({ place: 2, sealed: 1, let_go: 2, found: 0 })
    expect((await check(other)).alterations).toEqual([{ is: 'let_go_early', place: 1, id: null }])
  })

  test('is written once: who serves may neither change nor remove a seal', async () => {
    for (const text of ['update app.audit_seal set size = size', 'delete from app.audit_seal'])
      await expect(
        engine().db.tx('test.forbidden', scope(vendor), (sql) => sql([text] as never)),
      ).rejects.toThrow(/permission denied/)
  })
})

test('whoever writes and seals at the same time, every row is in one seal and in no other', async () => {
  const vendor = (await s.office.business('All at Once')).vendor as VendorId
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: LATE_MS / 2 }), { minLength: 1, maxLength: 6 }), {
        minLength: 3,
        maxLength: 12,
      }),
      fc.integer({ min: 2, max: 9 }),
      async (writers, most) => {
        const now = engine().clock.now()
        const sealers = Array.from({ length: 6 }, (_, nth) => () => seal(vendor, plusMs(now, nth), most))
        const writing = writers.map(
          (agos) => () =>
            write(
              vendor,
              agos.map((ago) => plusMs(now, -ago)),
            ),
        )
        await Promise.all(
          [...writing, ...sealers]
            .sort((a, b) => (writing.indexOf(a as never) % 3) - (writing.indexOf(b as never) % 3))
            .map((act) => act()),
        )
        while ((await seal(vendor, instant(now + 10), most)).length > 0);
        const sealed = await s.office.admin.query<{ id: string }>(
          `select r.audit_id as id from app.audit_seal s cross join lateral app.sealed_rows(s.rows) r where s.vendor_id = $1`,
          [vendor],
        )
        const rows = await s.office.admin.query<{ id: string }>(
          'select audit_id as id from app.audit where vendor_id = $1',
          [vendor],
        )
        expect(sealed.map((one) => one.id).sort()).toEqual(rows.map((one) => one.id).sort())
        expect(await check(vendor)).toMatchObject({ found: 0, waiting: 0 })
      },
    ),
    { numRuns: 8 },
  )
}, 60_000)
