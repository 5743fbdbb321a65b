import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { listClients } from '../../../contract/clients.ts'
import { journeyFlow } from '../../../contract/flow.ts'
import { readJob, undoJob } from '../../../contract/jobs.ts'
import { journeyStatistics, listJourneys } from '../../../contract/journeys.ts'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { askForRuns } from '../foresight/useCommand.ts'

const LOOKED_EVERY_MS = 500

/** Work on many couples: how far it is, followed until it is over; then the book is read anew. */
export function useJob(job: string | null) {
  const { vendor } = useHere()
  const found = useQuery({
    ...asks(readJob, { params: { vendor, job: job ?? '' } }),
    enabled: job !== null,
    refetchInterval: ({ state: { data } }) =>
      data && data.data.state !== 'running' ? false : LOOKED_EVERY_MS,
  })
  const { busy, act } = useDoing()
  const state = found.data?.data.state
  useEffect(() => {
    if (state && state !== 'running')
      void Promise.all([askForRuns(), askAgain(listClients, listJourneys, journeyStatistics, journeyFlow)])
  }, [state])
  return {
    job: found.data?.data ?? null,
    error: found.error,
    busy,
    undo: (after: (job: string) => void) =>
      act(async () => {
        if (job === null) return
        const { data } = await api(undoJob, { params: { vendor, job } })
        after(data.job)
      }),
  }
}
