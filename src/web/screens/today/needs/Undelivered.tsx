import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleX } from 'lucide-react'
import { listDeadLetters, requeueDeadLetters } from '../../../../contract/work.ts'
import { Button } from '../../../../ui/Button.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { Answer } from '../../../Answer.tsx'
import { api, asks, newKey } from '../../../api.ts'
import { holdBack, useHeldBack } from '../../../held-back.ts'
import { useHere } from '../../../session.ts'
import { causeWords, kindOf } from '../../messages/words.ts'
import { allAgain } from './again.ts'
import { Couple, Line, More, SHOWN } from './Line.tsx'

export function Undelivered({ total }: { readonly total: number }) {
  const { vendor, may } = useHere()
  const letters = useQuery(asks(listDeadLetters, { params: { vendor }, query: { limit: SHOWN } }))
  const gone = useHeldBack()
  const again = (message: string): void => {
    const key = newKey()
    holdBack({
      ids: [message],
      says: 'It is sent once more',
      does: async () => {
        await api(requeueDeadLetters, { params: { vendor }, body: { message }, key })
        await allAgain()
      },
    })
  }
  return (
    <Answer of={letters} lines={2}>
      {({ data }) => (
        <ul className="border-t border-border first:border-t-0">
          {data.items
            .filter(({ message }) => !gone.has(message))
            .map((one) => (
              <Line
                key={one.message}
                icon={CircleX}
                tone="danger"
                title={
                  <>
                    <Couple of={one} />:{' '}
                    <Link
                      to="/messages"
                      search={{ message: one.message }}
                      className="rounded-xs underline decoration-border-strong underline-offset-[3px] hover:decoration-current"
                    >
                      {kindOf(one.kind).word} not delivered
                    </Link>
                  </>
                }
                sub={causeWords(one.cause)}
              >
                {may(requeueDeadLetters) &&
                  (one.dead ? (
                    <Button asChild size="sm">
                      <Link
                        to="/clients/$clientId"
                        params={{ clientId: one.client }}
                        search={{ edit: one.recipient }}
                      >
                        Another address
                      </Link>
                    </Button>
                  ) : (
                    <Button size="sm" onClick={() => again(one.message)}>
                      Send again
                    </Button>
                  ))}
              </Line>
            ))}
          <More shown={data.items.length} total={total}>
            <Link to="/messages" search={{ is: 'not_sent' }} className={LINK}>
              All {total.toLocaleString()}
            </Link>
          </More>
        </ul>
      )}
    </Answer>
  )
}
