import type { ClientId, JourneyId, VendorId } from '../core/ids.ts'
import type { LocalDate } from '../core/time/local.ts'
import type { Sql } from '../ports.ts'

/** What templates ask of a vendor's book: which journeys came from them, and who marries next. */
export type AdoptedRow = {
  journey_id: JourneyId
  name: string
  status: string
  template: string
  template_version: number
}

export async function adoptedJourneys(sql: Sql, vendor: VendorId): Promise<AdoptedRow[]> {
  return sql<AdoptedRow>`
    select journey_id, name, status, template, template_version from app.journey
     where vendor_id = ${vendor} and template is not null and status <> 'archived' order by created_at, journey_id`
}

export type NextWedding = {
  client_id: ClientId
  wedding_on: LocalDate
  zone: string | null
  guests: number | null
  /** Nothing is automated for them yet. */
  unattended: boolean
}

/** Those who marry next from this day on, the soonest first. */
export async function nextWeddings(
  sql: Sql,
  vendor: VendorId,
  from: LocalDate,
  max: number,
): Promise<NextWedding[]> {
  return sql<NextWedding>`
    select c.client_id, w.wedding_on, w.zone, w.guests,
           not exists (select from app.run r where r.vendor_id = c.vendor_id and r.client_id = c.client_id
                          and r.status in ('active', 'waiting', 'paused')) as unattended
      from app.wedding w join app.client c on c.vendor_id = w.vendor_id and c.wedding_id = w.wedding_id
     where w.vendor_id = ${vendor} and w.wedding_on >= ${from}::date and w.status in ('held', 'confirmed', 'moved')
       and c.erased_at is null and c.stage <> 'lost'
     order by w.wedding_on, c.client_id limit ${max}::int`
}
