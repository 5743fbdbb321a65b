/**
 * PostgreSQL holds neither U+0000 nor half a surrogate pair. Without a look the first is a server error and the
 * second is silently replaced, so that what was saved is not what is read.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

const YEAR_1_MS = -62_135_596_800_000
const YEAR_10000_MS = 253_402_300_800_000
export const isMoment = (ms: number): boolean => Number.isInteger(ms) && ms >= YEAR_1_MS && ms < YEAR_10000_MS
