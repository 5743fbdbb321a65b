import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellRing, Undo2 } from 'lucide-react'
import {
  listForms,
  listUnanswered,
  remindNow,
  type Unanswered,
  withdrawSending,
} from '../../../contract/forms.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { LINK, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf, hereZone, inWords, tellSoon } from '../../times.ts'

/** Who was asked and has not answered yet, the longest asked first. */
export function Waiting({ form, published }: { readonly form: string; readonly published: boolean }) {
  const { vendor, may } = useHere()
  const gone = useHeldBack()
  const waiting = useQuery(asks(listUnanswered, { params: { vendor, form } }))
  const again = (): Promise<unknown> => askAgain(listUnanswered, listForms)
  const hold = (one: Unanswered, says: string, op: typeof remindNow | typeof withdrawSending): void => {
    const key = newKey()
    holdBack({
      ids: [one.sending],
      says,
      does: async () => {
        await api(op, { params: { vendor, sending: one.sending }, key })
        await again()
      },
    })
  }
  const remind = (one: Unanswered): void =>
    hold(one, `The next reminder to ${one.names} goes now, instead of later`, remindNow)
  const withdraw = (one: Unanswered): void =>
    hold(one, `The form of ${one.names} is taken back; its page says so`, withdrawSending)
  return (
    <Answer of={waiting}>
      {({ data: { items } }) =>
        items.length === 0 ? (
          <EmptyState title="Nobody is waited for">
            <p>
              {published
                ? 'Everybody who was asked has answered, or nobody was asked yet.'
                : 'Publish the form first; then a journey can ask with it.'}
            </p>
          </EmptyState>
        ) : (
          <>
            <p className="mb-3 text-muted-foreground">
              {capital(inWords(items.length))} {items.length === 1 ? 'couple has' : 'couples have'} not
              answered yet. Times are {cityOf(hereZone())}.
            </p>
            <Table
              label="Not answered yet"
              columns={[
                ...COLUMNS,
                {
                  id: 'acts',
                  head: 'Remind, or take back',
                  quiet: true,
                  width: '170px',
                  align: 'end',
                  onPhone: true,
                  cell: (one) => (
                    <span className="inline-flex items-center gap-1">
                      {may(remindNow) && one.mayRemind && (
                        <Button
                          size="sm"
                          icon={BellRing}
                          disabled={gone.has(one.sending)}
                          onClick={() => remind(one)}
                        >
                          Remind now
                        </Button>
                      )}
                      {may(withdrawSending) && (
                        <IconButton
                          size="sm"
                          look="ghost"
                          icon={Undo2}
                          label={`Take the form of ${one.names} back`}
                          disabled={gone.has(one.sending)}
                          onClick={() => withdraw(one)}
                        />
                      )}
                    </span>
                  ),
                },
              ]}
              rows={items}
              rowKey={({ sending }) => sending}
              rowName={({ names }) => names}
              below={(one) =>
                `${one.savedAt ? 'has begun, ' : ''}${one.until ? `until ${at(one.until)}` : `asked ${at(one.askedAt)}`}`
              }
            />
          </>
        )
      }
    </Answer>
  )
}

const at = (iso: string): string => tellSoon(iso, hereZone())
const Moment = ({ of }: { readonly of: string | null }) => (of ? <time dateTime={of}>{at(of)}</time> : '–')

const COLUMNS: readonly Column<Unanswered>[] = [
  {
    id: 'couple',
    head: 'Couple',
    cell: ({ client, names, savedAt }) => (
      <>
        <Link to="/clients/$clientId" params={{ clientId: client }} className={LINK}>
          {names}
        </Link>
        {savedAt && <Zone> has begun</Zone>}
      </>
    ),
  },
  { id: 'asked', head: 'Asked', width: '170px', cell: ({ askedAt }) => <Moment of={askedAt} /> },
  { id: 'until', head: 'Waited for until', width: '170px', cell: ({ until }) => <Moment of={until} /> },
  {
    id: 'reminded',
    head: 'Reminded',
    width: '90px',
    align: 'end',
    cell: ({ reminded }) => reminded,
  },
  {
    id: 'next',
    head: 'Next reminder',
    width: '170px',
    cell: ({ nextReminder }) => <Moment of={nextReminder} />,
  },
]
