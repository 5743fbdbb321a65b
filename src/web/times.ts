import { type Day, tellDay } from '../ui/month.ts'

/** How moments and days are told: never without their zone. */
const locale = (): string => navigator.language
export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** "Europe/London" as people call it. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** "Sat 4 Sept 2027 10:00": a moment as the clock of this zone shows it. The city is said beside it. */
export function tellMoment(iso: string, zone: string): string {
  const at = new Date(iso)
  return `${tellDay(dayIn(at, zone))} ${new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)}`
}

export const dayIn = (at: Date, zone: string): Day =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)

export const today = (zone: string = hereZone()): Day => dayIn(new Date(), zone)

const DAY_MS = 86_400_000
/** "in 37 days", "tomorrow", "3 days ago"; beyond a year in years. */
export function fromTodayWords(day: Day, from: Day): string {
  const days = Math.round((Date.parse(day) - Date.parse(from)) / DAY_MS)
  if (Math.abs(days) < 2) return days === 0 ? 'today' : days > 0 ? 'tomorrow' : 'yesterday'
  return days > 0 ? `in ${days.toLocaleString()} days` : `${(-days).toLocaleString()} days ago`
}

const WORDS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ')
/** Up to twelve in words, as a sentence says it; figures beyond. */
export const inWords = (count: number): string => WORDS[count] ?? count.toLocaleString()
export const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1)
