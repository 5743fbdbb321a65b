import { useSyncExternalStore } from 'react'
import { toast } from '../ui/toasts.ts'
import { heard, isRefused, queries, wordsOf } from './api.ts'
import { holding } from './holding.ts'

const page = holding(({ says }, error) => {
  heard(error)
  if (!isRefused(error, 'unauthorised')) toast(`Not done: “${says}”. ${wordsOf(error)}`, { failed: true })
  // The answer may have been lost on its way: the lists say what is true.
  return queries.invalidateQueries()
})

export const { holdBack } = page

/** The ids of what was pressed away and is not settled yet: no list shows them. */
export const useHeldBack = (): ReadonlySet<string> => useSyncExternalStore(page.subscribe, page.away)

addEventListener('pagehide', page.carryOutAll)
addEventListener('visibilitychange', () => {
  if (document.hidden) page.carryOutAll()
})
