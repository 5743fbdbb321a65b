import type { z } from 'zod'
import type { Accounts, Visit } from '../../accounts/accounts.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Permission } from '../../contract/permission.ts'
import type { Json, VendorId } from '../../core/ids.ts'
import type { Instant } from '../../core/time/instant.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Sql } from '../../ports.ts'
import type { LimitName } from './limits.ts'

/** An operation with what is done for it. The frame has seen to who asks, what they may, and what they sent. */
export type Asked<O extends Operation> = {
  readonly params: z.output<O['params']>
  readonly query: z.output<O['query']>
  readonly body: O['body'] extends z.ZodType ? z.output<O['body']> : null
}
export type Answer<O extends Operation> = z.input<O['answer']>

/** Where a caller stands: for one vendor, as a member or a key. */
export type Standing = {
  readonly engine: Engine
  readonly vendor: VendorId
  /** `member:<id>` or `key:<id>`, as the audit names them. */
  readonly actor: string
  /** Of a person; null for a key. */
  readonly session: string | null
  readonly now: Instant
  may(permission: Permission): boolean
  /** Whose tasks and questions they may answer. */
  readonly answers: readonly string[]
}

/** A change: its rows, its audit and its kept answer are one transaction. */
export type Change = Standing & {
  readonly sql: Sql
  /** The Idempotency-Key, or a fresh one: names what this request brings into being. */
  readonly requestKey: string
  /** Refuses when this is not the state that the caller has seen (If-Match); of another shape than the answer, say which. */
  mustBeSeen(current: unknown, shape?: z.ZodType): void
  audit(action: string, subject: string, detail?: { readonly [key: string]: Json }): void
  /** The engine has written the audit itself, in this transaction. */
  auditedWithin(): void
  /** Done once the transaction is through: rings, letters. */
  after(work: () => void | Promise<void>): void
}

/** What concerns a person and no vendor: their account. */
export type Personal = {
  readonly engine: Engine
  readonly accounts: Accounts
  readonly headers: Headers
  readonly who: Visit | null
  readonly signUpOpen: boolean
  readonly setCookies: (cookies: readonly string[]) => void
  count(limit: LimitName, who: string): Promise<void>
}
export type SignedInPersonal = Personal & { readonly who: Visit }

export type Route = { readonly op: Operation } & (
  | { readonly is: 'read'; handle(at: Standing, asked: Asked<Operation>): Promise<unknown> }
  | { readonly is: 'change'; handle(at: Change, asked: Asked<Operation>): Promise<unknown> }
  | { readonly is: 'personal'; handle(at: Personal, asked: Asked<Operation>): Promise<unknown> }
)

export const reads = <O extends Operation>(
  op: O,
  handle: (at: Standing, asked: Asked<O>) => Promise<Answer<O>>,
): Route => ({ op, is: 'read', handle: handle as never })

export const changes = <O extends Operation>(
  op: O,
  handle: (at: Change, asked: Asked<O>) => Promise<Answer<O>>,
): Route => ({ op, is: 'change', handle: handle as never })

export const strangers = <O extends Operation>(
  op: O,
  handle: (at: Personal, asked: Asked<O>) => Promise<Answer<O>>,
): Route => ({ op, is: 'personal', handle: handle as never })

export const persons = <O extends Operation>(
  op: O,
  handle: (at: SignedInPersonal, asked: Asked<O>) => Promise<Answer<O>>,
): Route => ({ op, is: 'personal', handle: handle as never })
