import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SimDatabase, startPglite } from '../../sim/pglite.ts'
import { bootProblems } from './boot-check.ts'
import { readMigrations } from './migrate.ts'
import { ensureRoles } from './roles.ts'

let world: SimDatabase
beforeAll(async () => {
  world = await startPglite(await readMigrations(path.join(import.meta.dirname, 'fixtures/migrations')))
})
afterAll(() => world?.close())

/** What is wrong after this change, which is then undone. */
async function after(change: string): Promise<string[]> {
  await world.session.exec(`begin; ${change}`)
  try {
    const problems = await bootProblems(world.session, { embedded: true, judged: 'app role' })
    return problems.map(({ severity, code, what }) => `${severity} ${code} ${what}`)
  } finally {
    await world.session.exec('rollback')
  }
}

test('the schema as migrated has nothing to complain about', async () => {
  expect(await after('select 1')).toEqual([])
})

test.for([
  ['alter table app.note disable row level security', 'refuse unguarded_table app.note'],
  ['alter table app.note no force row level security', 'refuse unguarded_table app.note'],
  ['create table app.bare (vendor_id uuid, n int)', 'refuse unguarded_table app.bare'],
  ['alter table app.log_2027 no force row level security', 'refuse unguarded_table app.log_2027'],
  ['alter table app.note owner to wed_app', 'refuse owned_table app.note'],
  ['grant wed_owner to wed_app', 'refuse owned_table app.note'],
  ['grant truncate on app.note to wed_app', 'refuse dangerous_grant app.note'],
  ['alter role wed_app bypassrls', 'refuse mighty_role wed_app'],
  ['create role mighty bypassrls; grant mighty to wed_app', 'refuse mighty_role mighty'],
  [
    'create role mighty superuser; create role middle; grant mighty to middle; grant middle to wed_app',
    'refuse mighty_role mighty',
  ],
  ['alter view app.sage_link reset (security_invoker)', 'refuse unguarded_view app.sage_link'],
  ['create materialized view app.copy as select vendor_id from app.note', 'refuse unguarded_view app.copy'],
  [
    'alter function app.claim_notes(int) owner to postgres',
    'refuse definer_function app.claim_notes(integer)',
  ],
  [
    'alter function app.claim_notes(int) reset search_path',
    'refuse definer_function app.claim_notes(integer)',
  ],
] as const)('refuses to serve after: %s', async ([change, problem]) => {
  expect(await after(change)).toContain(problem)
})

test('roles in order need no rights and no change; out of order they are put right', async () => {
  await world.session.exec('begin; alter role wed_app bypassrls inherit; revoke wed_owner from wed_migrate')
  await world.session.exec('commit')
  await ensureRoles(world.session, null)
  expect(
    await world.session.query(
      `select rolinherit as inherits, rolbypassrls as bypasses, pg_has_role('wed_migrate', 'wed_owner', 'MEMBER') as member
         from pg_roles where rolname = 'wed_app'`,
    ),
  ).toEqual([{ inherits: false, bypasses: false, member: true }])
  await world.session.exec('set role wed_app')
  await ensureRoles(world.session, null)
  await world.session.exec('reset role')
})

test('who may not make roles is told exactly what an administrator must run', async () => {
  await world.session.exec('revoke wed_claim from wed_owner; set role wed_app')
  const attempt = ensureRoles(world.session, {
    wed_app: 'secret',
    wed_migrate: 'secret',
    wed_accounts: 'secret',
    wed_backup: 'secret',
  })
  await expect(attempt).rejects.toMatchObject({
    code: 'setup',
    message: expect.stringMatching(/Let an administrator run:\n\ngrant wed_claim to wed_owner;\n\nand give/),
  })
  await expect(attempt).rejects.not.toThrow('secret')
  await world.session.exec('reset role')
  await ensureRoles(world.session, null)
})
