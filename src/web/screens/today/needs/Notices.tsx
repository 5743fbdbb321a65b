import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { listNotices, settleNotice } from '../../../../contract/work.ts'
import { Button } from '../../../../ui/Button.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { Answer } from '../../../Answer.tsx'
import { api, asks, isRefused, newKey } from '../../../api.ts'
import { holdBack, useHeldBack } from '../../../held-back.ts'
import { useHere } from '../../../session.ts'
import { capital, cityOf, tellSoon } from '../../../times.ts'
import { recipientName } from '../../messages/words.ts'
import { noticeWords } from '../words.ts'
import { allAgain } from './again.ts'
import { type Alike, alike, type Notice, tellHowMany } from './alike.ts'
import { ALL, Couple, Line, More, Rest, SHOWN } from './Line.tsx'

const says = ({ code, facts, names }: Notice): string =>
  noticeWords(code, facts, typeof facts.to === 'string' ? recipientName(facts.to, names ?? '') : 'Somebody')

export function Notices({ total, zone }: { readonly total: number; readonly zone: string }) {
  const { vendor } = useHere()
  const gone = useHeldBack()
  const [all, setAll] = useState(false)
  const open = useQuery(asks(listNotices, { params: { vendor }, query: { limit: ALL } }))
  return (
    <Answer of={open} lines={2}>
      {({ data }) => {
        const lines = alike(data.items.filter(({ id }) => !gone.has(id)))
        const shown = all ? lines : lines.slice(0, SHOWN)
        return (
          <ul className="border-t border-border first:border-t-0">
            {shown.map((line) =>
              line.notices.length > 1 ? (
                <Several key={line.says} of={line} zone={zone} />
              ) : (
                line.notices.map((one) => <Single key={one.id} of={one} />)
              ),
            )}
            {shown.length < lines.length ? (
              <li className="border-t border-border py-2">
                <button type="button" className={LINK} onClick={() => setAll(true)}>
                  All {total.toLocaleString()} to look at
                </button>
              </li>
            ) : (
              <More shown={data.items.length} total={total}>
                <Rest of={total - data.items.length} />
              </More>
            )}
          </ul>
        )
      }}
    </Answer>
  )
}

function Single({ of: one }: { readonly of: Notice }) {
  return (
    <Line
      icon={TriangleAlert}
      tone="warning"
      title={capital(says(one))}
      sub={
        one.code === 'call_refused' ? (
          <Link to="/settings/$part" params={{ part: 'incoming' }} className={LINK}>
            Why, and what it becomes
          </Link>
        ) : one.client ? (
          <Couple of={one} />
        ) : (
          'Of no couple in particular'
        )
      }
    >
      <PutAway these={[one]} says={says(one)} />
    </Line>
  )
}

/** Many of a kind on one line, which opens to the single ones. */
function Several({ of, zone }: { readonly of: Alike; readonly zone: string }) {
  const [isOpen, setOpen] = useState(false)
  const listId = useId()
  return (
    <>
      <Line icon={TriangleAlert} tone="warning" title={capital(of.says)} sub={tellHowMany(of)}>
        <Button
          size="sm"
          look="ghost"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-label={`${isOpen ? 'Hide' : 'Show'} them: ${of.says}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'}
        </Button>
        <PutAway these={of.notices} says={`${of.says}, ${tellHowMany(of)}`} />
      </Line>
      <li id={listId} hidden={!isOpen}>
        {isOpen && (
          <ul className="mb-2 ml-[7px] border-l border-border pl-[21px]">
            {of.notices.map((one) => (
              <Line
                key={one.id}
                title={one.client ? <Couple of={one} /> : 'Of no couple in particular'}
                sub={
                  <>
                    {says(one) !== of.says && `${capital(says(one))}, `}
                    {tellSoon(one.at, zone)} {cityOf(zone)}
                  </>
                }
              >
                <PutAway these={[one]} says={says(one)} />
              </Line>
            ))}
          </ul>
        )}
      </li>
    </>
  )
}

function PutAway({ these, says }: { readonly these: readonly Notice[]; readonly says: string }) {
  const { vendor, may } = useHere()
  if (!may(settleNotice)) return null
  return (
    <Button
      size="sm"
      aria-label={`Seen: ${says}`}
      onClick={() => {
        const keyed = these.map(({ id }) => ({ notice: id, key: newKey() }))
        holdBack({
          ids: these.map(({ id }) => id),
          says: `Put away: ${says}`,
          does: async () => {
            // All at once: whoever leaves the page meanwhile has asked for every one of them.
            await Promise.all(
              keyed.map(({ notice, key }) =>
                api(settleNotice, { params: { vendor, notice }, key }).catch(unlessPutAwayBefore),
              ),
            )
            await allAgain()
          },
        })
      }}
    >
      Seen
    </Button>
  )
}

function unlessPutAwayBefore(error: unknown): void {
  if (!isRefused(error, 'conflict')) throw error
}
