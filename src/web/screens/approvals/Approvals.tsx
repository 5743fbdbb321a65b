import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Check, ChevronDown, ChevronUp, Eye, Pencil, SkipForward } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { answerApproval, listApprovals, readOutlook, readToday } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey, type Seen } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { singleKeysOn } from '../../shell/preferences.ts'
import { capital, cityOf, firstNames, inWords, tellSoon } from '../../times.ts'
import { kindOf } from '../messages/words.ts'
import { ApprovalCard } from './ApprovalCard.tsx'

const room = getRouteApi('/house/approvals')
const SHOWN_MAX = 100
export type Approval = Seen<typeof listApprovals>['data']['items'][number]
export type Yes = 'approved' | 'skipped'

const idOf = (one: Pick<Approval, 'run' | 'name'>): string => `${one.run} ${one.name}`

/** Messages that wait for a yes, one at a time: read, edit, approve, skip, by hand, by key or by finger. */
export function Approvals() {
  const { vendor } = useHere()
  const { run, name } = room.useSearch()
  const navigate = useNavigate({ from: '/approvals' })
  const open = useQuery(asks(listApprovals, { params: { vendor }, query: { limit: SHOWN_MAX } }))
  const gone = useHeldBack()
  const waiting = useMemo(
    () => open.data?.data.items.filter((one) => !gone.has(idOf(one))) ?? [],
    [open.data, gone],
  )
  const found = waiting.findIndex((one) => one.run === run && one.name === name)
  const at = Math.max(0, found)
  const here = waiting[at]
  const more = (open.data?.data.total ?? 0) - (open.data?.data.items.length ?? 0)

  const show = (one: Approval | undefined): void =>
    void navigate({ search: one ? { run: one.run, name: one.name } : {}, replace: true, resetScroll: false })

  const answer = (one: Approval, said: Yes): void => {
    const key = newKey()
    show(waiting[at + 1] ?? waiting[at - 1])
    const what = one.message?.name ?? one.ask
    holdBack({
      ids: [idOf(one)],
      says: `${firstNames(one.names)}: ${what} ${said === 'approved' ? 'is approved' : 'is left out'}`,
      does: async () => {
        await api(answerApproval, {
          params: { vendor, run: one.run },
          body: { name: one.name, answer: said },
          key,
        })
        await askAgain(listApprovals, readToday, readOutlook)
      },
    })
  }

  return (
    <>
      <Eyebrow>Approvals</Eyebrow>
      <Lede dense>{open.data ? lede(waiting, more) : 'Messages that go once you have read them.'}</Lede>
      <div className="mt-4">
        <Answer of={open} lines={8}>
          {() =>
            here === undefined ? (
              <Nothing />
            ) : (
              <>
                <Keys
                  here={here}
                  answer={answer}
                  step={(by) => show(waiting[Math.min(Math.max(at + by, 0), waiting.length - 1)])}
                />
                <Progress at={at} of={waiting.length} />
                <div className="grid gap-x-10 lg:grid-cols-[320px_minmax(0,680px)]">
                  <Waiting all={waiting} here={here} />
                  <ApprovalCard key={idOf(here)} approval={here} answer={(said) => answer(here, said)} />
                </div>
              </>
            )
          }
        </Answer>
      </div>
    </>
  )
}

function lede(waiting: readonly Approval[], more: number) {
  const count = waiting.length + more
  if (count === 0) return 'Nothing waits for your yes.'
  const first = waiting.find((one) => one.until !== null)
  return (
    <>
      {capital(inWords(count))} {count === 1 ? 'waits' : 'wait'} for you
      {first?.until && (
        <>
          , {count === 1 ? 'until' : 'the first until'}{' '}
          <b>
            {tellSoon(first.until, first.zone)} {cityOf(first.zone)}
          </b>
        </>
      )}
      .
    </>
  )
}

const Nothing = () => (
  <div className="max-w-[860px]">
    <EmptyState
      title="All read"
      action={
        <Button asChild look="primary">
          <Link to="/">See what goes out today</Link>
        </Button>
      }
    >
      A step that asks for your yes before it sends stands here, with the words the couple will get, until you
      have read it or its time is over.
    </EmptyState>
  </div>
)

