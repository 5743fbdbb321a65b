import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { SquareCheck } from 'lucide-react'
import { useState } from 'react'
import { finishTask, listTasks } from '../../../../contract/work.ts'
import { Button } from '../../../../ui/Button.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { Answer } from '../../../Answer.tsx'
import { api, asks, newKey } from '../../../api.ts'
import { holdBack, useHeldBack } from '../../../held-back.ts'
import { useHere, whom, whyNotYours } from '../../../session.ts'
import { cityOf, tellSoon } from '../../../times.ts'
import { allAgain } from './again.ts'
import { ALL, Couple, Line, More, Rest, SHOWN, type Whose } from './Line.tsx'

export function Tasks({ total, whose }: { readonly total: number; readonly whose: Whose }) {
  const { vendor, may } = useHere()
  const gone = useHeldBack()
  const [limit, setLimit] = useState(SHOWN)
  const open = useQuery({
    ...asks(listTasks, { params: { vendor }, query: { limit, whose } }),
    placeholderData: keepPreviousData,
  })
  return (
    <Answer of={open} lines={2}>
      {({ data }) => (
        <ul className="border-t border-border first:border-t-0">
          {data.items.map((one) => {
            const id = `${one.run} ${one.name}`
            if (gone.has(id)) return null
            return (
              <Line
                key={id}
                icon={SquareCheck}
                tone={one.overdue ? 'danger' : one.yours ? 'primary' : 'quiet'}
                title={one.title}
                sub={
                  <>
                    Task for <Couple of={one} />
                    {!one.yours && whom(one.role) && `, for ${whom(one.role)}`}
                    {one.due &&
                      `, ${one.overdue ? 'overdue since' : 'due'} ${tellSoon(one.due, one.zone)} ${cityOf(one.zone)}`}
                  </>
                }
              >
                {may(finishTask) && (
                  <Button
                    size="sm"
                    aria-label={`Done: ${one.title}, ${one.names}`}
                    disabled={!one.yours}
                    title={one.yours ? undefined : whyNotYours(one.role)}
                    onClick={() => {
                      const key = newKey()
                      holdBack({
                        ids: [id],
                        says: `Done: ${one.title}`,
                        does: async () => {
                          await api(finishTask, {
                            params: { vendor, run: one.run },
                            body: { name: one.name },
                            key,
                          })
                          await allAgain()
                        },
                      })
                    }}
                  >
                    Done
                  </Button>
                )}
              </Line>
            )
          })}
          <More shown={data.items.length} total={total}>
            {limit === SHOWN ? (
              <button type="button" className={LINK} onClick={() => setLimit(ALL)}>
                All {total.toLocaleString()} tasks
              </button>
            ) : (
              <Rest of={total - data.items.length} />
            )}
          </More>
        </ul>
      )}
    </Answer>
  )
}
