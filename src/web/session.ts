import { createContext, use } from 'react'

/** Who sits here, and for which business. null until somebody signs in; nothing is invented meanwhile. */
export type Session = {
  readonly vendor: { readonly name: string; readonly place: string }
  readonly person: { readonly name: string; readonly role: string }
  /** Figures beside the rooms: approvals that wait, clients in all. */
  readonly counts: {
    readonly [path: string]: { readonly count: number; readonly noun: string; readonly waits?: true }
  }
}

export const SessionContext = createContext<Session | null>(null)
export const useSession = (): Session | null => use(SessionContext)
