import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { CirclePause } from 'lucide-react'
import { useState } from 'react'
import { commandRun, listRuns, undoCommand } from '../../../../contract/runs.ts'
import { Button } from '../../../../ui/Button.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { toast } from '../../../../ui/toasts.ts'
import { Answer } from '../../../Answer.tsx'
import { api, newKey } from '../../../api.ts'
import { useHere } from '../../../session.ts'
import { firstNames } from '../../../times.ts'
import { useDoing } from '../../../useDoing.ts'
import { PAUSED_BY_HAND } from '../../clients/held-words.ts'
import { allAgain } from './again.ts'
import { ALL, Couple, Line, More, SHOWN } from './Line.tsx'

export function Held({ total }: { readonly total: number }) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const [all, setAll] = useState(false)
  const book = useInfiniteQuery({
    queryKey: [listRuns.id, { params: { vendor } }, 'held', all],
    queryFn: async ({ pageParam }) => {
      const query = {
        status: 'held' as const,
        limit: all ? ALL : SHOWN,
        ...(pageParam && { cursor: pageParam }),
      }
      return (await api(listRuns, { params: { vendor }, query })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const release = (run: string, names: string): void =>
    act(async () => {
      const params = { vendor, run }
      const { data } = await api(commandRun, { params, body: { command: { do: 'resume' } }, key: newKey() })
      await allAgain()
      toast(`${names}: the journey goes on`, {
        undo: () =>
          act(async () => {
            await api(undoCommand, { params: { ...params, command: data.command } })
            await allAgain()
          }),
      })
    })
  return (
    <Answer of={book} lines={2}>
      {({ pages }) => {
        const shown = pages.flatMap((page) => page.items)
        return (
          <ul id="held" className="border-t border-border first:border-t-0">
            {shown.map((one) => (
              <Line
                key={one.id}
                icon={CirclePause}
                tone="held"
                title={
                  <>
                    <Couple of={one} />: {one.journeyName}
                  </>
                }
                sub={`Held: ${one.holds.join(', ')}`}
              >
                {may(commandRun) && one.holds.every((why) => why === PAUSED_BY_HAND) && (
                  <Button
                    size="sm"
                    busy={busy}
                    aria-label={`Release ${one.names}: ${one.journeyName}`}
                    onClick={() => release(one.id, firstNames(one.names))}
                  >
                    Release
                  </Button>
                )}
              </Line>
            ))}
            <More shown={shown.length} total={total}>
              <button
                type="button"
                className={LINK}
                disabled={book.isFetching}
                onClick={() => (all ? void book.fetchNextPage() : setAll(true))}
              >
                {all
                  ? `Show more, ${(total - shown.length).toLocaleString()} are left`
                  : `All ${total.toLocaleString()} that are held`}
              </button>
            </More>
          </ul>
        )
      }}
    </Answer>
  )
}
