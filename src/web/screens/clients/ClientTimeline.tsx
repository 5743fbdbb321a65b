import { getRouteApi } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import type { z } from 'zod'
import type { ClientDocument } from '../../../contract/clients.ts'
import type { clientTimeline } from '../../../contract/runs.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Segmented } from '../../../ui/Segmented.tsx'
import { NowLine, Thread, ThreadHead, ThreadRow } from '../../../ui/Thread.tsx'
import { cityOf, dayIn } from '../../times.ts'
import { counted, isTold, signOf, tellWhen } from '../foresight/steps.ts'
import { headsOf, partsOf } from './phases.ts'
import { TimelineItem } from './TimelineItem.tsx'
import { shortName } from './words.ts'

export type Timeline = z.infer<typeof clientTimeline.answer>
export type TimelineRow = Timeline['items'][number]
export const SHOWS = ['story', 'to_come', 'needs_you', 'every'] as const
export type Shows = (typeof SHOWS)[number]

const room = getRouteApi('/house/clients/$clientId')
/** The latest of the past are in view; the rest is one line that opens. */
const PAST_SHOWN = 5
const PAST_FOLDED_FROM = 8

/** What waits for somebody with a higher role needs them, not whoever looks. */
export const needsPerson = ({ is, side, because, waits }: TimelineRow): boolean =>
  side === 'planned' &&
  waits?.yours !== false &&
  (is === 'held' || is === 'failed' || ['task', 'approval'].includes(signOf(is, because).status))

const isShown = (row: TimelineRow, shows: Shows): boolean => {
  if (shows === 'every') return true
  if (shows === 'needs_you') return needsPerson(row)
  const isHere = row.side === 'planned' && row.token !== null
  const noticed = isHere ? row.kind !== 'join' : isTold(row)
  return noticed && (shows === 'story' || row.side === 'planned')
}

/** One couple's story on one thread: past, the line that says now, and what is planned. */
export function ClientTimeline({
  client,
  timeline,
}: {
  readonly client: ClientDocument
  readonly timeline: Timeline
}) {
  const { show: shows = 'story' } = room.useSearch()
  const go = room.useNavigate()
  const [open, setOpen] = useState<string | null>(null)
  const [unfolded, setUnfolded] = useState(false)
  const rows = timeline.items.filter((row) => isShown(row, shows))
  const past = rows.filter(({ side }) => side === 'past')
  const planned = rows.filter(({ side }) => side === 'planned')
  const folds = !unfolded && past.length >= PAST_FOLDED_FROM
  const early = folds ? past.slice(0, -PAST_SHOWN) : []
  const needs = timeline.items.filter(needsPerson).length
  const wedding = weddingAt(client, timeline)
  const heads = headsOf(rows.slice(early.length), partsOf(rows))
  const item = (row: TimelineRow) => {
    const key = keyOf(row)
    const head = heads.get(row)
    return (
      <Fragment key={key}>
        {head && <ThreadHead past={row.side === 'past'}>{head}</ThreadHead>}
        <TimelineItem
          row={row}
          timeline={timeline}
          open={open === key}
          onOpen={() => setOpen(open === key ? null : key)}
        />
      </Fragment>
    )
  }
  const before = planned.filter((row) => !isAfter(row, wedding))
  const after = planned.filter((row) => isAfter(row, wedding))
  const ahead = wedding !== null && wedding.day >= dayIn(new Date(timeline.now), timeline.zone)
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 pb-1 md:justify-end">
        <Segmented
          label="What is shown"
          size="sm"
          value={shows}
          segments={[
            { value: 'story', label: 'Their story' },
            { value: 'to_come', label: 'To come' },
            { value: 'needs_you', label: needs > 0 ? `Needs you ${needs}` : 'Needs you' },
            { value: 'every', label: 'Every step' },
          ]}
          onChange={(show) => void go({ search: show === 'story' ? {} : { show }, replace: true })}
        />
      </div>
      {rows.length === 0 && shows !== 'story' ? (
        <EmptyState title={shows === 'needs_you' ? 'Nothing here needs you.' : 'Nothing is planned.'}>
          {shows === 'needs_you' ? 'Every step goes by itself, or waits for them.' : 'Put them on a journey.'}
        </EmptyState>
      ) : (
        <Thread label={`The story of ${shortName(client)}`}>
          {early.length > 0 && (
            <ThreadRow
              bead="done"
              past
              when={span(early)}
              end={
                <Button size="sm" look="ghost" onClick={() => setUnfolded(true)}>
                  Show
                </Button>
              }
              sub={tally(early)}
            >
              {counted(early.length, 'earlier step')}
            </ThreadRow>
          )}
          {past.slice(early.length).map(item)}
          {wedding && !ahead && <Wedding client={client} wedding={wedding} past />}
          <NowLine>
            Now, {tellWhen(timeline.now, timeline.zone)} {cityOf(timeline.zone)}
          </NowLine>
          {before.map(item)}
          {wedding && ahead && <Wedding client={client} wedding={wedding} />}
          {after.map(item)}
        </Thread>
      )}
    </>
  )
}

export const keyOf = (row: TimelineRow): string => `${row.run}|${row.side}|${row.node}|${row.at}`

type WeddingDay = { readonly day: string; readonly zone: string }
const weddingAt = ({ wedding }: ClientDocument, { zone }: Timeline): WeddingDay | null =>
  wedding?.on && wedding.status !== 'cancelled' ? { day: wedding.on, zone: wedding.zone ?? zone } : null

const isAfter = (row: TimelineRow, wedding: WeddingDay | null): boolean =>
  row.at === null || (wedding !== null && dayIn(new Date(row.at), wedding.zone) > wedding.day)

function Wedding({
  client,
  wedding,
  past = false,
}: {
  readonly client: ClientDocument
  readonly wedding: WeddingDay
  readonly past?: boolean
}) {
  return (
    <ThreadRow
      bead="wedding"
      past={past}
      when={tellDay(wedding.day)}
      zone={cityOf(wedding.zone)}
      dateTime={wedding.day}
    >
      <span className="font-display text-sentence text-rose-text">
        {shortName(client)} {past ? 'married' : 'marry'}
      </span>
    </ThreadRow>
  )
}

function span(rows: readonly TimelineRow[]): string {
  const days = rows.flatMap(({ at, zone }) => (at ? [tellWhen(at, zone).replace(/ \d\d:\d\d$/, '')] : []))
  return days.length === 0 ? '' : days[0] === days.at(-1) ? days[0]! : `${days[0]} to ${days.at(-1)}`
}

function tally(rows: readonly TimelineRow[]): string {
  const words = Map.groupBy(rows, ({ is }) => (signOf(is).word ?? signOf(is).status).toLocaleLowerCase())
  return [...words].map(([word, list]) => `${list.length} ${word}`).join(', ')
}
