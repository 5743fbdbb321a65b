import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import { instant } from '../core/time/instant.ts'
import type { Db, Scope } from '../ports.ts'
import { json, type Session, sqlState, ts } from './sql.ts'
import { isStorable } from './storable.ts'

/**
 * What every driver of the Db port promises, run against each of them: PGlite in the simulator, the embedded
 * server, an older server. The tables are those of fixtures/migrations. What only a real server can show (lost
 * lines, several connections) is asked in test/embedded/server-conformance.ts.
 */
export type Subject = {
  readonly db: Db
  /** Above row-level security: sets the stage and looks behind it. */
  readonly session: Session
  close(): Promise<void>
}

export const ANNA = '0198c000-0000-7000-8000-00000000000a' as VendorId
export const BEN = '0198c000-0000-7000-8000-00000000000b' as VendorId
const id = (n: number) => `0198c000-0000-7000-8000-${String(n).padStart(12, '0')}`
const of = (...vendors: VendorId[]): Scope => ({ vendors })

export function dbConformance(title: string, open: () => Promise<Subject>): void {
  describe(`${title}: the Db port`, () => {
    let subject: Subject
    let db: Db
    beforeAll(async () => {
      subject = await open()
      db = subject.db
    })
    beforeEach(() => subject.session.exec('delete from app.link; delete from app.note'))
    afterAll(() => subject?.close())

    const asked = async (strings: TemplateStringsArray, ...values: unknown[]) => {
      const [row] = await db.one('ask', 'platform', strings, ...values)
      return row
    }
    const note = (vendor: VendorId, n: number, body = 'x') =>
      db.one('note', of(vendor), INSERT_NOTE, vendor, id(n), body)
    const bodies = async () =>
      (await subject.session.query<{ body: string }>('select body from app.note order by id')).map(
        (row) => row.body,
      )

    describe('values and rows', () => {
      test('any array comes back as it went, in whichever form it travelled', async () => {
        const moment = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map(instant)
        const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.array(fc.option(value), { maxLength: 6 })
        const arrays = fc.record({
          uuids: nullable(fc.uuid()),
          texts: nullable(fc.string({ unit: 'binary' }).filter(isStorable)),
          ints: nullable(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
          smallints: nullable(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })),
          bigints: nullable(fc.maxSafeInteger()),
          booleans: nullable(fc.boolean()),
          bytes: nullable(fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some))),
          moments: nullable(moment),
        })
        await fc.assert(
          fc.asyncProperty(arrays, async (sent) => {
            const { uuids, texts, ints, smallints, bigints, booleans, bytes, moments } = sent
            expect(
              await db.one(
                'arrays',
                'platform',
                SELECT_ARRAYS,
                ...[uuids, texts, ints, smallints, bigints, booleans, bytes, ts(moments)],
              ),
            ).toEqual([sent])
          }),
          { numRuns: 60 },
        )
      })

      test('an array that cannot be what it is cast to is refused by name', async () => {
        for (const [type, wrong] of WRONG_ARRAYS)
          await expect(db.one('wrong', 'platform', type, wrong)).rejects.toThrow()
      })

      test('each type goes in and comes out as the one value we use for it', async () => {
        const at = instant(Date.UTC(2027, 4, 1, 8, 30, 15, 123))
        expect(
          await asked`select ${true}::bool as bool, ${7}::int2 as int2, ${-8}::int4 as int4,
            ${Number.MAX_SAFE_INTEGER}::int8 as int8, ${0.1}::float8 as float8, ${'12.50'}::numeric as numeric,
            ${'Zoë 💍'}::text as text, ${id(1)}::uuid as uuid, ${'2027-05-01'}::date as date,
            ${'09:00'}::time as time, ${ts(at)}::timestamptz as at, ${{ a: [1, null], b: 'ä"\\' }}::jsonb as object,
            ${json([1, 'two'])}::jsonb as list, ${json(null)}::jsonb as json_null,
            ${new Uint8Array([0, 1, 255])}::bytea as bytes`,
        ).toEqual({
          bool: true,
          int2: 7,
          int4: -8,
          int8: Number.MAX_SAFE_INTEGER,
          float8: 0.1,
          numeric: 12.5,
          text: 'Zoë 💍',
          uuid: id(1),
          date: '2027-05-01',
          time: '09:00:00',
          at,
          object: { a: [1, null], b: 'ä"\\' },
          list: [1, 'two'],
          json_null: null,
          bytes: Buffer.from([0, 1, 255]),
        })
      })

      test('arrays of every kind we send come back as they went', async () => {
        const sent = {
          uuids: [id(1), id(2)],
          texts: ['', 'NULL', 'a,b', '{}', '"q"', 'back\\slash', ' space ', 'ü\n', null],
          ints: [1, null, -3],
          bigs: [Number.MAX_SAFE_INTEGER],
          bools: [true, false],
          ats: [instant(0), null, instant(Date.UTC(2027, 0, 1))],
          objects: [{ a: 1 }, { b: '"' }],
          bytes: [Buffer.from([1]), Buffer.from([])],
          none: [],
        }
        expect(
          await asked`select ${sent.uuids}::uuid[] as uuids, ${sent.texts}::text[] as texts,
            ${sent.ints}::int[] as ints, ${sent.bigs}::int8[] as bigs, ${sent.bools}::bool[] as bools,
            ${ts(sent.ats)}::timestamptz[] as ats, ${sent.objects}::jsonb[] as objects,
            ${sent.bytes}::bytea[] as bytes, ${sent.none}::uuid[] as none`,
        ).toEqual(sent)
      })

      test('null is null in every type, and undefined is refused before anything is sent', async () => {
        expect(
          await asked`select ${null}::text as a, ${null}::int as b, ${null}::uuid[] as c, ${null}::jsonb as d,
            ${ts(null)}::timestamptz as e`,
        ).toEqual({ a: null, b: null, c: null, d: null, e: null })
        await expect(asked`select ${undefined}::text as a`).rejects.toThrow('undefined is not a value')
      })

      test('an int8 beyond 2^53 is an error, not a wrong number', async () => {
        await expect(asked`select 9007199254740993::int8 as n`).rejects.toThrow('beyond 2^53')
        expect(await asked`select 9007199254740993::int8::text as n`).toEqual({ n: '9007199254740993' })
      })

      test('ten thousand rows travel as arrays in one statement', async () => {
        const numbers = Array.from({ length: 10_000 }, (_, i) => i)
        await db.one(
          'many',
          of(ANNA),
          INSERT_NOTES,
          ANNA,
          numbers.map(id),
          numbers.map((n) => `note "${n}"`),
        )
        const rows = await db.one<{ body: string; n: number }>('read', of(ANNA), SELECT_NOTES)
        expect(rows.length).toBe(10_000)
        expect(rows[9_999]).toEqual({ body: 'note "9999"', n: 9_999 })
      })

      test('text with U+0000 or half a character is refused with a clear word', async () => {
        await expect(note(ANNA, 1, 'a\0b')).rejects.toThrow(
          'Parameter $3: text must not contain the character U+0000',
        )
        await expect(note(ANNA, 1, '\ud83d')).rejects.toThrow('well-formed')
        await expect(asked`select ${{ a: '\0' }}::jsonb as j`).rejects.toThrow('U+0000')
        expect(await bodies()).toEqual([])
      })

      test('a statement without rows gives an empty list, one with returning gives its rows', async () => {
        expect(await note(ANNA, 1)).toEqual([])
        expect(await db.one('move', of(ANNA), RENAME, 'y', id(1))).toEqual([{ body: 'y' }])
      })
    })

    describe('transactions', () => {
      test('what was done is there after the commit', async () => {
        const result = await db.tx('two', of(ANNA), async (sql) => {
          await sql(INSERT_NOTE, ANNA, id(1), 'one')
          await sql(INSERT_NOTE, ANNA, id(2), 'two')
          return (await sql<{ n: number }>`select count(*) as n from app.note`)[0]?.n
        })
        expect(result).toBe(2)
        expect(await bodies()).toEqual(['one', 'two'])
      })

      test('a throw undoes everything and comes out as it was', async () => {
        const reason = new Error('changed my mind')
        const attempt = db.tx('undo', of(ANNA), async (sql) => {
          await sql(INSERT_NOTE, ANNA, id(1), 'one')
          throw reason
        })
        await expect(attempt).rejects.toBe(reason)
        expect(await bodies()).toEqual([])
      })

      test('a failed statement undoes everything, with the code of the database', async () => {
        await note(ANNA, 1)
        const attempt = db.tx('twice', of(ANNA), async (sql) => {
          await sql(INSERT_NOTE, ANNA, id(2), 'new')
          await sql(INSERT_NOTE, ANNA, id(1), 'again')
        })
        await expect(attempt).rejects.toMatchObject({ code: '23505', constraint: 'note_pkey' })
        expect(await bodies()).toEqual(['x'])
      })

      test('an error that was swallowed comes out at the commit, and it is the first one', async () => {
        const later: (string | null)[] = []
        const attempt = db.tx('swallow', of(ANNA), async (sql) => {
          await sql(INSERT_NOTE, ANNA, id(1), 'one')
          await sql`select 1 / ${0}::int`.catch(() => undefined)
          await sql`select 1`.catch((error) => later.push(sqlState(error)))
          return 'all is well'
        })
        await expect(attempt).rejects.toMatchObject({ code: '22012' })
        // What came after was not run, and says why.
        expect(later).toEqual(['22012'])
        expect(await bodies()).toEqual([])
      })

      test('of statements sent together, the first failure is what everyone is told', async () => {
        const attempt = db.tx('together', of(ANNA), (sql) =>
          Promise.all([sql(INSERT_NOTE, ANNA, id(1), 'one'), sql`select 1 / ${0}::int`, sql`select 'late'`]),
        )
        await expect(attempt).rejects.toMatchObject({ code: '22012' })
        expect(await bodies()).toEqual([])
      })

      test('a constraint checked at the commit fails the commit', async () => {
        await note(ANNA, 1)
        const link = (n: number, label: string) => [ANNA, id(n), id(1), label] as const
        const attempt = db.tx('deferred', of(ANNA), async (sql) => {
          await sql(INSERT_LINK, ...link(1, 'a'))
          await sql(INSERT_LINK, ...link(2, 'b'))
        })
        await expect(attempt).rejects.toMatchObject({ code: '23505', constraint: 'link_once' })
        const once = db.one('deferred', of(ANNA), INSERT_TWO_LINKS, ANNA, id(1), [id(1), id(2)], ['a', 'b'])
        await expect(once).rejects.toMatchObject({ code: '23505', constraint: 'link_once' })
        expect(await subject.session.query('select from app.link')).toEqual([])
      })

      test('a single statement is a whole transaction: all of it or nothing', async () => {
        await note(ANNA, 2)
        const attempt = db.one('some', of(ANNA), INSERT_NOTES, ANNA, [id(1), id(2)], ['new', 'again'])
        await expect(attempt).rejects.toMatchObject({ code: '23505' })
        expect(await bodies()).toEqual(['x'])
        await expect(db.one('some', of(ANNA), RAISE_AFTER_INSERT, ANNA, id(3))).rejects.toMatchObject({
          code: '22012',
        })
        expect(await bodies()).toEqual(['x'])
      })

      test('a transaction inside another is refused, and the outer one goes on', async () => {
        await db.tx('outer', of(ANNA), async (sql) => {
          const inner = db.tx('inner', of(ANNA), async () => 1)
          await expect(inner).rejects.toThrow('"inner" was begun inside the transaction "outer"')
          await expect(note(ANNA, 9)).rejects.toThrow('inside the transaction')
          await sql(INSERT_NOTE, ANNA, id(1), 'outer')
        })
        expect(await bodies()).toEqual(['outer'])
      })

      test('the sql of a transaction that is over is refused', async () => {
        const kept = await db.tx('keep', of(ANNA), async (sql) => ({ sql }))
        await expect(kept.sql`select 1`).rejects.toThrow('The transaction "keep" is over')
      })

      test('a transaction that asks nothing of the database succeeds', async () => {
        expect(await db.tx('nothing', of(ANNA), async () => 5)).toBe(5)
      })

      test('many at once each get their own answer', async () => {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            n % 2 === 0
              ? db.one<{ n: number }>('many', of(ANNA), SELECT_NUMBER, n)
              : db.tx('many', of(ANNA), (sql) => sql<{ n: number }>(SELECT_NUMBER, n)),
          ),
        )
        expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
      })

      test('a failure is its own: what is asked next works', async () => {
        for (let i = 0; i < 3; i++) {
          await expect(asked`select nothing from nowhere`).rejects.toMatchObject({ code: '42P01' })
          await expect(asked`select ${'x'}::int as n`).rejects.toMatchObject({ code: '22P02' })
          expect(await asked`select ${i}::int as n`).toEqual({ n: i })
        }
      })
    })

    describe('row-level security', () => {
      test('a transaction sees exactly the vendors of its scope', async () => {
        await note(ANNA, 1, 'of Anna')
        await note(BEN, 2, 'of Ben')
        const seen = async (scope: Scope) =>
          (await db.one<{ body: string }>('see', scope, SELECT_NOTES)).map(({ body }) => body)
        expect(await seen(of(ANNA))).toEqual(['of Anna'])
        expect(await seen(of(BEN))).toEqual(['of Ben'])
        expect(await seen(of(ANNA, BEN))).toEqual(['of Anna', 'of Ben'])
        expect(await seen(of())).toEqual([])
        expect(await seen('claim')).toEqual([])
        expect(await seen('platform')).toEqual([])
      })

      test('another vendor’s row cannot be written, changed, moved or removed', async () => {
        await note(BEN, 2, 'of Ben')
        await expect(db.one('forge', of(ANNA), INSERT_NOTE, BEN, id(3), 'forged')).rejects.toMatchObject({
          code: '42501',
        })
        expect(await db.one('change', of(ANNA), RENAME, 'mine', id(2))).toEqual([])
        expect(await db.one('remove', of(ANNA), DELETE_NOTE, id(2))).toEqual([])
        await expect(db.one('move', of(BEN), MOVE_NOTE, ANNA, id(2))).rejects.toMatchObject({ code: '42501' })
        expect(await bodies()).toEqual(['of Ben'])
      })

      test('the scope of one transaction is gone in the next, whether it committed or failed', async () => {
        await note(ANNA, 1)
        for (let i = 0; i < 12; i++) {
          await db.tx('seen', of(ANNA), (sql) => sql(SELECT_NOTES))
          expect(await db.one('unseen', 'claim', SELECT_NOTES)).toEqual([])
          await expect(db.one('fail', of(ANNA), DIVIDE, 0)).rejects.toMatchObject({ code: '22012' })
          expect(await db.tx('unseen', 'platform', (sql) => sql(SELECT_NOTES))).toEqual([])
        }
      })

      test('the definer function hands out ids across vendors and nothing else', async () => {
        await note(ANNA, 1)
        await note(BEN, 2)
        expect(await db.one('claim', 'claim', CLAIM, 10)).toEqual([
          { vendor_id: ANNA, id: id(1) },
          { vendor_id: BEN, id: id(2) },
        ])
      })

      test('a scope with something that is not an id is refused before anything is sent', async () => {
        const forged = "{}'); delete from app.note; --" as VendorId
        await expect(db.one('forged', of(forged), SELECT_NOTES)).rejects.toThrow('not a UUID')
        await expect(db.tx('forged', of(forged), async () => 1)).rejects.toThrow('not a UUID')
      })
    })
  })
}

