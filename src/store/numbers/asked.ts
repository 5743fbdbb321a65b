import type { Sql } from '../../ports.ts'
import { ts } from '../sql.ts'
import type { Span } from './number.ts'

/** Forms that were sent within the span, and what came back of them since. By `form_sending_form`: a business has few. */
export async function askedForms(
  sql: Sql,
  { vendor, from, to }: Span,
): Promise<{ asked: number; answered: number; days: number | null }> {
  const [row] = await sql<{ asked: number; answered: number; days: number | null }>`
    select count(*)::int as asked, count(s.submitted_at)::int as answered,
           (avg(extract(epoch from s.submitted_at - s.asked_at)) / 86400)::float8 as days
      from app.form f join app.form_sending s on s.vendor_id = f.vendor_id and s.form_id = f.form_id
     where f.vendor_id = ${vendor} and s.asked_at >= ${ts(from)}::timestamptz and s.asked_at < ${ts(to)}::timestamptz
       and (s.withdrawn_at is null or s.submitted_at is not null)`
  return row!
}
