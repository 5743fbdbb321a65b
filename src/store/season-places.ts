import type { VendorId } from '../core/ids.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import type { Db } from '../ports.ts'
import { once } from './once.ts'

/** Where the weddings of these days are, each place with its days; a business without any counts where it is itself. */
export type PlaceRow = { region: string | null; zone: Zone; on: LocalDate | null; count: number }

export function weddingPlaces(
  db: Db,
  vendors: readonly VendorId[],
  from: LocalDate,
  until: LocalDate,
): Promise<PlaceRow[]> {
  return once(db, 'season.places', { vendors })<PlaceRow>`
    select coalesce(w.region, v.region) as region, coalesce(w.zone, v.zone) as zone, w.wedding_on::text as on, count(*)::int as count
      from app.vendor v
      left join app.wedding w
        on w.vendor_id = v.vendor_id and w.wedding_on between ${from}::date and ${until}::date
       and w.status in ('held', 'confirmed', 'moved')
     where v.vendor_id = any (${vendors}::uuid[])
     group by 1, 2, 3`
}
