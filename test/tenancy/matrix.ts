import { type Session, sqlState } from '../../src/store/sql.ts'

/**
 * What a role must not be able to do to another vendor's row, table by table, read from the catalogs: a table that is
 * added tomorrow is in it by itself. `findings` is empty when the walls stand; each entry names what got through.
 */
export const A = '0198c000-0000-7000-8000-00000000000a'
export const B = '0198c000-0000-7000-8000-00000000000b'
/** A sample studio, by its id. */
const SAMPLE = '0198c000-0000-8000-8000-00000000000c'

export type Column = {
  readonly name: string
  readonly type: string
  readonly identity: boolean
  readonly updatable: boolean
}
export type Table = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  readonly insertable: boolean
  readonly claims: boolean
  readonly taken: boolean
}

export async function vendorTables(admin: Session): Promise<Table[]> {
  return admin.query<Table>(
    `select c.oid::regclass::text as name,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
              'identity', a.attidentity = 'a', 'updatable', has_column_privilege('wed_app', c.oid, a.attnum, 'update'))
              order by a.attnum) as columns,
            coalesce((select json_agg(k.attname) from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
              where i.indrelid = c.oid and i.indisprimary), '[]') as key,
            has_table_privilege('wed_app', c.oid, 'insert') as insertable,
            has_any_column_privilege('wed_claim', c.oid, 'select') as claims,
            has_table_privilege('wed_remover', c.oid, 'delete') as taken
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_namespace n on n.oid = c.relnamespace
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p') and not c.relispartition
        and exists (select from pg_attribute v where v.attrelid = c.oid and v.attname = 'vendor_id' and not v.attisdropped)
      group by c.oid order by 1`,
  )
}

/** Something of this type that differs between the two vendors, and between the first and the second row of each. */
function literal({ name, type }: Column, vendor: string, nth: number): string {
  if (name === 'vendor_id') return `'${vendor}'::uuid`
  const seed = `${vendor === A ? 'a' : 'b'}${nth}`
  const number = (vendor === A ? 1 : 2) * 10 + nth
  switch (type) {
    case 'uuid':
      return `md5('${name}${seed}')::uuid`
    case 'bytea':
      return `'\\x${Buffer.from(seed).toString('hex')}'::bytea`
    case 'text[]':
      return `array['${seed}']`
    case 'jsonb':
      return `'{"of": "${seed}"}'::jsonb`
    case 'boolean':
      return 'true'
    case 'date':
      return `date '2027-01-${number}'`
    case 'timestamp with time zone':
      return `timestamptz '2027-01-${number} 12:00Z'`
    case 'text':
    case 'character varying':
      return `'${seed}'`
    default:
      return `${number}::${type}`
  }
}

function insertion(table: Table, vendor: string, nth: number): string {
  const columns = table.columns.filter((column) => !column.identity)
  const names = columns.map((column) => `"${column.name}"`).join(', ')
  const values = columns.map((column) => literal(column, vendor, nth)).join(', ')
  return `insert into ${table.name} (${names}) values (${values})`
}

