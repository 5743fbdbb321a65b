import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from '../sim/house.ts'
import type { VendorId } from '../src/core/ids.ts'
import { addVendor } from '../src/engine/vendors.ts'

/**
 * The floor that must never fail: whatever a statement forgets, another vendor's rows are not there. Every table with
 * a vendor_id is asked, and taking its policy away must be seen.
 */
const journey = {
  format: 1,
  name: 'First',
  category: 'inquiry',
  reentry: 'per_wedding',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
    {
      id: 'reply',
      kind: 'module',
      type: 'email',
      version: 1,
      class: 'transactional',
      config: { subject: 'Hello', body: 'Hello' },
    },
    { id: 'call', kind: 'action', do: { task: { title: 'Call', gate: true } } },
  ],
  edges: [
    { from: 'begin', to: 'reply' },
    { from: 'reply', to: 'call' },
  ],
}

let w: House
let tables: string[]
let stranger: VendorId

beforeAll(async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await w.publish('first', journey)
  const anna = await w.couple({ wedding: { on: '2027-06-12', zone: 'Europe/London' } })
  await w.event(anna.client, 'inquiry_received')
  stranger = await addVendor(w.engine, {
    name: 'Other Studio',
    type: 'florist',
    zone: 'Europe/Rome',
    region: 'IT',
  })
  const rows = await w.session.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped
      where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  )
  tables = rows.map((row) => row.name)
})
afterAll(() => w.session.exec('reset role'))

/** What the app's role sees in a table while these vendors are its scope. */
async function seen(table: string, vendors: readonly string[]): Promise<number> {
  await w.session.exec(
    `begin; set local role wed_app; select set_config('app.vendor_ids', '{${vendors.join()}}', true)`,
  )
  const rows = await w.session.query<{ n: number }>(
    `select count(*)::int as n from ${table} where vendor_id = '${w.vendor}'`,
  )
  await w.session.exec('rollback')
  return rows[0]?.n ?? 0
}

describe('another vendor’s rows', () => {
  test('are not there, in any table that has some', async () => {
    const filled: string[] = []
    for (const table of tables) {
      const mine = await seen(table, [w.vendor])
      if (mine > 0) filled.push(table)
      expect([table, await seen(table, [stranger])]).toEqual([table, 0])
      expect([table, await seen(table, [])]).toEqual([table, 0])
    }
    // The test means something only where there is something to hide.
    expect(filled.length).toBeGreaterThanOrEqual(12)
  })

  test('cannot be written into either', async () => {
    for (const table of tables) {
      await w.session.exec(
        `begin; set local role wed_app; select set_config('app.vendor_ids', '{${stranger}}', true)`,
      )
      const outcome = await w.session
        .query(
          `insert into ${table} select * from jsonb_populate_record(null::${table}, '{"vendor_id": "${w.vendor}"}'::jsonb)`,
        )
        .then(
          () => 'written',
          (error: { code?: string; message?: string }) => `${error.code}`,
        )
      await w.session.exec('rollback')
      // 42501: row-level security or a missing right; 23502: a column is missing, found before the policy is asked;
      // 428C9: an identity column. Never a row.
      expect([table, ['42501', '23502', '428C9'].includes(outcome) ? 'refused' : outcome]).toEqual([
        table,
        'refused',
      ])
    }
  })

  test('would be seen if a policy were dropped: the test can fail', async () => {
    for (const table of tables) {
      if ((await seen(table, [w.vendor])) === 0) continue
      await w.session.exec(
        `begin; alter table ${table} disable row level security; set local role wed_app; select set_config('app.vendor_ids', '{${stranger}}', true)`,
      )
      const rows = await w.session.query<{ n: number }>(
        `select count(*)::int as n from ${table} where vendor_id = '${w.vendor}'`,
      )
      await w.session.exec('rollback')
      expect([table, (rows[0]?.n ?? 0) > 0]).toEqual([table, true])
    }
  })
})
