import { APP } from './roles.ts'
import { type Session, sqlState } from './sql.ts'

/** Whether something in a database is sealed by another master key than the one at hand. */
export type OtherSeal =
  | { readonly is: 'none' }
  | { readonly is: 'found'; readonly keyId: string }
  /** There is a database of ours, and this user may not ask it. */
  | { readonly is: 'untold' }

/** Leaves everything as it was. An empty `keyId`: whether anything is sealed at all. */
export async function otherSealIn(session: Session, keyId: string): Promise<OtherSeal> {
  const [made] = await session.query(
    `select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'app' and p.proname = 'vendors_not_sealed_by'`,
  )
  if (made === undefined) return { is: 'none' }
  await session.exec('begin')
  try {
    await becomeApp(session)
    const [late] = await session.query<{ vendor_id: string }>(
      'select vendor_id from app.vendors_not_sealed_by($1, 1)',
      [keyId],
    )
    if (late === undefined) return { is: 'none' }
    await session.query(`select set_config('app.vendor_ids', $1, true)`, [`{${late.vendor_id}}`])
    const [seal] = await session.query<{ sealed_by: string }>(
      'select sealed_by from app.wrapped_key where vendor_id = $1 and subject_id = $1',
      [late.vendor_id],
    )
    return { is: 'found', keyId: seal?.sealed_by ?? 'unknown' }
  } catch (error) {
    if (sqlState(error) !== '42501') throw error
    return { is: 'untold' }
  } finally {
    await session.exec('rollback')
  }
}

/** Whoever may give a role a password may also take its part, if only by giving it to themselves for this moment. */
async function becomeApp(session: Session): Promise<void> {
  await session.exec('savepoint before_app')
  try {
    await session.exec(`set local role ${APP}`)
  } catch (error) {
    if (sqlState(error) !== '42501') throw error
    await session.exec(
      `rollback to savepoint before_app; grant ${APP} to current_user; set local role ${APP}`,
    )
  }
}
