import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { loadSample, readSample, removeSample } from '../../../contract/sample.ts'
import { api, askAgain, asks, queries, whoIsHere } from '../../api.ts'
import { holdBack } from '../../held-back.ts'
import { useDoing } from '../../useDoing.ts'

const LOOKED_EVERY_MS = 700
const PASSING: readonly string[] = ['loading', 'removing']

/** The sample studio of whoever sits here: how far it is, and the two presses that bring and remove it. */
export function useSample() {
  const state = useQuery({
    ...asks(readSample, {}),
    refetchInterval: ({ state: { data } }) =>
      data && PASSING.includes(data.data.is) ? LOOKED_EVERY_MS : false,
  })
  const { busy, act } = useDoing()
  const sample = state.data?.data
  const ready = sample?.is === 'ready' ? sample.vendor : null
  useEffect(() => {
    // It is one of the businesses one works for, once it is there.
    if (ready) void queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
  }, [ready])
  return {
    sample,
    busy,
    load: () =>
      act(async () => {
        await api(loadSample, {})
        await askAgain(readSample)
      }),
    /** It cannot be brought back as it was: for some seconds nothing is done yet. */
    remove: (after: () => void) => {
      after()
      holdBack({
        ids: ['sample'],
        says: 'The sample studio is removed',
        does: async () => {
          await api(removeSample, {})
          await askAgain(readSample)
          await queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
        },
      })
    },
  }
}