function Progress({ at, of }: { readonly at: number; readonly of: number }) {
  if (of < 2) return null
  return (
    <div className="mb-4 flex items-center gap-3 lg:hidden">
      <div aria-hidden="true" className="flex flex-1 gap-1">
        {Array.from({ length: Math.min(of, 12) }, (_, index) => (
          <span
            key={`bar ${index.toString()}`}
            className={classNames(
              'h-[3px] flex-1 rounded-full',
              index <= (at * Math.min(of, 12)) / of ? 'bg-primary' : 'bg-border',
            )}
          />
        ))}
      </div>
      <span className="text-small text-muted-foreground" aria-live="polite">
        {at + 1} of {of}
      </span>
    </div>
  )
}

/** Beside the card where there is room for it. */
function Waiting({ all, here }: { readonly all: readonly Approval[]; readonly here: Approval }) {
  return (
    <nav aria-label="What waits" className="hidden lg:block">
      <ol>
        {all.map((one) => (
          <li key={idOf(one)} className="border-t border-border first:border-t-0">
            <Link
              to="/approvals"
              search={{ run: one.run, name: one.name }}
              replace
              aria-current={one === here ? 'true' : undefined}
              className={classNames(
                'block rounded-sm px-3 py-2.5 -outline-offset-2',
                one === here ? 'bg-control-on shadow-[inset_0_0_0_1px_var(--border)]' : 'hover:bg-muted',
              )}
            >
              <span className="flex items-center gap-2">
                <Icon
                  of={one.message ? kindOf(one.message.module).icon : Eye}
                  size={16}
                  className="text-muted-foreground"
                />
                <span className="truncate font-strong">{firstNames(one.names)}</span>
              </span>
              <span className="block truncate text-muted-foreground">{one.message?.name ?? one.ask}</span>
              {one.until && (
                <span className="block text-small text-muted-foreground">
                  until {tellSoon(one.until, one.zone)} {cityOf(one.zone)}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** J and K go through them, A or Enter says yes, S leaves out, E edits. Enter on a button is the button's. */
function Keys({
  here,
  answer,
  step,
}: {
  readonly here: Approval
  readonly answer: (one: Approval, said: Yes) => void
  readonly step: (by: 1 | -1) => void
}) {
  const { may } = useHere()
  const mayAnswer = may(answerApproval)
  const commands = useMemo(
    () => (mayAnswer ? [...moving(step), ...deciding(here, answer)] : moving(step)),
    [mayAnswer, here, answer, step],
  )
  useOffer(commands)
  useEffect(() => {
    if (!mayAnswer) return
    const listen = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null
      const onPage = target === null || target === document.body || /^(MAIN|H1)$/.test(target.tagName)
      if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.defaultPrevented) return
      if (!onPage || !singleKeysOn() || document.querySelector('[role=dialog],[role=menu]')) return
      event.preventDefault()
      answer(here, 'approved')
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [mayAnswer, here, answer])
  return null
}

const moving = (step: (by: 1 | -1) => void): readonly Command[] => [
  {
    id: 'approval-next',
    group: 'Here',
    label: 'Next approval',
    icon: ChevronDown,
    keys: ['J'],
    run: () => step(1),
  },
  {
    id: 'approval-before',
    group: 'Here',
    label: 'Approval before',
    icon: ChevronUp,
    keys: ['K'],
    run: () => step(-1),
  },
]

const deciding = (here: Approval, answer: (one: Approval, said: Yes) => void): readonly Command[] => [
  {
    id: 'approve',
    group: 'Here',
    label: 'Approve this message',
    icon: Check,
    keys: ['A'],
    run: () => answer(here, 'approved'),
  },
  {
    id: 'approve-at-once',
    group: 'Here',
    label: 'Approve, also while writing',
    icon: Check,
    keys: ['Mod', 'Enter'],
    run: () => answer(here, 'approved'),
  },
  {
    id: 'leave-out',
    group: 'Here',
    label: 'Leave this message out',
    icon: SkipForward,
    keys: ['S'],
    run: () => answer(here, 'skipped'),
  },
  {
    id: 'edit-approval',
    group: 'Here',
    label: 'Edit this message',
    icon: Pencil,
    keys: ['E'],
    run: () => document.getElementById('edit-message')?.click(),
  },
]
