import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { readDraft, saveDraft } from '../../../contract/journeys.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { api, asks, isRefused, newKey, queries, type Seen } from '../../api.ts'
import { DraftKeeper, type Kept, type Ports, type ServerDraft } from './draft-keeper.ts'

const told = ({ data, etag }: Seen<typeof readDraft>): ServerDraft => ({
  document: data.document as unknown as Journey,
  etag: etag ?? '',
  by: data.by,
  at: data.at,
})

const portsOf = (vendor: string, journey: string): Ports => {
  const params = { vendor, journey }
  return {
    save: async (document, ifMatch) => {
      try {
        const body = { document: document as unknown as Record<string, unknown> }
        const answer = await api(saveDraft, { params, body, ifMatch, key: newKey() })
        queries.setQueryData(asks(readDraft, { params }).queryKey, {
          data: answer.data,
          etag: answer.etag,
        })
        return told(answer)
      } catch (error) {
        if (isRefused(error, 'changed_meanwhile')) return null
        throw error
      }
    },
    read: async () => told(await api(readDraft, { params })),
    now: () => performance.now(),
    later: (work, ms) => {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
  }
}

/** The draft of a journey, kept while one draws. Null until it has been read. */
export function useDraft(vendor: string, journey: string) {
  const draft = useQuery({
    ...asks(readDraft, { params: { vendor, journey } }),
    refetchOnMount: 'always',
    // Two at one journey see each other's changes without a word; whoever draws is asked first.
    refetchInterval: 20_000,
  })
  const [keeper, setKeeper] = useState<DraftKeeper | null>(null)
  const fresh = draft.isFetchedAfterMount ? draft.data : undefined
  useEffect(() => {
    if (!fresh) return
    setKeeper((now) => {
      if (now === null) return new DraftKeeper(told(fresh), portsOf(vendor, journey))
      now.hear(told(fresh))
      return now
    })
  }, [fresh, vendor, journey])
  useEffect(() => {
    if (!keeper) return
    const saveNow = () => void keeper.save().catch(() => undefined)
    addEventListener('pagehide', saveNow)
    return () => {
      removeEventListener('pagehide', saveNow)
      saveNow()
    }
  }, [keeper])
  return { draft, keeper }
}

export const useKept = (keeper: DraftKeeper): Kept => useSyncExternalStore(keeper.subscribe, keeper.kept)
