import { journeyPulse, PULSE_WEEKS } from '../../contract/pulse.ts'
import { DAY_MS, isoOf, plusMs } from '../../core/time/instant.ts'
import { arrivedByWeek, troubleByJourney } from '../../store/journey-pulse.ts'
import { type Route, reads } from '../frame/route.ts'

const WEEK_MS = 7 * DAY_MS

export const pulseRoutes: readonly Route[] = [
  reads(journeyPulse, ({ engine, vendor, now }) =>
    engine.db.read('journey.pulse', { vendors: [vendor] }, async (sql) => {
      const from = plusMs(now, -PULSE_WEEKS * WEEK_MS)
      const [arrived, trouble] = await Promise.all([
        arrivedByWeek(sql, vendor, from),
        troubleByJourney(sql, vendor),
      ])
      const journeys = new Set([...arrived, ...trouble].map((one) => one.journey_id))
      return {
        from: isoOf(from),
        items: [...journeys].map((journey) => {
          const found = trouble.find((one) => one.journey_id === journey)
          const weeks = Array.from({ length: PULSE_WEEKS }, () => 0)
          for (const one of arrived)
            if (one.journey_id === journey) weeks[Math.min(one.week, PULSE_WEEKS - 1)]! += one.arrived
          return {
            journey: journey as string,
            arrived: weeks,
            stuck: found?.stuck ?? 0,
            undelivered: found?.undelivered ?? 0,
          }
        }),
      }
    }),
  ),
]
