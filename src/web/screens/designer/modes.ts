/** The four sides of a journey; which one is looked at stands in the address. */
export const MODES = ['build', 'simulate', 'live', 'publish'] as const
export type Mode = (typeof MODES)[number]
