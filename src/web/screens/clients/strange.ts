import type { LocalDate } from '../../../core/time/local.ts'
import { strangeDay } from '../../../core/wedding/believable.ts'
import { today } from '../../times.ts'

/** What the server would say to this day, said beside the field. */
export const dayProblem = (on: string | null): string | null =>
  on === null ? null : strangeDay(on, today() as LocalDate)
