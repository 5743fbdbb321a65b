import { APP } from './roles.ts'
import type { Session } from './sql.ts'

/**
 * What must be true before a single request is served: row-level security cannot be escaped by the role the
 * product runs as (I8). Everything that is wrong is named at once. A problem that refuses must keep the caller
 * from serving; a warning is told by `doctor`.
 */
export type BootProblem = {
  readonly severity: 'refuse' | 'warn'
  readonly code: BootProblemCode
  /** The role, table, view or function it is about. */
  readonly what: string
  readonly sentence: string
}

export type BootProblemCode =
  | 'mighty_role'
  | 'unguarded_table'
  | 'owned_table'
  | 'dangerous_grant'
  | 'unguarded_view'
  | 'definer_function'
  | 'old_server'

/** The oldest minor of each major that closes the known holes in row-level security (February 2026). */
export const SECURE_MINOR: Readonly<Record<number, number>> = { 15: 16, 16: 12, 17: 8, 18: 2 }
export const MAJOR_MIN = 15

export type BootCheck = {
  /** The server came with the program: an old minor is a warning, because the person cannot change it alone. */
  readonly embedded: boolean
  /**
   * In PGlite the one session is a superuser and each transaction becomes the app's role; only that role is
   * judged then. Everywhere else it is who logged in, with all it may become.
   */
  readonly judged: 'who logged in' | 'app role'
}

export async function bootProblems(session: Session, check: BootCheck): Promise<BootProblem[]> {
  const [who] = await session.query<{ name: string }>(
    check.judged === 'app role' ? `select '${APP}' as name` : 'select session_user::text as name',
  )
  const role = who?.name ?? APP
  return [
    ...(await mightyRoles(session, role)),
    ...(await tables(session, role)),
    ...(await views(session)),
    ...(await definers(session)),
    ...(await serverVersion(session, check.embedded)),
  ]
}

const refuse = (code: BootProblemCode, what: string, sentence: string): BootProblem => ({
  severity: 'refuse',
  code,
  what,
  sentence,
})

async function mightyRoles(session: Session, role: string): Promise<BootProblem[]> {
  // Membership of any kind counts: who administers a role can grant itself the rest.
  const rows = await session.query<{ name: string; superuser: boolean }>(
    `select rolname::text as name, rolsuper as superuser from pg_roles
      where (rolsuper or rolbypassrls) and pg_has_role($1::name, oid, 'MEMBER') order by rolname`,
    [role],
  )
  return rows.map(({ name, superuser }) =>
    refuse(
      'mighty_role',
      name,
      `${role} ${name === role ? 'is' : `may become ${name}, which is`} ${superuser ? 'a superuser' : 'allowed to bypass row-level security'}. Connect as ${APP}.`,
    ),
  )
}

type TableRow = {
  readonly name: string
  readonly enabled: boolean
  readonly forced: boolean
  readonly owner: string
  readonly owned: boolean
  readonly dangerous: boolean
}

async function tables(session: Session, role: string): Promise<BootProblem[]> {
  const rows = await session.query<TableRow>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
            pg_get_userbyid(c.relowner)::text as owner,
            not r.rolsuper and pg_has_role($1::name, c.relowner, 'MEMBER') as owned,
            not r.rolsuper and has_table_privilege($1::name, c.oid, 'TRUNCATE, REFERENCES, TRIGGER') as dangerous
       from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_roles r
      where r.rolname = $1 and c.relkind in ('r', 'p') and ${OURS} and ${HAS_VENDOR}
      order by n.nspname, c.relname`,
    [role],
  )
  return rows.flatMap((table) => [
    ...(table.enabled && table.forced
      ? []
      : [
          refuse(
            'unguarded_table',
            table.name,
            `${table.name} has a vendor_id but row-level security is not ${table.enabled ? 'forced' : 'enabled'} on it.`,
          ),
        ]),
    ...(table.owned
      ? [
          refuse(
            'owned_table',
            table.name,
            `${table.name} belongs to ${table.owner}, and ${role} is or may become it.`,
          ),
        ]
      : []),
    ...(table.dangerous
      ? [
          refuse(
            'dangerous_grant',
            table.name,
            `${role} may truncate, reference or put triggers on ${table.name}; row-level security does not cover these.`,
          ),
        ]
      : []),
  ])
}

const OURS = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`
const HAS_VENDOR = `exists (select from pg_attribute a
  where a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped)`

async function views(session: Session): Promise<BootProblem[]> {
  const rows = await session.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and ${HAS_VENDOR} and (c.relkind = 'm' or c.relkind = 'v'
        and not coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on'], false))
      order by n.nspname, c.relname`,
  )
  return rows.map(({ name }) =>
    refuse(
      'unguarded_view',
      name,
      `The view ${name} reads with its owner's rights; make it security_invoker.`,
    ),
  )
}

async function definers(session: Session): Promise<BootProblem[]> {
  const rows = await session.query<{ name: string; mighty: boolean; unfixed: boolean }>(
    `select format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as name, o.rolsuper or o.rolbypassrls as mighty,
            not coalesce(exists (select from unnest(p.proconfig) s where s like 'search_path=%'), false) as unfixed
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles o on o.oid = p.proowner
      where p.prosecdef and ${OURS} order by 1`,
  )
  return rows.flatMap(({ name, mighty, unfixed }) => [
    ...(mighty
      ? [
          refuse(
            'definer_function',
            name,
            `${name} runs with the rights of a role that escapes row-level security.`,
          ),
        ]
      : []),
    ...(unfixed
      ? [refuse('definer_function', name, `${name} runs with its owner's rights and no fixed search_path.`)]
      : []),
  ])
}

async function serverVersion(session: Session, embedded: boolean): Promise<BootProblem[]> {
  const [row] = await session.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
  )
  if (row === undefined) return []
  const major = Math.floor(row.number / 10_000)
  const minor = row.number % 10_000
  if (major < MAJOR_MIN)
    return [
      refuse('old_server', row.text, `PostgreSQL ${row.text} is too old; ${MAJOR_MIN} or newer is needed.`),
    ]
  const wanted = SECURE_MINOR[major]
  if (wanted === undefined || minor >= wanted) return []
  return [
    {
      severity: embedded ? 'warn' : 'refuse',
      code: 'old_server',
      what: row.text,
      sentence: `PostgreSQL ${row.text} has known holes in row-level security; ${major}.${wanted} or newer closes them.`,
    },
  ]
}