// Statements are templates; kept here they are prepared once for the whole suite.
const text = (strings: TemplateStringsArray, ..._values: number[]): TemplateStringsArray => strings
const INSERT_NOTE = text`insert into app.note (vendor_id, id, body) values (${1}::uuid, ${2}::uuid, ${3}::text)`
const INSERT_NOTES = text`insert into app.note (vendor_id, id, body, size)
  select ${1}::uuid, id, body, n - 1 from unnest(${2}::uuid[], ${3}::text[]) with ordinality as given(id, body, n)`
const SELECT_NOTES = text`select body, size as n from app.note order by id`
const RENAME = text`update app.note set body = ${1}::text where id = ${2}::uuid returning body`
const DELETE_NOTE = text`delete from app.note where id = ${1}::uuid returning id`
// Only through a delete and an insert could a row change hands: vendor_id is not among the updatable columns.
const MOVE_NOTE = text`update app.note set vendor_id = ${1}::uuid where id = ${2}::uuid`
const INSERT_LINK = text`insert into app.link (vendor_id, id, note_id, label)
  values (${1}::uuid, ${2}::uuid, ${3}::uuid, ${4}::text)`
const INSERT_TWO_LINKS = text`insert into app.link (vendor_id, id, note_id, label)
  select ${1}::uuid, id, ${2}::uuid, label from unnest(${3}::uuid[], ${4}::text[]) as given(id, label)`
