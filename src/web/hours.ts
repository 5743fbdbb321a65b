import { readTime, timeProblem } from '../ui/time-of-day.ts'

type Hours = { readonly from: string; readonly to: string }

/** What is wrong with the hours of a day, as they are typed: none at all are right, too. */
export function hoursProblems(
  from = '',
  to = '',
): { readonly from: string | null; readonly to: string | null } {
  const unclear = { from: timeProblem(from), to: timeProblem(to) }
  if (unclear.from || unclear.to) return unclear
  const hours = hoursOf(from, to)
  if (!hours) return { from: from.trim() === to.trim() ? null : 'Both hours, or none.', to: null }
  return { from: hours.from >= hours.to ? 'It ends before it begins.' : null, to: null }
}

export function hoursOf(from = '', to = ''): Hours | null {
  const [begins, ends] = [readTime(from), readTime(to)]
  return begins && ends ? { from: begins, to: ends } : null
}
