import { Link } from '@tanstack/react-router'
import { ArrowRight, Hand, Lock, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { clientTimeline } from '../../../contract/runs.ts'
import { RadioGroup } from '../../../ui/Checkbox.tsx'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { LINK, Zone } from '../../../ui/Type.tsx'
import { capital, cityOf, inWords } from '../../times.ts'
import { counted, daysBetween, isTold, signOf, stepIcon, tellWhen } from '../foresight/steps.ts'
import { CHOICE_WORDS, type Chosen, type Foreseen, type Row, usualChoice, type Wanted } from './move.ts'

type PastRow = z.infer<typeof clientTimeline.answer>['items'][number]

/** The earliest first, over all their journeys; what has no moment yet comes last. */
const byMoment = (a: string | null, b: string | null): number =>
  (a === null ? Infinity : Date.parse(a)) - (b === null ? Infinity : Date.parse(b)) || 0

const isMoving = ({ is }: Row): boolean => is === 'moves' || is === 'new' || is === 'left_out'

/** How things stand, in a sentence: what stays, what moves by how much, and what needs a person. */
export function lede(
  rows: readonly Row[],
  past: readonly PastRow[],
  foreseen: Foreseen,
  left: number,
  { hold }: Wanted,
): ReactNode {
  const stays = rows.filter(({ is }) => is === 'stays').length + past.filter(isTold).length
  const moving = rows.filter(isMoving)
  const needs = rows.filter(({ is }) => is === 'needs_you').length
  const ends = foreseen.runs.filter((run) => run.ends !== null).length
  const spans = new Set(
    moving.flatMap(({ from, to, zone }) => (from && to ? [Math.abs(daysBetween(from, to, zone))] : [])),
  )
  const by = spans.size === 1 ? ` by ${counted([...spans][0]!, 'day')}` : ''
  const parts = [
    `${inWords(stays)} ${stays === 1 ? 'step stays' : 'steps stay'}`,
    hold
      ? `${inWords(moving.length)} wait for a date`
      : `${inWords(moving.length)} ${moving.length === 1 ? 'moves' : 'move'}${by}`,
  ]
  return (
    <>
      {capital(parts.join(', '))}
      {needs > 0 ? (
        <>
          , and{' '}
          <b className="font-strong">
            {inWords(needs)} {needs === 1 ? 'needs' : 'need'} you
          </b>
        </>
      ) : (
        ', and nothing needs you'
      )}
      .{ends > 0 && ` ${capital(counted(ends, 'journey ends', 'journeys end'))}.`}{' '}
      {left === 0 && needs > 0 ? 'Everything is answered. ' : ''}
      Nothing has changed so far, and nothing is sent to anyone within ten minutes of applying it.
    </>
  )
}

export function Columns({
  foreseen,
  rows,
  past,
  on,
  chosen,
  fixed,
  onChoose,
}: {
  readonly foreseen: Foreseen
  readonly rows: readonly Row[]
  readonly past: readonly PastRow[]
  readonly on: string | null
  readonly chosen: Chosen
  readonly fixed: boolean
  readonly onChoose: (key: string, choice: string) => void
}) {
  const over = past.filter(isTold)
  const stays = rows.filter(({ is }) => is === 'stays')
  const moving = rows.filter(isMoving).toSorted((a, b) => byMoment(a.from, b.from))
  const needs = rows.filter(({ is }) => is === 'needs_you')
  return (
    <div className="mt-4 grid border-y border-border lg:grid-cols-[264px_minmax(0,1fr)_minmax(300px,376px)]">
      <Column
        icon={Lock}
        title="Stays"
        count={over.length + stays.length}
        look="order-3 bg-sunken lg:order-1"
      >
        <ul>
          {over.map((row) => (
            <li
              key={`${row.run}|${row.node}|${row.at}`}
              className="border-t border-border py-2 first:border-t-0"
            >
              <p className="font-strong">{row.name}</p>
              <p className="text-small text-muted-foreground">
                {(signOf(row.is).word ?? signOf(row.is).status).toLocaleLowerCase()}
                {row.at && (
                  <>
                    {' '}
                    {tellWhen(row.at, row.zone)} <Zone>{cityOf(row.zone)}</Zone>
                  </>
                )}
              </p>
            </li>
          ))}
          {stays.map((row) => (
            <li key={row.key} className="border-t border-border py-2 first:border-t-0">
              <p className="font-strong">{row.name}</p>
              <p className="text-small text-muted-foreground">
                {row.to ? (
                  <>
                    {tellWhen(row.to, row.zone)} <Zone>{cityOf(row.zone)}</Zone>, does not hang on the date
                  </>
                ) : (
                  'without a moment yet'
                )}
              </p>
            </li>
          ))}
        </ul>
        <p className="mt-3 border-t border-border pt-3 text-small text-muted-foreground">
          What has been sent is never sent again, whatever the date becomes.
        </p>
      </Column>
      <Column icon={ArrowRight} title="Moves" count={moving.length} look="order-2">
        {moving.length === 0 && <p className="py-2 text-muted-foreground">Nothing that is planned moves.</p>}
        <ul>
          {moving.map((row) => (
            <li
              key={row.key}
              className="grid grid-cols-[20px_minmax(0,1fr)] items-start gap-x-2 gap-y-1 border-t border-border py-2 first:border-t-0 sm:grid-cols-[20px_minmax(0,1fr)_auto]"
            >
              <Icon of={stepIcon(row.kind)} className="mt-0.5 text-muted-foreground" />
              <div className="min-w-0">
                <p className="font-strong">{row.name}</p>
                <OldAndNew row={row} chosen={chosen[row.key]} />
                {row.is !== 'moves' && <p className="text-small text-muted-foreground">{row.why}</p>}
              </div>
              {row.choices.length > 0 && !fixed && (
                <div className="col-start-2 w-[152px] sm:col-start-3">
                  <Select
                    look="quiet"
                    aria-label={`What becomes of ${row.name}`}
                    value={chosen[row.key] ?? usualChoice(row) ?? ''}
                    choices={row.choices.map((value) => ({ value, label: CHOICE_WORDS[value] ?? value }))}
                    onChange={({ target }) => onChoose(row.key, target.value)}
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      </Column>
      <Column icon={Hand} title="Needs you" count={needs.length} look="order-1 lg:order-3">
        {foreseen.sameDay.length > 0 && on && (
          <div className="border-t border-border py-2.5 first:border-t-0">
            <Ask title={`You are taken on ${tellDay(on)}`}>
              {foreseen.sameDay.map((one, index) => (
                <span key={one.client}>
                  {index > 0 && ', '}
                  <Link to="/clients/$clientId" params={{ clientId: one.client }} className={LINK}>
                    {one.names}
                  </Link>
                </span>
              ))}{' '}
              marry that day. Moving is still possible; who leads is yours to settle.
            </Ask>
          </div>
        )}
        {needs.length === 0 && foreseen.sameDay.length === 0 && (
          <p className="py-2 text-muted-foreground">Nothing. Every step knows what to do with this date.</p>
        )}
        <ul>
          {needs.map((row) => {
            const choice = chosen[row.key]
            return (
              <li key={row.key} className="border-t border-border py-2.5 first:border-t-0">
                <Ask title={row.name}>
                  {row.why}
                  {row.from && (
                    <>
                      {' '}
                      It was planned for {tellWhen(row.from, row.zone)} <Zone>{cityOf(row.zone)}</Zone>.
                    </>
                  )}
                </Ask>
                {!fixed && (
                  <div className="mt-1.5 ml-6">
                    <RadioGroup
                      label={`What becomes of ${row.name}`}
                      choices={row.choices.map((value) => ({ value, label: CHOICE_WORDS[value] ?? value }))}
                      value={choice ?? ''}
                      onChange={(value) => onChoose(row.key, value)}
                    />
                    {choice === undefined ? (
                      <p className="mt-1 text-small font-medium text-warning-text">Choose one to apply.</p>
                    ) : (
                      <Becomes row={row} />
                    )}
                  </div>
                )}
              </li>
            )
          })}
        </ul>
      </Column>
    </div>
  )
}

function Column({
  icon,
  title,
  count,
  look,
  children,
}: {
  readonly icon: IconShape
  readonly title: string
  readonly count: number
  readonly look: string
  readonly children: ReactNode
}) {
  return (
    <section
      className={`min-w-0 border-t border-border px-0 py-3 first:border-t-0 lg:border-t-0 lg:border-l lg:px-5 lg:first:border-l-0 ${look} max-lg:bg-transparent`}
    >
      <h2 className="flex h-7 items-center gap-2 font-display text-h3 font-medium">
        <Icon of={icon} size={14} />
        {title}
        <span className="ml-auto font-normal text-muted-foreground">{count}</span>
      </h2>
      {children}
    </section>
  )
}

const Ask = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <>
    <h3 className="flex gap-2 font-strong">
      <Icon of={TriangleAlert} className="mt-0.5 shrink-0 text-warning-text" />
      {title}
    </h3>
    <p className="mt-0.5 ml-6 text-small text-muted-foreground">{children}</p>
  </>
)

function OldAndNew({ row, chosen }: { readonly row: Row; readonly chosen: string | undefined }) {
  const becomes = chosen !== undefined && chosen !== usualChoice(row) ? row.chosen : null
  const to = becomes ? becomes.to : row.to
  const leftOut = becomes ? becomes.is === 'left_out' : row.is === 'left_out'
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-small">
      {row.from && (
        <>
          <s className="text-muted-foreground">
            <span className="sr-only">was </span>
            {tellWhen(row.from, row.zone).replace(/ \d\d:\d\d$/, '')}
          </s>
          <Icon of={ArrowRight} size={12} className="text-muted-foreground" />
        </>
      )}
      {leftOut ? (
        <b className="font-strong">left out</b>
      ) : becomes?.is === 'task' ? (
        <b className="font-strong">a task for you</b>
      ) : to ? (
        <span>
          <b className="font-strong">{tellWhen(to, row.zone)}</b> <Zone>{cityOf(row.zone)}</Zone>
        </span>
      ) : (
        <b className="font-strong">when there is a date</b>
      )}
    </p>
  )
}

function Becomes({ row }: { readonly row: Row }) {
  const { chosen, zone } = row
  if (!chosen) return null
  return (
    <p className="mt-1 text-small">
      {chosen.is === 'left_out' ? (
        'It is left out.'
      ) : chosen.is === 'task' ? (
        'You get a task.'
      ) : chosen.to ? (
        <>
          It goes <b className="font-strong">{tellWhen(chosen.to, zone)}</b> <Zone>{cityOf(zone)}</Zone>.
        </>
      ) : (
        'It waits for a date.'
      )}
    </p>
  )
}
