/**
 * How weddings and inquiries spread over the year and the week, in per cent. What was published for a region is
 * named beside it; every other figure is an estimate that fills the sum. They are defaults, not laws.
 */
export type SeasonRegion = 'US' | 'GB' | 'AU' | 'FR' | 'IN' | 'north' | 'south'

export type Curve = {
  /** January first; sums to 100. */
  readonly months: readonly number[]
  /** Monday first; sums to 100. */
  readonly weekdays: readonly number[]
}

export type SeasonProfile = {
  readonly region: SeasonRegion
  readonly hemisphere: 'north' | 'south'
  readonly weddings: Curve
  readonly inquiries: Curve
}

// Proposals gather from November to February, a fifth of them in December alone: inquiries crowd in January
// and February, opposite to the northern wedding season. Christmas decides, not the sun, so the south has the
// same months.
const INQUIRIES: Curve = {
  months: [14, 12, 10, 8, 7, 7, 7, 7, 7, 7, 6, 8],
  weekdays: [17, 16, 15, 14, 11, 11, 16],
}

const WEEKDAYS_ESTIMATED = { weekdays: [3, 3, 3, 5, 17, 60, 9] } as const

const NORTH_MONTHS = [3, 4, 5, 7, 11, 14, 13, 14, 13, 8, 4, 4]

const profile = (
  region: SeasonRegion,
  hemisphere: 'north' | 'south',
  weddings: Omit<Curve, 'weekdays'> & Partial<Curve>,
): SeasonProfile => ({
  region,
  hemisphere,
  weddings: { ...WEEKDAYS_ESTIMATED, ...weddings },
  inquiries: INQUIRIES,
})

export const SEASON_PROFILES: { readonly [Region in SeasonRegion]: SeasonProfile } = {
  // Receptions of 2021, May to November; nine in ten of 2022 fell on Friday to Sunday.
  US: profile('US', 'north', {
    months: [3, 3, 4, 6, 8, 10, 9, 9, 15, 20, 8, 5],
    weekdays: [2, 2, 2, 4, 17, 58, 15],
  }),
  // England and Wales 2023: August, January and Saturday are published.
  GB: profile('GB', 'north', {
    months: [2.6, 4, 5, 7, 10, 11.5, 13, 14.3, 13.2, 8.4, 5, 6],
    weekdays: [6, 6, 7, 9.1, 22, 41.9, 8],
  }),
  // 2011 for June; Friday to Sunday from a survey of 2016, which has Monday to Thursday as one figure.
  AU: profile('AU', 'south', {
    months: [8, 8, 12, 10, 6.5, 4.8, 4.5, 5.5, 8.5, 12, 12.5, 7.7],
    weekdays: [2, 2, 3, 5, 15, 62, 11],
  }),
  // May to September 71 % (2010) and June to September 60 % (2019) are published, no single month is.
  FR: profile('FR', 'north', { months: [2, 3, 4, 6, 11, 15, 15, 16, 14, 6, 4, 4] }),
  // The auspicious days of November to February; lunar, so the months shift from year to year.
  IN: profile('IN', 'north', {
    months: [14, 14, 7, 7, 9, 5, 3, 3, 3, 5, 15, 15],
    weekdays: [13, 12, 14, 14, 15, 16, 16],
  }),
  north: profile('north', 'north', { months: NORTH_MONTHS }),
  south: profile('south', 'south', {
    months: [...NORTH_MONTHS.slice(6), ...NORTH_MONTHS.slice(0, 6)],
  }),
}
