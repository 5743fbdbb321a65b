import { useMutation } from '@tanstack/react-query'
import { changeClient, listClients, readClient, type WholeClient } from '../../../contract/clients.ts'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks, isRefused, queries, type Seen, wordsOf } from '../../api.ts'
import { useHere } from '../../session.ts'

type Facts = { readonly [name: string]: string | null }
type Traits = Partial<Pick<WholeClient, 'stage' | 'tags' | 'language'>> & { readonly fields?: Facts }
/** Computed on what is there when it is its turn: two changes in a row do not write over each other. */
type Change = {
  readonly says: string
  readonly of: (now: WholeClient) => Traits
  /** Null where it is itself a way back. */
  readonly back: ((now: WholeClient) => Traits) | null
}

/** What is there with the change on it: a fact that is null is gone. */
function changed(now: WholeClient, { fields, ...traits }: Traits): WholeClient {
  const facts = Object.entries({ ...now.fields, ...fields }).filter(([, value]) => value !== null)
  return { ...now, ...traits, fields: now.fields && Object.fromEntries(facts) }
}

/** Stage, tags, language and facts of one's own: done at once on the screen, saved one after the other, with a way back. */
export function useTraits(client: string) {
  const { vendor } = useHere()
  const input = { params: { vendor, client } }
  const { queryKey } = asks(readClient, input)
  const { mutate } = useMutation({
    scope: { id: `client ${client}` },
    onMutate: async ({ of }: Change) => {
      await queries.cancelQueries({ queryKey })
      const before = queries.getQueryData<Seen<typeof readClient>>(queryKey)
      if (before) queries.setQueryData(queryKey, { ...before, data: changed(before.data, of(before.data)) })
    },
    mutationFn: async ({ of }: Change) => {
      const now = queries.getQueryData<Seen<typeof readClient>>(queryKey)
      if (!now?.etag) throw new Error('A couple was changed that nobody has read.')
      return api(changeClient, { ...input, body: of(now.data), ifMatch: now.etag })
    },
    onSuccess: ({ data, etag }, { says, back }) => {
      queries.setQueryData(queryKey, { data, etag })
      void askAgain(listClients)
      toast(says, {
        undo: back && (() => mutate({ says: 'Back to what it was', of: back, back: null })),
      })
    },
    onError: async (error) => {
      await queries.invalidateQueries({ queryKey })
      if (!isRefused(error, 'unauthorised')) toast(wordsOf(error), { failed: true })
    },
  })
  return mutate
}
