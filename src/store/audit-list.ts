import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

export type AuditRow = {
  audit_id: string
  at: Instant
  actor: string
  action: string
  subject: string
  detail: Record<string, unknown>
}

/** The newest first, before a row of an earlier page. */
export async function pageOfAudit(
  sql: Sql,
  vendor: VendorId,
  before: { at: Instant; id: string } | null,
  max: number,
): Promise<AuditRow[]> {
  return sql<AuditRow>`
    select audit_id, at, actor, action, subject, detail from app.audit
     where vendor_id = ${vendor}
       and (${before?.id ?? null}::uuid is null
            or (at, audit_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
     order by at desc, audit_id desc limit ${max}::int`
}
