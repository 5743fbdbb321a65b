import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instant } from '../../src/core/time/instant.ts'
import { type OpenSession, openSession } from '../../src/postgres/client.ts'
import { type EmbeddedPostgres, startEmbedded } from '../../src/postgres/cluster.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { schemaText } from '../../src/store/schema-text.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'
import { findings, furnish, type Table, vendorTables } from './matrix.ts'

/** The floor that must never fail, on a real PostgreSQL: tables × verbs, two vendors, and proof that it can fail. */
let admin: OpenSession
let server: EmbeddedPostgres
let tables: Table[]
/** As the migrations made it, before rows of every table are furnished by lifting its checks. */
let schema: string
let folder: string

beforeAll(async () => {
  folder = temporaryFolder()
  server = await startEmbedded({ data: path.join(folder, 'data'), log: silent })
  const migrating = await openSession(server.target('wed_migrate'))
  await migrate(migrating, await readMigrations('src/store/migrations'), instant(0))
  await migrating.close()
  admin = await openSession(server.target('wed_admin' as never))
  schema = await schemaText(admin)
  tables = await vendorTables(admin)
  await furnish(admin, tables)
}, 60_000)
afterAll(async () => {
  await admin?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What is found while something is broken; it is whole again afterwards. */
async function foundWhile(broken: string, table: Table): Promise<string[]> {
  await admin.exec(`begin; ${broken}`)
  try {
    return await findings(admin, table)
  } finally {
    await admin.exec('rollback')
  }
}

test('the schema that a reviewer reads is the one that a real server has', async () => {
  expect(schema).toBe(await readFile('src/store/schema.sql', 'utf8'))
})

describe('another vendor’s rows', () => {
  test('are out of reach in every table, for every verb', async () => {
    const found: string[] = []
    for (const table of tables) found.push(...(await foundWhile('', table)))
    expect(found).toEqual([])
    expect(tables.length).toBeGreaterThan(30)
  })

  test('are seen as soon as any one policy is dropped or opened, or the guard of any table is lifted', async () => {
    const policies = await admin.query<{ table: string; policy: string }>(
      `select polrelid::regclass::text as table, polname as policy from pg_policy p
         join pg_class c on c.oid = p.polrelid where c.relnamespace = 'app'::regnamespace order by 1, 2`,
    )
    const unseen: string[] = []
    for (const table of tables) {
      const own = policies.filter((one) => one.table === table.name)
      const breaks = [
        ...own.map(({ policy }) => `drop policy ${policy} on ${table.name}`),
        `alter policy vendor on ${table.name} using (true) with check (true)`,
        `alter policy vendor on ${table.name} using (true)`,
        `alter policy erase on ${table.name} using (true)`,
        ...(table.taken ? [`alter policy take_back on ${table.name} using (true)`] : []),
        `alter table ${table.name} disable row level security`,
        `alter table ${table.name} no force row level security`,
        `grant truncate on ${table.name} to wed_app`,
      ]
      for (const broken of breaks) if ((await foundWhile(broken, table)).length === 0) unseen.push(broken)
    }
    expect(unseen).toEqual([])
    expect(policies.length).toBeGreaterThan(60)
  }, 120_000)
})

describe('the catalogs', () => {
  test('know no table without a vendor but those that belong to the installation', async () => {
    const rows = await admin.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
         and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped)
        order by 1`,
    )
    expect(rows.map((row) => row.name)).toEqual(['backup', 'erasure', 'installation', 'worker'])
  })

  test('have no reference by which one vendor’s row points at another’s', async () => {
    const rows = await admin.query<{ name: string }>(
      `select format('%s.%s', k.conrelid::regclass, k.conname) as name from pg_constraint k
        where k.contype = 'f' and k.connamespace = 'app'::regnamespace
          and not exists (select from unnest(k.conkey, k.confkey) as p(own, other)
                join pg_attribute o on o.attrelid = k.conrelid and o.attnum = p.own and o.attname = 'vendor_id'
                join pg_attribute t on t.attrelid = k.confrelid and t.attnum = p.other and t.attname = 'vendor_id')`,
    )
    expect(rows).toEqual([])
  })

  test('have no unique index that would tell of another vendor’s values', async () => {
    const rows = await admin.query<{ name: string }>(
      `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
        where i.indisunique and c.relnamespace = 'app'::regnamespace and not c.relispartition
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'vendor_id')
          and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'vendor_id' and a.attnum = any (i.indkey))
        order by 1`,
    )
    // Hashes of 256 random bits: nobody can guess one to learn that it is there.
    expect(rows.map((row) => row.name)).toEqual(['api_key_hash_key', 'invitation_hash_key'])
  })

  test('have no function that crosses vendors but these, which give away ids and little else', async () => {
    const rows = await admin.query<{ name: string; gives: string }>(
      `select p.proname as name, pg_get_function_result(p.oid) as gives from pg_proc p
        where p.prosecdef and p.pronamespace in ('app'::regnamespace, 'accounts'::regnamespace) order by 1`,
    )
    expect(Object.fromEntries(rows.map((row) => [row.name, row.gives.replace(/^TABLE/, '')]))).toEqual({
      all_vendors: '(vendor_id uuid, name text)',
      claim_effects:
        '(shard smallint, band smallint, due_at timestamp with time zone, vendor_id uuid, effect_id uuid)',
      claim_runs:
        '(shard smallint, band smallint, due_at timestamp with time zone, vendor_id uuid, run_id uuid)',
      doubts: '(how text, effects integer, resends integer)',
      due_before: 'integer',
      erase_sample: '(next_step integer, gone integer)',
      invitation_of_link: '(vendor_id uuid, invitation_id uuid)',
      memberships_of: '(vendor_id uuid, name text, member_id uuid, role text)',
      next_due: 'timestamp with time zone',
      orphaned_effects: '(vendor_id uuid, effect_id uuid)',
      sample_rows: 'integer',
      samples_begun_by: '(vendor_id uuid, name text, member_id uuid, role text)',
      take_back_couples: 'integer',
      take_back_person: 'integer',
      vendor_of_key: '(vendor_id uuid, api_key_id uuid, scopes text[], networks text[])',
      vendors_not_sealed_by: '(vendor_id uuid)',
    })
  })
})

describe('the accounts', () => {
  test('are seen by their own role and a backup alone, and their role sees no vendor', async () => {
    const names = await admin.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'accounts'::regnamespace and c.relkind = 'r' order by 1`,
    )
    const rights = await admin.query<{ role: string; right: string }>(
      `select g.role, c.oid::regclass::text as right
         from (values ('wed_app'), ('wed_claim'), ('wed_backup'), ('wed_accounts')) as g(role)
         join pg_class c on c.relkind in ('r', 'p') and c.relnamespace in ('accounts'::regnamespace, 'app'::regnamespace)
        where has_schema_privilege(g.role, c.relnamespace, 'usage') and has_any_column_privilege(g.role, c.oid, 'select')`,
    )
    const of = (role: string): string[] => rights.filter((one) => one.role === role).map((one) => one.right)
    expect(names.length).toBe(8)
    for (const { name } of names) {
      expect([name, of('wed_app').includes(name), of('wed_claim').includes(name)]).toEqual([
        name,
        false,
        false,
      ])
      expect([name, of('wed_backup').includes(name), of('wed_accounts').includes(name)]).toEqual([
        name,
        true,
        true,
      ])
    }
    expect(of('wed_accounts').filter((name) => !name.startsWith('accounts.'))).toEqual([])
  })

  test('stay unseen for a role that was given a right by mistake', async () => {
    await admin.exec(
      `begin; insert into accounts.login (id, name, email, created_at, updated_at) values (md5('x')::uuid, 'X', 'x@example.org', '2027-01-01Z', '2027-01-01Z');
       grant usage on schema accounts to wed_app; grant select on accounts.login to wed_app; set local role wed_app`,
    )
    const rows = await admin.query('select from accounts.login')
    await admin.exec('rollback')
    expect(rows.length).toBe(0)
  })
})
