import { useState } from 'react'
import { toast } from '../ui/toasts.ts'
import { heard, isRefused, wordsOf } from './api.ts'

/** Something done by a press: once at a time, and told in words when it is refused. */
export function useDoing() {
  const [busy, setBusy] = useState(false)
  const act = (work: () => Promise<void>): void => {
    if (busy) return
    setBusy(true)
    work()
      .catch((error: unknown) => {
        heard(error)
        if (!isRefused(error, 'unauthorised')) toast(wordsOf(error), { failed: true })
      })
      .finally(() => setBusy(false))
  }
  return { busy, act }
}
