import { coupleView, type KnownOfCouple } from '../../contract/views.ts'
import type { ClientId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { PersonView, View } from '../../core/run/view.ts'
import { addDays, weekdayOf } from '../../core/time/calendar.ts'
import { type Instant, isoOf } from '../../core/time/instant.ts'
import type { LocalDate } from '../../core/time/local.ts'
import { localDateOf } from '../../core/time/zone.ts'
import { questionsAhead, ZONE_PROBES, zoneAnswers } from '../../core/time/zone-probes.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { imaginedView } from '../../engine/imagined.ts'
import { loadViews } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import { type Route, reads } from '../frame/route.ts'

const AHEAD_DAYS = 300
const SATURDAY = 6

export const viewRoutes: readonly Route[] = [
  reads(coupleView, ({ engine, vendor, now }, { query }) =>
    engine.db.read('foresight.view', { vendors: [vendor] }, async (sql) => {
      const { name, view } = query.client
        ? await ofClient(engine, sql, vendor, now, query.client as ClientId)
        : { name: 'an example couple', view: await ofNobody(engine, sql, vendor, now, query.wedding) }
      return {
        couple: { client: query.client ?? null, name },
        now: isoOf(now),
        known: shownView(view),
        clocks: clocksFor(view, now),
      }
    }),
  ),
]

function clocksFor(view: View, now: Instant) {
  const zones = [view.vendor.zone, view.wedding?.zone, view.client.zone].filter((zone) => zone != null)
  const [year, month] = localDateOf(now, view.vendor.zone).split('-').map(Number)
  return zoneAnswers([...ZONE_PROBES, ...questionsAhead(zones, year!, month!)]).map((one) => ({ ...one }))
}

async function ofClient(engine: Engine, sql: Sql, vendor: VendorId, now: Instant, client: ClientId) {
  const [known] = await namedClientsIn(engine, sql, vendor, [client])
  if (!known) throw new Refusal('not_found', 'No couple is known here by this id.')
  const views = await loadViews(engine, sql, now, [{ vendor, client, graph: null }])
  return { name: namesOf(known), view: views.of(client) }
}

async function ofNobody(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  now: Instant,
  wanted: string | undefined,
): Promise<View> {
  const found = await engine.vendorViews.now(sql, vendor)
  if (!found) throw new Error(`vendor ${vendor} is missing`)
  const { zone } = found.view
  const soon = addDays(localDateOf(now, zone), AHEAD_DAYS)
  const saturday = addDays(soon, (SATURDAY - weekdayOf(soon) + 7) % 7)
  const wedding = (wanted as LocalDate | undefined) ?? saturday
  return imaginedView(
    { client: 'example', wedding, zone, booked: now, stage: 'booked', guests: 100 },
    found.view,
  )
}

/** A mark says who shares an address with whom, and nothing of the address. */
function marked(people: readonly PersonView[]) {
  const marks = new Map<string, string>()
  const markOf = (address: string): string => {
    const mark = marks.get(address) ?? `a${marks.size + 1}`
    marks.set(address, mark)
    return mark
  }
  return people.map(({ ref, zone, reach, may }) => ({
    ref,
    zone,
    reach: {
      ...(reach.email !== undefined && { email: markOf(reach.email) }),
      ...(reach.sms !== undefined && { sms: markOf(reach.sms) }),
    },
    may: { email: [...may.email], sms: [...may.sms] },
  }))
}

const shownView = (view: View): KnownOfCouple =>
  ({
    ...view,
    people: marked(view.people),
    vendor: {
      ...view.vendor,
      holidays: [...view.vendor.holidays],
      weddingDays: [...view.vendor.weddingDays],
    },
  }) as unknown as KnownOfCouple
