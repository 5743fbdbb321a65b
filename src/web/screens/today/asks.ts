import { readOutlook, readToday } from '../../../contract/today.ts'
import { asks } from '../../api.ts'

const DAYS = 7

/** What Today is told from. public/before-first-paint.js asks the same while the app is on its way. */
export const asksToday = (vendor: string) => asks(readToday, { params: { vendor } })
export const asksAhead = (vendor: string) =>
  asks(readOutlook, { params: { vendor }, query: { days: DAYS, brief: 'true' } })
