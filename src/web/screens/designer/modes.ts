/** The four sides of a journey; which one is looked at stands in the address. */
export const MODES = ['build', 'simulate', 'live', 'publish'] as const
export type Mode = (typeof MODES)[number]

/** What one wonders about when a journey is run ahead. */
export const WEDDINGS = ['as_it_is', 'in_5_days', 'in_6_weeks', 'in_14_months'] as const
export type WhenWedding = (typeof WEDDINGS)[number]
export const ANSWERS = ['typical', 'always', 'worst', 'silent', 'never'] as const
export type Answering = (typeof ANSWERS)[number]

/** What became of couples at a step: who waits there now, and what the others did within the days looked at. */
export const BECAME = ['done', 'skipped', 'failed'] as const
export const STANDS = ['waiting', ...BECAME] as const
export type Is = (typeof STANDS)[number]
