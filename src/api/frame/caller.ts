import type { Accounts, Visit } from '../../accounts/accounts.ts'
import { type Permission, roleMay } from '../../contract/permission.ts'
import { ASKED, answersFor } from '../../core/answering.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { whoseKey } from '../../engine/api-keys.ts'
import type { Engine } from '../../engine/engine.ts'
import { membershipsOf } from '../../store/members.ts'

/** Who asks: a program with a key, a person with a session, or nobody we know. */
export type Caller =
  | {
      readonly is: 'key'
      readonly vendor: VendorId
      readonly key: string
      readonly scopes: readonly string[]
    }
  | { readonly is: 'person'; readonly visit: Visit }
  | { readonly is: 'nobody'; readonly tried: boolean }

export async function callerOf(engine: Engine, accounts: Accounts | null, headers: Headers): Promise<Caller> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const key = await whoseKey(engine, authorization.replace(/^Bearer /i, ''))
    return key ? { is: 'key', ...key } : { is: 'nobody', tried: true }
  }
  if (headers.get('cookie') === null || accounts === null) return { is: 'nobody', tried: false }
  const visit = await accounts.visit(headers)
  return visit ? { is: 'person', visit } : { is: 'nobody', tried: false }
}

export type Stand = {
  readonly actor: string
  may(permission: Permission): boolean
  /** Whose tasks and questions they may answer. */
  readonly answers: readonly string[]
}

/** A vendor the caller does not work for is not there: the same words for one that exists and one that does not. */
export async function standAt(engine: Engine, caller: Caller, vendor: VendorId): Promise<Stand> {
  if (caller.is === 'nobody') throw unauthorised()
  if (caller.is === 'key') {
    if (caller.vendor !== vendor) throw notHere()
    const may = (permission: Permission): boolean => caller.scopes.includes(permission)
    return { actor: `key:${caller.key}`, may, answers: may('work:write') ? ASKED : [] }
  }
  const memberships = await membershipsOf(engine.db, caller.visit.person.login)
  const mine = memberships.find((one) => one.vendor_id === vendor)
  if (!mine) throw notHere()
  return {
    actor: `member:${mine.member_id}`,
    may: (permission) => roleMay(mine.role, permission),
    answers: answersFor(mine.role),
  }
}

export const unauthorised = () =>
  new Refusal('unauthorised', 'Sign in, or send a valid key: "authorization: Bearer wed_…".')
const notHere = () => new Refusal('not_found', 'There is no such business here, or you do not work for it.')
