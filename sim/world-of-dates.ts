import { journeySchema } from '../src/core/journey/graph.ts'
import { DAY_MS, type Instant, MINUTE_MS, plusMs } from '../src/core/time/instant.ts'
import { playZoneData } from '../src/core/time/zone.ts'
import { goOnWith } from '../src/engine/bulk.ts'
import type { Engine } from '../src/engine/engine.ts'
import { changeSettings } from '../src/engine/replan-book.ts'
import type { SettingsChange } from '../src/engine/settings.ts'
import { renewZoneData } from '../src/engine/zone-data.ts'
import { ensureInstallation } from '../src/store/installation.ts'
import type { Dice } from './dice.ts'
import { playClocks } from './oracle-time.ts'
import type { Couple, Deed, Vendor } from './people.ts'
import type { Written } from './shapes.ts'

/**
 * Worlds in which not only weddings move: a vendor changes its zone and its hours, and perhaps back within minutes,
 * and the zone data change under a running book. Dice of their own, so that the other worlds stay what they are.
 * The auditor checks that every wait that hangs on a wedding stands where the zones, as they are then, put it.
 */
type Facts = {
  readonly dice: Dice
  readonly start: Instant
  readonly vendors: readonly Vendor[]
  readonly couples: readonly Couple[]
  readonly plan: (deed: Deed) => void
}

const ZONES = ['Europe/London', 'America/New_York', 'Pacific/Auckland', 'Asia/Tokyo'] as const
const HOURS = [{}, { email: { from: '09:00', to: '18:00' } }, { email: { from: '13:00', to: '20:00' } }]
const [OLD, NEW] = ['2026c', '2027a']
const DAYS = 50
/** What the newer data say: in these places the clocks go as in those. */
const NEWS = { 'America/New_York': 'America/Chicago', 'Europe/London': 'Europe/Paris' }

export function planWorldOfDates(facts: Facts): void {
  const { dice, start, vendors } = facts
  const when = (): Instant => plusMs(start, DAY_MS + Math.floor(dice.share() * DAYS * DAY_MS))
  for (const vendor of vendors)
    for (let n = dice.int(1, 3); n > 0; n -= 1) planCalendar(facts, vendor, when())
  if (dice.chance(0.7)) planZoneData(facts, when())
}

function planCalendar({ dice, couples, plan }: Facts, vendor: Vendor, at: Instant): void {
  const change: SettingsChange = dice.chance(0.7)
    ? { zone: dice.pick(ZONES) }
    : { rules: { openHours: dice.pick(HOURS) as never } }
  const deed = (moment: Instant, what: string, wanted: SettingsChange): void =>
    plan({
      at: moment,
      what: `${vendor.canary}: ${what}`,
      keyed: true,
      async do(engine) {
        for (const couple of couples) if (couple.vendor === vendor) couple.changed = true
        const replanning = await changeSettings(engine, vendor.id, wanted, 'sim')
        for (const job of replanning?.jobs ?? []) await goOnWith(engine, vendor.id, job)
      },
    })
  deed(at, 'the calendar changes', change)
  const back = 'zone' in change ? { zone: vendor.zone } : { rules: { openHours: {} } }
  if (dice.chance(0.4)) deed(plusMs(at, dice.int(1, 14) * MINUTE_MS), 'the calendar is as it was', back)
}

function planZoneData({ couples, plan }: Facts, at: Instant): void {
  plan({
    at,
    what: 'newer zone data',
    keyed: true,
    async do(engine) {
      for (const couple of couples) couple.changed = true
      await engine.db.tx('sim.installation', 'platform', (sql) =>
        ensureInstallation(sql, engine.rng.uuid7(engine.clock.now()), engine.clock.now(), OLD!),
      )
      playZoneData(NEWS)
      playClocks(NEWS)
      await renewZoneData(withNewData(engine))
    },
  })
}

/** Waits of both clocks, near the wedding and far from it, so that there is always one that must move. */
export const countdown = (): Written => {
  const days = [30, 21, 14, 9, 5, 2]
  const waits = days.map((before, index) => ({
    id: `d${before}`,
    kind: 'delay' as const,
    wait: {
      before: { days: before },
      of: 'wedding',
      at: '12:00',
      zone: index % 2 === 0 ? 'vendor' : 'venue',
    },
  }))
  const arms = days.map((before) => `a${before}`)
  return {
    key: 'countdown',
    document: journeySchema.parse({
      format: 1,
      name: 'Countdown',
      category: 'sim',
      reentry: 'never',
      nodes: [
        { id: 'begin', kind: 'trigger', type: 'contract_signed' },
        { id: 'all', kind: 'fork', arms },
        ...waits,
      ],
      edges: [
        { from: 'begin', to: 'all' },
        ...days.map((before) => ({ from: 'all', exit: `a${before}`, to: `d${before}` })),
      ],
    }),
  }
}

const withNewData = (engine: Engine): Engine => ({
  ...engine,
  settings: { ...engine.settings, zoneData: NEW! },
})

export function forgetZoneData(): void {
  playZoneData({})
  playClocks({})
}
