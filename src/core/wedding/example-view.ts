import type { View } from '../run/view.ts'
import type { LocalDate, LocalTime, Zone } from '../time/local.ts'
import type { AnchorValue } from './anchor.ts'

/** A London photographer and a couple without a date: the view the tests of this folder start from. */
export const exampleView: View = {
  client: { id: 'anna-ben', stage: 'booked', tags: [], language: 'en', zone: null, fields: {}, holds: [] },
  people: [],
  wedding: { id: 'w', status: 'confirmed', zone: null, region: null, guests: null },
  anchors: {},
  vendor: {
    id: 'v',
    type: 'photographer',
    zone: 'Europe/London' as Zone,
    region: 'GB',
    workingDays: [1, 2, 3, 4, 5],
    holidays: new Set(),
    weddingDays: new Set(),
    calendarGeneration: 1,
    openHours: {},
    caps: {},
    late: {},
  },
  sends: [],
  answers: {},
  happened: {},
  limits: { stepsPerActivationMax: 100 },
}

export const withVendor = (change: Partial<View['vendor']>, view: View = exampleView): View => ({
  ...view,
  vendor: { ...view.vendor, ...change },
})

/** The same view with a wedding at a venue in this zone; `on` null: to be confirmed. */
export const withWedding = (
  value: AnchorValue | string | null,
  zone: string,
  generation = 1,
  view: View = exampleView,
): View => ({
  ...view,
  wedding: { ...view.wedding!, zone: zone as Zone },
  anchors: {
    ...view.anchors,
    wedding: {
      value: typeof value === 'string' ? { is: 'day', on: value as LocalDate } : value,
      generation,
    },
  },
})

export const days = (...dates: string[]): ReadonlySet<LocalDate> => new Set(dates as LocalDate[])
export const hours = (from: string, to: string) => ({ from: from as LocalTime, to: to as LocalTime })
