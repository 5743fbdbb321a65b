import { Refusal } from '../core/refusal.ts'
import { type Session, sqlState } from './sql.ts'

/**
 * Who may do what (security: the tenancy floor). One list of statements: run by us where we may, shown to an
 * administrator where we may not.
 *
 * wed_owner owns every table and never logs in · wed_migrate logs in and may become the owner · wed_app is the
 * product: no table is its own and row-level security binds it · wed_claim owns the definer functions that hand
 * out ids across vendors · wed_eraser owns the one that removes a sample studio, and sees sample studios alone ·
 * wed_remover owns the one that takes couples back who came by mistake, for the vendors of its transaction ·
 * wed_accounts knows who may sign in and nothing of any vendor · wed_backup reads through policies
 * of its own.
 */
export const OWNER = 'wed_owner'
export const APP = 'wed_app'

export type LoginRole = 'wed_migrate' | 'wed_app' | 'wed_accounts' | 'wed_backup'
/** Null: the role is not used to log in here (the simulator), or its password is the administrator's affair. */
export type Passwords = Readonly<Record<LoginRole, string>> | null

type RoleName = 'wed_owner' | 'wed_claim' | 'wed_eraser' | 'wed_remover' | LoginRole

const LOGINS: readonly LoginRole[] = ['wed_migrate', 'wed_app', 'wed_accounts', 'wed_backup']
const ROLES: readonly RoleName[] = ['wed_owner', 'wed_claim', 'wed_eraser', 'wed_remover', ...LOGINS]

/** The member may become the other: migrations run as the owner, and the owner gives functions to the claimer. */
const MEMBERS: readonly (readonly [role: RoleName, member: RoleName])[] = [
  ['wed_owner', 'wed_migrate'],
  ['wed_claim', 'wed_owner'],
  ['wed_eraser', 'wed_owner'],
  ['wed_remover', 'wed_owner'],
]

type Existing = {
  readonly name: string
  readonly login: boolean
  readonly inherits: boolean
  readonly mighty: boolean
}

/** Brings the roles into being or order. Changes nothing, and needs no rights, when they are. */
export async function ensureRoles(session: Session, passwords: Passwords): Promise<void> {
  const statements = await missingStatements(session, passwords)
  if (statements.length === 0) return
  try {
    await session.exec(`begin; ${statements.join('; ')}; commit`)
  } catch (error) {
    await session.exec('rollback')
    if (sqlState(error) !== '42501') throw error
    const shown = await missingStatements(session, null)
    throw new Refusal(
      'setup',
      `The roles of the database are not there and this user may not make them. Let an administrator run:\n\n${shown.join(';\n')};\n\nand give wed_migrate, wed_app, wed_accounts and wed_backup passwords (alter role … password).`,
    )
  }
}

async function missingStatements(session: Session, passwords: Passwords): Promise<string[]> {
  const existing = await session.query<Existing>(
    `select rolname::text as name, rolcanlogin as login, rolinherit as inherits,
            rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty
       from pg_roles where rolname = any ($1)`,
    [ROLES],
  )
  const members = await session.query<{ role: string; member: string }>(
    `select r.rolname::text as role, m.rolname::text as member from pg_auth_members a
       join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member where r.rolname = any ($1)`,
    [ROLES],
  )
  const roles = ROLES.flatMap((name) => {
    const found = existing.find((one) => one.name === name)
    const login = LOGINS.some((one) => one === name)
    const inherits = name !== APP && name !== 'wed_accounts'
    if (found && found.login === login && found.inherits === inherits && !found.mighty) return []
    return [`${found ? 'alter' : 'create'} role ${name} ${attributes(name, login, inherits, passwords)}`]
  })
  const grants = MEMBERS.flatMap(([role, member]) =>
    members.some((one) => one.role === role && one.member === member) ? [] : [`grant ${role} to ${member}`],
  )
  return [...roles, ...grants, ...(await missingDatabaseGrants(session))]
}

function attributes(name: RoleName, login: boolean, inherits: boolean, passwords: Passwords): string {
  const words = [
    login ? 'login' : 'nologin',
    'nosuperuser nobypassrls nocreaterole nocreatedb noreplication',
    inherits ? 'inherit' : 'noinherit',
  ]
  const password = LOGINS.some((one) => one === name) ? passwords?.[name as LoginRole] : undefined
  if (password !== undefined) words.push(`password '${password.replaceAll("'", "''")}'`)
  return words.join(' ')
}

async function missingDatabaseGrants(session: Session): Promise<string[]> {
  const [row] = await session.query<{ database: string; may: boolean }>(
    `select quote_ident(current_database()) as database,
            exists (select from pg_roles where rolname = 'wed_owner')
              and exists (select from pg_database d, aclexplode(d.datacl) a
                           where d.datname = current_database() and a.privilege_type = 'CREATE'
                             and a.grantee = (select oid from pg_roles where rolname = 'wed_owner'))
              and not exists (select from pg_roles where rolname = any ($1)
                               and not has_database_privilege(oid, current_database(), 'connect')) as may`,
    [LOGINS],
  )
  if (row === undefined || row.may) return []
  return [
    `grant connect, create on database ${row.database} to wed_owner`,
    `grant connect on database ${row.database} to ${LOGINS.join(', ')}`,
  ]
}

/** The new passwords of roles that exist already: another copy of the data, or a lost file. */
export async function setPasswords(session: Session, passwords: NonNullable<Passwords>): Promise<void> {
  const quoted = (role: LoginRole) => `'${passwords[role].replaceAll("'", "''")}'`
  await session.exec(LOGINS.map((role) => `alter role ${role} password ${quoted(role)}`).join('; '))
}
