import { useState } from 'react'
import { toast } from '../ui/toasts.ts'
import { isRefused, queries, whoIsHere, wordsOf } from './api.ts'

/** Something done by a press: once at a time, and told in words when it is refused. */
export function useDoing() {
  const [busy, setBusy] = useState(false)
  const act = (work: () => Promise<void>): void => {
    if (busy) return
    setBusy(true)
    work()
      .catch((error: unknown) => {
        if (isRefused(error, 'unauthorised')) queries.setQueryData(whoIsHere.queryKey, null)
        else toast(wordsOf(error))
      })
      .finally(() => setBusy(false))
  }
  return { busy, act }
}
