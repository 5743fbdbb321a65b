import { createContext, use } from 'react'
import type { Operation } from '../contract/operation.ts'
import type { Permission, Role } from '../contract/permission.ts'
import type { WhoIsHere } from './api.ts'

/** Who sits here, and for which business. null while nobody is signed in. */
export type Session = {
  readonly vendor: string
  readonly business: string
  readonly person: { readonly name: string; readonly email: string; readonly secondFactor: boolean }
  readonly member: string
  readonly role: Role
  /** All they work for, this one included. */
  readonly businesses: readonly { readonly vendor: string; readonly name: string }[]
  /** Whether the server would do this for them: what it would refuse has no button. */
  may(op: Operation): boolean
  /** Figures beside the rooms: approvals that wait. */
  readonly counts: {
    readonly [path: string]: { readonly count: number; readonly noun: string; readonly waits?: true }
  }
}

export const SessionContext = createContext<Session | null>(null)
export const useSession = (): Session | null => use(SessionContext)

/** For rooms behind the door, where somebody always is. */
export function useHere(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('This room stands outside the door.')
  return session
}

export const roleWord: { readonly [role in Role]: string } = {
  owner: 'Owner',
  manager: 'Manager',
  assistant: 'Assistant',
  viewer: 'Viewer',
}

/** Whom something is for, where it is not for anybody of them. */
const WHOM: { readonly [role: string]: string } = { owner: 'the owner', manager: 'a manager' }
export const whom = (role: string): string | null => WHOM[role] ?? null
/** Why a button stands there that cannot be pressed. */
export const whyNotYours = (role: string): string =>
  role === 'manager' ? 'Only a manager or the owner can answer this.' : 'Only the owner can answer this.'

/** The business of the address if they work for it, else their first; null when they work for nobody. */
export function sessionOf(who: WhoIsHere, wanted: string | undefined): Session | null {
  const chosen = who.memberships.find((one) => one.vendor === wanted) ?? who.memberships[0]
  if (!chosen) return null
  return {
    vendor: chosen.vendor,
    business: chosen.name,
    person: who.person,
    member: chosen.member,
    role: chosen.role,
    businesses: who.memberships,
    may: (op) => chosen.may.includes(op.needs as Permission),
    counts: {},
  }
}
