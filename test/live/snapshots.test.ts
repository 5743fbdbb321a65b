import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VendorId } from '../../src/core/ids.ts'
import { plusMs } from '../../src/core/time/instant.ts'
import { openSession } from '../../src/postgres/client.ts'
import { changesSince, snapshotNow } from '../../src/store/live.ts'
import { type Office, openOffice } from '../accounts/office.ts'

/**
 * Transactions end in another order than they begin in. However they overlap with each other and with whoever looks,
 * each row is told once: in the first look after its commit.
 */
let office: Office
let vendor: VendorId
const writers: Awaited<ReturnType<typeof openSession>>[] = []
const WRITERS = 4

beforeAll(async () => {
  office = await openOffice()
  vendor = (await office.business()).vendor as VendorId
  for (let n = 0; n < WRITERS; n += 1) writers.push(await openSession(office.house.target('wed_app')))
})
afterAll(async () => {
  for (const writer of writers) await writer.close()
  await office.close()
})

type Move = { readonly is: 'write' | 'commit' | 'rollback'; readonly by: number } | { readonly is: 'look' }
const by = fc.integer({ min: 0, max: WRITERS - 1 })
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('write' as const), by }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('commit' as const), by }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('rollback' as const), by }) },
  { weight: 3, arbitrary: fc.constant({ is: 'look' as const }) },
)

test('each committed row is told once, in the first look after its commit', async () => {
  const { db, clock, rng } = office.house.engine
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 8, maxLength: 40 }), async (moves) => {
      const from = plusMs(clock.now(), -60_000)
      let snapshot = await db.read('look', { vendors: [vendor] }, snapshotNow)
      const open = new Map<number, string[]>()
      let unseen: string[] = []
      const look = async (): Promise<void> => {
        const told = await db.read('look', { vendors: [vendor] }, (sql) =>
          changesSince(sql, [{ vendor, snapshot, from }]),
        )
        snapshot = told.snapshot
        expect(told.lines.map((line) => line.subject).sort()).toEqual(unseen.sort())
        unseen = []
      }
      const end = async (writer: number, how: 'commit' | 'rollback'): Promise<void> => {
        await writers[writer]!.exec(how)
        if (how === 'commit') unseen.push(...(open.get(writer) ?? []))
        open.delete(writer)
      }
      for (const one of [...moves, { is: 'look' } as const]) {
        if (one.is === 'look') await look()
        else if (one.is === 'write') {
          if (!open.has(one.by))
            await writers[one.by]!.exec(`begin; select set_config('app.vendor_ids', '{${vendor}}', true)`)
          const id = rng.uuid7(clock.now())
          await writers[one.by]!.exec(
            `insert into app.audit (vendor_id, audit_id, at, actor, action, subject, detail)
             values ('${vendor}', '${id}', '${new Date(clock.now()).toISOString()}', 'test', 'client.changed', '${id}', '{}')`,
          )
          open.set(one.by, [...(open.get(one.by) ?? []), id])
        } else if (open.has(one.by)) await end(one.by, one.is)
      }
      for (const writer of [...open.keys()]) await end(writer, 'commit')
      await look()
    }),
    { numRuns: 60 },
  )
})
