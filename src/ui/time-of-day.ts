/**
 * A time of day as people type it, kept as "14:30": the clock of 24 hours, wherever the browser stands. A morning
 * that a browser calls AM is never taken for an evening, because what is shown is what is meant.
 */
export type TimeOfDay = string

const TYPED = /^(\d{1,2})(?:[:.h ]?(\d{2}))?h?(?: ?([ap])\.?m\.?)?$/

/** The time these words say, "9", "930", "9.30", "14h30" and "2:30 pm" among them; null where they say none. */
export function readTime(text: string): TimeOfDay | null {
  const found = TYPED.exec(text.trim().toLowerCase())
  if (!found) return null
  const [, hours = '', minutes = '00', half] = found
  const minute = Number(minutes)
  const hour = half === undefined ? Number(hours) : hourOf(Number(hours), half)
  if (hour === null || hour > 23 || minute > 59) return null
  return told(hour * 60 + minute)
}

function hourOf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (half === 'p' ? 12 : 0)
}

/** Typed to its end: whoever types "1" may be on the way to "14:30". */
export const isWhole = (text: string): boolean => /^\d{1,2}:\d{2}$/.test(text.trim())

/** What is wrong with it, said to whoever typed it; nothing is left open on purpose. */
export const timeProblem = (text: string): string | null =>
  text.trim() === '' || readTime(text) ? null : 'A time such as 14:30.'

const DAY_MINUTES = 24 * 60
const QUARTER_MINUTES = 15
const told = (minutes: number): TimeOfDay =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Where a key leads from this time, round the clock: the next quarter of an hour, or an hour on. */
export function timeAfterKey(at: TimeOfDay, key: string): TimeOfDay | null {
  const from = Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5))
  const to = (minutes: number) => told((minutes + DAY_MINUTES) % DAY_MINUTES)
  switch (key) {
    case 'ArrowUp':
      return to((Math.floor(from / QUARTER_MINUTES) + 1) * QUARTER_MINUTES)
    case 'ArrowDown':
      return to((Math.ceil(from / QUARTER_MINUTES) - 1) * QUARTER_MINUTES)
    case 'PageUp':
      return to(from + 60)
    case 'PageDown':
      return to(from - 60)
    default:
      return null
  }
}
