import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CirclePause, CircleX, Eye, SquareCheck, TriangleAlert } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { commandRun, listRuns, undoCommand } from '../../../contract/runs.ts'
import {
  finishTask,
  listApprovals,
  listDeadLetters,
  listNotices,
  listTasks,
  readOutlook,
  readToday,
  requeueDeadLetters,
  settleNotice,
} from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { TEXT, type Tone } from '../../../ui/tone.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, isRefused, newKey } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere, whom, whyNotYours } from '../../session.ts'
import { capital, cityOf, firstNames, inWords, tellSoon } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { PAUSED_BY_HAND } from '../clients/held-words.ts'
import { causeWords, kindOf, recipientName } from '../messages/words.ts'
import { type Alike, alike, type Notice, tellHowMany } from './alike.ts'
import { noticeWords, type TodayFigures } from './words.ts'

const SHOWN = 5
/** As many as one page of an answer gives. */
const ALL = 100

/** Whatever waits for a person, the most urgent kinds first, each with what can be done about it here. */
export function NeedsYou({ figures }: { readonly figures: TodayFigures }) {
  // The sentence above counts what waits for an answer; what only wants a look is counted beside it.
  const waiting = figures.forYou.approvals + figures.forYou.tasks
  const ofOthers = figures.approvals + figures.tasks - waiting
  const [withOthers, showOthers] = useState(false)
  const whose = withOthers ? 'all' : 'yours'
  const { approvals, tasks } = withOthers ? figures : figures.forYou
  const toLookAt = figures.deadLetters + figures.notices + figures.held
  const count = waiting + toLookAt
  return (
    <div id="needs-you">
      <Section title="Needs you" meta={tellCounts(waiting, toLookAt)}>
        {count === 0 && !withOthers ? (
          <p className="py-3 text-muted-foreground">
            Nothing. Approvals, tasks, replies and whatever could not be sent stand here when they need you.
          </p>
        ) : (
          <>
            {figures.deadLetters > 0 && <Undelivered total={figures.deadLetters} />}
            {figures.held > 0 && <Held total={figures.held} />}
            {approvals > 0 && <Approvals total={approvals} whose={whose} />}
            {tasks > 0 && <Tasks total={tasks} whose={whose} />}
            {figures.notices > 0 && <Notices total={figures.notices} zone={figures.zone} />}
          </>
        )}
        {ofOthers > 0 && (
          <p className="border-t border-border py-2">
            <button
              type="button"
              className={LINK}
              aria-expanded={withOthers}
              onClick={() => showOthers(!withOthers)}
            >
              {withOthers
                ? 'Only what is for you'
                : `${capital(inWords(ofOthers))} ${ofOthers === 1 ? 'waits' : 'wait'} for others`}
            </button>
          </p>
        )}
      </Section>
    </div>
  )
}

const tellCounts = (waiting: number, toLookAt: number): string | null => {
  const told = [
    ...(waiting > 0 ? [`${waiting.toLocaleString()} waiting`] : []),
    ...(toLookAt > 0 ? [`${toLookAt.toLocaleString()} to look at`] : []),
  ]
  return told.length > 0 ? told.join(', ') : null
}

function Line({
  icon,
  tone = 'quiet',
  title,
  sub,
  children,
}: {
  readonly icon?: IconShape
  readonly tone?: Tone
  readonly title: ReactNode
  readonly sub: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <li className="flex items-center gap-3 border-t border-border py-2 first:border-t-0">
      {icon && (
        <span className={TEXT[tone]}>
          <Icon of={icon} size={16} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-strong text-pretty">{title}</p>
        <p className="text-small text-muted-foreground">{sub}</p>
      </div>
      {children}
    </li>
  )
}

const Couple = ({
  of,
}: {
  readonly of: { readonly client: string | null; readonly names: string | null }
}) =>
  of.client ? (
    <Link to="/clients/$clientId" params={{ clientId: of.client }} className="rounded-xs hover:underline">
      {firstNames(of.names ?? '')}
    </Link>
  ) : null

const More = ({
  shown,
  total,
  children,
}: {
  readonly shown: number
  readonly total: number
  readonly children: ReactNode
}) => (total > shown ? <li className="border-t border-border py-2">{children}</li> : null)

const Rest = ({ of }: { readonly of: number }) => (
  <span className="text-muted-foreground">{of.toLocaleString()} more follow when these are done.</span>
)

type Whose = 'yours' | 'all'

function Approvals({ total, whose }: { readonly total: number; readonly whose: Whose }) {
  const { vendor } = useHere()
  const gone = useHeldBack()
  const open = useQuery({
    ...asks(listApprovals, { params: { vendor }, query: { limit: SHOWN, whose } }),
    placeholderData: keepPreviousData,
  })
  const search = whose === 'all' ? { whose } : {}
  return (
    <Answer of={open} lines={2}>
      {({ data }) => (
        <ul className="border-t border-border first:border-t-0">
          {data.items
            .filter((one) => !gone.has(`${one.run} ${one.name}`))
            .map((one) => (
              <Line
                key={`${one.run} ${one.name}`}
                icon={Eye}
                tone={one.yours ? 'primary' : 'quiet'}
                title={
                  <>
                    <Couple of={one} />: {one.message?.name ?? one.ask}
                  </>
                }
                sub={
                  <>
                    {one.message ? kindOf(one.message.module).word : one.ask}
                    {!one.yours && whom(one.role) && `, for ${whom(one.role)}`}
                    {one.until && `, by ${tellSoon(one.until, one.zone)} ${cityOf(one.zone)}`}
                  </>
                }
              >
                <Button asChild size="sm">
                  <Link to="/approvals" search={{ run: one.run, name: one.name, ...search }}>
                    {one.yours ? 'Review' : 'Read'}
                  </Link>
                </Button>
              </Line>
            ))}
          <More shown={data.items.length} total={total}>
            <Link to="/approvals" search={search} className={LINK}>
              All {total.toLocaleString()} approvals
            </Link>
          </More>
        </ul>
      )}
    </Answer>
  )
}

const allAgain = () =>
  askAgain(readToday, listApprovals, listTasks, listNotices, listDeadLetters, listRuns, readOutlook)

function Tasks({ total, whose }: { readonly total: number; readonly whose: Whose }) {
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

function Held({ total }: { readonly total: number }) {
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

function Undelivered({ total }: { readonly total: number }) {
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

const says = ({ code, facts, names }: Notice): string =>
  noticeWords(code, facts, typeof facts.to === 'string' ? recipientName(facts.to, names ?? '') : 'Somebody')

function Notices({ total, zone }: { readonly total: number; readonly zone: string }) {
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
