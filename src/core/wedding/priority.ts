/** Priority tier of work; how it is found is decided in `bandFor`. */
export type Band = 'critical' | 'high' | 'medium' | 'low'
export const BANDS: readonly Band[] = ['critical', 'high', 'medium', 'low']
