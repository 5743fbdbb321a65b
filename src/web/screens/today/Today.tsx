import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, Suspense, useDeferredValue, useEffect } from 'react'
import { DOOR, Eyebrow, Lede } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { lazily } from '../../lazily.tsx'
import { useHere } from '../../session.ts'
import { capital, cityOf, hereZone, inWords, tellWholeDay } from '../../times.ts'
import { asksAhead, asksToday } from './asks.ts'
import { GoingOut } from './GoingOut.tsx'
import { ThisWeek } from './ThisWeek.tsx'
import { WeekRibbon } from './WeekRibbon.tsx'
import type { Outlook, TodayFigures } from './words.ts'

// It stands below the sentence, and comes once that is drawn.
const NeedsYou = lazily(async () => (await import('./NeedsYou.tsx')).NeedsYou)

// Seen by few, and once.
const First = lazily(async () => (await import('./First.tsx')).First)

let drawnBefore = false

/** How the day stands, in one sentence; then the week, the day on its thread, and what waits for a person. */
export function Today() {
  const { vendor } = useHere()
  const today = useQuery(asksToday(vendor))
  const ahead = useQuery(asksAhead(vendor))
  const figures = today.data?.data
  const outlook = ahead.data?.data
  const zone = figures?.zone ?? hereZone()
  // The first time, the sentence is on the screen before the browser lays out what stands below it.
  const whole = useDeferredValue(true, drawnBefore)
  useEffect(() => {
    drawnBefore = true
  }, [])
  // On its way while the browser lays out what stands between.
  const isTold = figures !== undefined && outlook !== undefined
  useEffect(() => {
    if (isTold) void NeedsYou.preload()
  }, [isTold])
  return (
    <>
      <Eyebrow>
        {tellWholeDay(figures?.now ?? new Date().toISOString(), zone)} · {cityOf(zone)}
      </Eyebrow>
      <Lede>
        {figures && outlook ? <Stands figures={figures} outlook={outlook} /> : 'What today brings.'}
      </Lede>
      {figures && outlook && isNew(figures, outlook) ? (
        <Suspense>
          <First />
        </Suspense>
      ) : figures && outlook ? (
        <WeekRibbon outlook={outlook} figures={figures} />
      ) : (
        <div aria-hidden="true" className="mt-5 h-[146px] border-y border-border" />
      )}
      {whole && (
        <div className="mt-5 grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_368px]">
          <div className="order-2 min-w-0 lg:order-1">
            <Answer of={ahead} lines={8}>
              {({ data }) => <GoingOut outlook={data} />}
            </Answer>
            {figures && (
              <div className="mt-6">
                <ThisWeek figures={figures} />
              </div>
            )}
          </div>
          <div className="order-1 grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-6 lg:order-2">
            <Answer of={today} lines={6}>
              {({ data }) => (
                <Suspense fallback={<div aria-busy="true" className="min-h-[220px] border-t border-rule" />}>
                  <NeedsYou figures={data} />
                </Suspense>
              )}
            </Answer>
          </div>
        </div>
      )}
    </>
  )
}

/** Nothing has ever gone out, nothing will, and nothing waits: somebody begins here. */
const isNew = (figures: TodayFigures, outlook: Outlook): boolean =>
  outlook.items.length === 0 &&
  outlook.next === null &&
  figures.dueThisWeek + figures.approvals + figures.tasks + figures.waiting + figures.held === 0 &&
  figures.weddings.length === 0

/** "Eleven messages go out today. Three have gone, four are on their way, **three wait for you**." */
function Stands({ figures, outlook }: { readonly figures: TodayFigures; readonly outlook: Outlook }) {
  const { messages = 0, gone = 0, coming = 0, about = false } = outlook.days[0] ?? {}
  const waiting = figures.forYou.approvals + figures.forYou.tasks
  const rest: ReactNode[] = []
  if (gone > 0 && coming > 0) {
    rest.push(
      <Door key="gone" to="/messages" search={{ is: 'sent' }}>
        {capital(inWords(gone))}
      </Door>,
      ` ${gone === 1 ? 'has' : 'have'} gone, ${inWords(coming)} ${coming === 1 ? 'is' : 'are'} on the way`,
    )
  }
  const second: ReactNode[] = [
    ...rest,
    ...(waiting > 0
      ? [
          rest.length > 0 ? ', ' : '',
          <a key="you" href="#needs-you" className={DOOR}>
            <b>
              {rest.length > 0 ? inWords(waiting) : capital(inWords(waiting))}{' '}
              {waiting === 1 ? 'waits' : 'wait'} for you
            </b>
          </a>,
        ]
      : []),
    ...(figures.held > 0
      ? [
          rest.length > 0 || waiting > 0 ? ', and ' : '',
          <a key="held" href="#held" className={DOOR}>
            {rest.length > 0 || waiting > 0 ? inWords(figures.held) : capital(inWords(figures.held))}
          </a>,
          ` ${figures.held === 1 ? 'journey is' : 'journeys are'} held`,
        ]
      : []),
  ]
  return (
    <>
      {messages === 0 ? (
        'Nothing goes out today.'
      ) : (
        <>
          <a href="#going-out" className={DOOR}>
            {about && 'About '}
            {about ? inWords(messages) : capital(inWords(messages))} {messages === 1 ? 'message' : 'messages'}
          </a>{' '}
          {coming === 0
            ? messages === 1
              ? 'has gone today.'
              : 'have gone today.'
            : messages === 1
              ? 'goes out today.'
              : 'go out today.'}
        </>
      )}
      {second.length > 0 && <> {second}.</>}
    </>
  )
}

function Door({
  to,
  search,
  children,
}: {
  readonly to: '/messages'
  readonly search: { is: string }
  readonly children: ReactNode
}) {
  return (
    <Link to={to} search={search} className={DOOR}>
      {children}
    </Link>
  )
}