/** One row of each vendor in every table. What rows mean is not the point here: checks and references stand aside. */
export async function furnish(admin: Session, tables: readonly Table[]): Promise<void> {
  const checks = await admin.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
       from pg_constraint where contype = 'c' and conrelid <> 0 and connamespace = 'app'::regnamespace and conparentid = 0`,
  )
  for (const { drop } of checks) await admin.exec(drop)
  await admin.exec('set session_replication_role = replica')
  for (const table of tables) for (const vendor of [A, B]) await admin.exec(insertion(table, vendor, 1))
}

const NAMES: { readonly [vendor: string]: string } = { [A]: 'A', [B]: 'B', [SAMPLE]: 'sample' }

type Outcome = { readonly rows: Record<string, unknown>[] } | { readonly refused: string }

/** Everything that is found in one table; the caller's transaction is open and stays as it was. */
export async function findings(admin: Session, table: Table): Promise<string[]> {
  const found: string[] = []
  const tell = (what: string): void => {
    found.push(`${table.name}: ${what}`)
  }
  const as = async (role: string, scope: readonly string[], text: string): Promise<Outcome> => {
    await admin.exec(
      `savepoint probe; set local role ${role}; select set_config('app.vendor_ids', '{${scope.join()}}', true)`,
    )
    try {
      return { rows: await admin.query<Record<string, unknown>>(text) }
    } catch (error) {
      return { refused: sqlState(error) ?? String(error) }
    } finally {
      await admin.exec('rollback to savepoint probe; release savepoint probe')
    }
  }
  const vendorsSeen = async (role: string, scope: readonly string[]): Promise<string> => {
    const outcome = await as(
      role,
      scope,
      `select distinct vendor_id::text as v from ${table.name} order by 1`,
    )
    if ('refused' in outcome) return outcome.refused
    return outcome.rows.map((row) => NAMES[String(row.v)] ?? '?').join()
  }
  const expectSeen = async (role: string, scope: readonly string[], wanted: string): Promise<void> => {
    const seen = await vendorsSeen(role, scope)
    if (seen !== wanted) tell(`${role} for [${scope.length}] sees "${seen}" instead of "${wanted}"`)
  }
  const mustTouchNothing = async (what: string, text: string): Promise<void> => {
    const outcome = await as('wed_app', [B], `${text} returning vendor_id`)
    if ('rows' in outcome ? outcome.rows.length > 0 : outcome.refused !== '42501')
      tell(`${what} ${'rows' in outcome ? `touched ${outcome.rows.length}` : outcome.refused}`)
  }
  const mustBeRefused = async (what: string, text: string): Promise<void> => {
    const outcome = await as('wed_app', [B], text)
    if (!('refused' in outcome) || outcome.refused !== '42501')
      tell(`${what} was ${'refused' in outcome ? `refused with ${outcome.refused}` : 'done'}`)
  }

  // select, search and count: each sees its own, nobody sees another's, and without a scope there is nothing.
  await expectSeen('wed_app', [A], 'A')
  await expectSeen('wed_app', [B], 'B')
  await expectSeen('wed_app', [A, B], 'A,B')
  await expectSeen('wed_app', [], '')
  // Migrations may give functions to the claim's role, so the owner, whom nobody logs in as, sees what that role sees.
  await expectSeen('wed_owner', [A, B], table.claims ? 'A,B' : '')
  await expectSeen('wed_backup', [], 'A,B')
  if (table.claims) await expectSeen('wed_claim', [], 'A,B')
  // The eraser sees sample studios, and nobody else's rows.
  await admin.exec(`savepoint sample; ${insertion(table, SAMPLE, 3)}`)
  await expectSeen('wed_eraser', [A, B], 'sample')
  await admin.exec('rollback to savepoint sample; release savepoint sample')
  // The remover sees the vendors of its transaction, where couples' rows lie, and nothing anywhere else.
  await expectSeen('wed_remover', [A], table.taken ? 'A' : '42501')
  await expectSeen('wed_remover', [], table.taken ? '' : '42501')
  const [guard] = await admin.query<{ forced: boolean }>(
    'select relrowsecurity and relforcerowsecurity as forced from pg_class where oid = $1::regclass',
    [table.name],
  )
  if (!guard?.forced) tell('row-level security is not forced')
  // insert, and insert over what is there
  await mustBeRefused('an insert for another vendor', insertion(table, A, 2))
  if (table.insertable) {
    const own = await as('wed_app', [B], insertion(table, B, 2))
    // A key that is there already is found after the policy has let the row pass.
    if ('refused' in own && own.refused !== '23505')
      tell(`a vendor cannot insert its own row: ${own.refused}`)
  }
  const changeable = table.columns.find((column) => column.updatable)
  if (table.key.length > 0 && changeable)
    await mustBeRefused(
      'an upsert over another vendor’s row',
      `${insertion(table, A, 1)} on conflict (${table.key.join()}) do update set "${changeable.name}" = excluded."${changeable.name}"`,
    )
  // update, column by column; a row moved to another vendor; delete
  for (const { name } of table.columns.filter((column) => !column.identity))
    await mustTouchNothing(
      `an update of ${name}`,
      `update ${table.name} set "${name}" = "${name}" where vendor_id = '${A}'`,
    )
  await mustBeRefused('moving a row to another vendor', `update ${table.name} set vendor_id = '${A}'`)
  await mustTouchNothing('a delete', `delete from ${table.name} where vendor_id = '${A}'`)
  // what row-level security does not cover
  await mustBeRefused('truncate', `truncate ${table.name}`)
  // a sum over everything says as much as a row
  const counted = await as(
    'wed_app',
    [B],
    `select count(*)::int as n from ${table.name} where vendor_id <> '${B}'`,
  )
  if (!('rows' in counted) || counted.rows[0]?.n !== 0) tell('a count tells of another vendor')
  return found
}
