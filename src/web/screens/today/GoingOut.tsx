import { Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { dateFormat } from '../../../ui/date-format.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { NowLine, Thread, ThreadRow } from '../../../ui/Thread.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { lazily } from '../../lazily.tsx'
import { capital, cityOf, dayIn, firstNames, inWords, tellTime } from '../../times.ts'
import { causeWords, kindOf } from '../messages/words.ts'
import { BEAD, type Outlook, type OutlookItem, STANDING } from './words.ts'

// Menus are no part of the first paint.
const StepNote = lazily(async () => (await import('./StepNote.tsx')).StepNote)
/** A hand that comes near will press. */
const soon = () => void StepNote.preload()

/** Today on one thread: what has gone, the line that says now, and what will go. */
export function GoingOut({ outlook }: { readonly outlook: Outlook }) {
  const { now, zone, days, items, earlier, later, next } = outlook
  const past = items.filter((one) => one.at <= now)
  const ahead = items.filter((one) => one.at > now)
  return (
    <div id="going-out">
      <Section
        title="Going out today"
        meta={
          <>
            <span className="hidden md:inline">every time in the couple’s zone · </span>
            <Link to="/messages" className={LINK}>
              All messages
            </Link>
          </>
        }
      >
        {earlier > 0 && (
          <Link to="/messages" search={{ is: 'sent' }} className={LINK}>
            {capital(inWords(earlier))} went before these
          </Link>
        )}
        {items.length === 0 ? (
          !next && (
            <p className="py-3 text-muted-foreground">
              What your journeys send on a day stands here, each message with its moment and its reason.
            </p>
          )
        ) : (
          <Thread label="Going out today" when="hour">
            {past.map((one) => (
              <Row key={keyOf(one)} item={one} past />
            ))}
            <NowLine>{`Now ${tellTime(now, zone)} ${cityOf(zone)}`}</NowLine>
            {ahead.map((one) => (
              <Row key={keyOf(one)} item={one} />
            ))}
          </Thread>
        )}
        {later > 0 && (
          <Link to="/messages" search={{ is: 'planned', on: days[0]!.on }} className={LINK}>
            {days[0]!.about && 'About '}
            {days[0]!.about ? inWords(later) : capital(inWords(later))} more {later === 1 ? 'goes' : 'go'} out
            today
          </Link>
        )}
        {next && (
          <p className="mt-3 max-w-[60ch] font-display text-sentence italic text-muted-foreground">
            {afterToday(outlook, next)}
          </p>
        )}
      </Section>
    </div>
  )
}

const keyOf = (one: OutlookItem): string => `${one.run} ${one.node} ${one.at} ${one.message ?? ''}`

function afterToday({ days, zone }: Outlook, next: OutlookItem): string {
  const on = dayIn(new Date(next.at), zone)
  const { messages, about } = days.find((day) => day.on === on) ?? { messages: 1, about: false }
  const when = dateFormat(navigator.language, { timeZone: zone, weekday: 'long' }).format(new Date(next.at))
  const first = `${tellTime(next.at, next.zone)} ${cityOf(next.zone)} to ${firstNames(next.names)}`
  return messages === 1
    ? `The next is on ${when} at ${first}.`
    : `The next ${about ? 'messages' : inWords(messages)} are on ${when}, the first at ${first}.`
}

function Row({ item, past = false }: { readonly item: OutlookItem; readonly past?: boolean }) {
  const [open, setOpen] = useState(false)
  const standing =
    item.what === 'approval'
      ? { of: 'approval' as const }
      : item.what === 'task'
        ? { of: 'task' as const }
        : STANDING[item.is]
  const why = item.is === 'not_sent' ? causeWords(item.why) : item.why
  return (
    <ThreadRow
      bead={item.what === 'message' ? BEAD[item.is] : 'you'}
      when={tellTime(item.at, item.zone)}
      zone={cityOf(item.zone)}
      dateTime={item.at}
      past={past}
      end={
        <>
          {item.module && (
            <span className="mr-2 hidden text-muted-foreground md:inline-flex">
              <Icon of={kindOf(item.module).icon} size={16} />
              <span className="sr-only">{kindOf(item.module).word}</span>
            </span>
          )}
          <StatusWord of={standing.of}>{'says' in standing ? standing.says : undefined}</StatusWord>
        </>
      }
      {...(open && {
        more: (
          <Suspense fallback={null}>
            <StepNote item={item} why={why} />
          </Suspense>
        ),
      })}
    >
      <button
        type="button"
        aria-expanded={open}
        onPointerEnter={soon}
        onFocus={soon}
        onClick={() => setOpen(!open)}
        className="max-w-full rounded-xs text-left -outline-offset-2 hover:underline md:block md:truncate md:aria-expanded:whitespace-normal touch:relative touch:after:absolute touch:after:-inset-y-3 touch:after:inset-x-0"
      >
        <span>{firstNames(item.names)}</span>
        <span className="ml-2 font-normal text-muted-foreground">{item.name}</span>
      </button>
    </ThreadRow>
  )
}