const RAISE_AFTER_INSERT = text`with made as (
    insert into app.note (vendor_id, id, body) values (${1}::uuid, ${2}::uuid, 'x') returning size)
  select 1 / size from made`
const SELECT_NUMBER = text`select ${1}::int as n`
const DIVIDE = text`select 1 / ${1}::int`
const SELECT_ARRAYS = text`select ${1}::uuid[] as uuids, ${2}::text[] as texts, ${3}::int[] as ints,
  ${4}::smallint[] as smallints, ${5}::bigint[] as bigints, ${6}::boolean[] as booleans, ${7}::bytea[] as bytes,
  ${8}::timestamptz[] as moments`
const WRONG_ARRAYS: readonly (readonly [TemplateStringsArray, readonly unknown[]])[] = [
  [text`select ${1}::uuid[] as v`, ['0198c000-0000-7000-8000-00000000000g']],
  [text`select ${1}::uuid[] as v`, ['not an id']],
  [text`select ${1}::int[] as v`, [2 ** 31]],
  [text`select ${1}::int[] as v`, [0.5]],
  [text`select ${1}::smallint[] as v`, [2 ** 15]],
  [text`select ${1}::bigint[] as v`, ['x']],
  [text`select ${1}::text[] as v`, ['a\0b']],
  [text`select ${1}::text[] as v`, ['\ud800']],
]
const CLAIM = text`select vendor_id, id from app.claim_notes(${1}::int)`
