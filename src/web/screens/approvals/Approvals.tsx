import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Check, ChevronDown, ChevronUp, Eye, Pencil, SkipForward } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { answerApproval, listApprovals, readOutlook, readToday } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey, type Seen } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere, whom } from '../../session.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { singleKeysOn } from '../../shell/preferences.ts'
import { capital, cityOf, firstNames, inWords, tellSoon } from '../../times.ts'
import { kindOf } from '../messages/words.ts'
import { asksToday } from '../today/asks.ts'
import { ApprovalCard } from './ApprovalCard.tsx'

const room = getRouteApi('/house/approvals')
const SHOWN_MAX = 100
export type Approval = Seen<typeof listApprovals>['data']['items'][number]
export type Yes = 'approved' | 'skipped'

const idOf = (one: Pick<Approval, 'run' | 'name'>): string => `${one.run} ${one.name}`

/** Messages that wait for a yes, one at a time: read, edit, approve, skip, by hand, by key or by finger. */
export function Approvals() {
  const { vendor, may } = useHere()
  const { run, name, whose: wanted } = room.useSearch()
  const navigate = useNavigate({ from: '/approvals' })
  // Whoever answers none of them came to look at all of them.
  const whose = wanted === 'all' || !may(answerApproval) ? 'all' : 'yours'
  const open = useQuery(asks(listApprovals, { params: { vendor }, query: { limit: SHOWN_MAX, whose } }))
  const figures = useQuery(asksToday(vendor)).data?.data
  const ofOthers = figures ? figures.approvals - figures.forYou.approvals : 0
  const gone = useHeldBack()
  const waiting = useMemo(
    () => open.data?.data.items.filter((one) => !gone.has(idOf(one))) ?? [],
    [open.data, gone],
  )
  const found = waiting.findIndex((one) => one.run === run && one.name === name)
  const at = Math.max(0, found)
  const here = waiting[at]
  const more = (open.data?.data.total ?? 0) - (open.data?.data.items.length ?? 0)

  const show = (one: Approval | undefined, of = whose): void =>
    void navigate({
      search: {
        ...(one && { run: one.run, name: one.name }),
        ...(of === 'all' && may(answerApproval) && { whose: of }),
      },
      replace: true,
      resetScroll: false,
    })

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
      <Lede dense>
        {open.data ? lede(waiting, more, whose) : 'Messages that go once you have read them.'}
      </Lede>
      {may(answerApproval) && (ofOthers > 0 || whose === 'all') && (
        <div className="mt-3">
          <Segmented
            label="Whose"
            size="sm"
            value={whose}
            segments={[
              { value: 'yours', label: 'For you' },
              { value: 'all', label: 'All' },
            ]}
            onChange={(next) => show(undefined, next)}
          />
        </div>
      )}
      <div className="mt-4">
        <Answer of={open} lines={8}>
          {() =>
            here === undefined ? (
              <Nothing ofOthers={whose === 'yours' ? ofOthers : 0} />
            ) : (
              <>
                <Keys
                  here={here}
                  answer={answer}
                  step={(by) => show(waiting[Math.min(Math.max(at + by, 0), waiting.length - 1)])}
                />
                <Progress at={at} of={waiting.length} />
                <div className="grid gap-x-10 lg:grid-cols-[320px_minmax(0,680px)]">
                  <Waiting all={waiting} here={here} whose={wanted} />
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

function lede(waiting: readonly Approval[], more: number, whose: 'yours' | 'all') {
  const count = waiting.length + more
  if (count === 0) return whose === 'yours' ? 'Nothing waits for your yes.' : 'Nothing waits for a yes.'
  const first = waiting.find((one) => one.until !== null)
  return (
    <>
      {capital(inWords(count))} {count === 1 ? 'waits' : 'wait'} for{' '}
      {waiting.every((one) => one.yours) ? 'you' : 'a yes'}
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

const Nothing = ({ ofOthers }: { readonly ofOthers: number }) => (
  <div className="max-w-[860px]">
    <EmptyState
      title="All read"
      action={
        <Button asChild look="primary">
          <Link to="/">See what goes out today</Link>
        </Button>
      }
    >
      {ofOthers > 0
        ? `${capital(inWords(ofOthers))} ${ofOthers === 1 ? 'waits' : 'wait'} for somebody with a higher role than yours: choose All to see them.`
        : 'A step that asks for your yes before it sends stands here, with the words the couple will get, until you have read it or its time is over.'}
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
function Waiting({
  all,
  here,
  whose,
}: {
  readonly all: readonly Approval[]
  readonly here: Approval
  readonly whose: string | undefined
}) {
  return (
    <nav aria-label="What waits" className="hidden lg:block">
      <ol>
        {all.map((one) => (
          <li key={idOf(one)} className="border-t border-border first:border-t-0">
            <Link
              to="/approvals"
              search={{ run: one.run, name: one.name, ...(whose && { whose }) }}
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
              {!one.yours && whom(one.role) && (
                <span className="block text-small text-muted-foreground">for {whom(one.role)}</span>
              )}
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
  const mayAnswer = may(answerApproval) && here.yours
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
