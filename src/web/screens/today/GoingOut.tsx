import { Link } from '@tanstack/react-router'
import { AlarmClock, Ellipsis, Send, SkipForward } from 'lucide-react'
import { useState } from 'react'
import { commandRun, undoCommand } from '../../../contract/runs.ts'
import { readOutlook, readToday } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { NowLine, Thread, ThreadRow, Why } from '../../../ui/Thread.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, newKey } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, dayIn, firstNames, inWords, tellTime } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { causeWords, kindOf } from '../messages/words.ts'
import { BEAD, type Outlook, type OutlookItem, STANDING } from './words.ts'

/** Today on one thread: what has gone, the line that says now, and what will go. */
export function GoingOut({ outlook }: { readonly outlook: Outlook }) {
  const { now, zone } = outlook
  const today = dayIn(new Date(now), zone)
  const items = outlook.items.filter((one) => dayIn(new Date(one.at), zone) === today)
  const past = items.filter((one) => one.at <= now)
  const ahead = items.filter((one) => one.at > now)
  const next = outlook.items.find((one) => one.at > now && !items.includes(one))
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
        {items.length === 0 ? (
          <div className="py-2">
            <EmptyState title="Nothing goes out today" level={3}>
              {next
                ? 'The next message is further down this week.'
                : 'What your journeys send on a day stands here, each message with its moment and its reason.'}
            </EmptyState>
          </div>
        ) : (
          <Thread label="Going out today">
            {past.map((one) => (
              <Row key={keyOf(one)} item={one} past />
            ))}
            <NowLine>{`Now ${tellTime(now, zone)} ${cityOf(zone)}`}</NowLine>
            {ahead.map((one) => (
              <Row key={keyOf(one)} item={one} />
            ))}
          </Thread>
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

function afterToday({ items, zone, now }: Outlook, next: OutlookItem): string {
  const day = dayIn(new Date(next.at), zone)
  const many = items.filter((one) => one.at > now && dayIn(new Date(one.at), zone) === day).length
  const when = new Intl.DateTimeFormat(navigator.language, { timeZone: zone, weekday: 'long' }).format(
    new Date(next.at),
  )
  return `${when} ${inWords(many)} ${many === 1 ? 'message' : 'messages'}, the first at ${tellTime(next.at, next.zone)} ${cityOf(next.zone)} to ${firstNames(next.names)}.`
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
      {...(open && { more: <More item={item} why={why} /> })}
    >
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="max-w-full rounded-xs text-left hover:underline touch:relative touch:after:absolute touch:after:-inset-y-3 touch:after:inset-x-0"
      >
        <span>{firstNames(item.names)}</span>
        <span className="ml-2 font-normal text-muted-foreground">{item.name}</span>
      </button>
    </ThreadRow>
  )
}

function More({ item, why }: { readonly item: OutlookItem; readonly why: string }) {
  return (
    <div className="grid gap-3">
      {why && <Why evidence={item.assumes.map((one) => ({ term: 'Provided that', is: one }))}>{why}</Why>}
      <div className="flex flex-wrap items-center gap-2">
        {item.message && (
          <Button asChild size="sm">
            <Link to="/messages" search={{ message: item.message }}>
              Open the message
            </Link>
          </Button>
        )}
        <Button asChild size="sm">
          <Link to="/clients/$clientId" params={{ clientId: item.client }}>
            {firstNames(item.names)}
          </Link>
        </Button>
        {item.token !== null && item.is === 'planned' && <Acts item={item} token={item.token} />}
        <span className="text-small text-muted-foreground">{item.journey}</span>
      </div>
    </div>
  )
}

const DAY_MS = 86_400_000

/** What can be done with a step that waits for its moment; each can be taken back for ten minutes. */
function Acts({ item, token }: { readonly item: OutlookItem; readonly token: number }) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  if (!may(commandRun)) return null
  type Command = Parameters<typeof api<typeof commandRun>>[1]['body']['command']
  const give = (command: Command, says: string): void =>
    act(async () => {
      const params = { vendor, run: item.run }
      const { data } = await api(commandRun, { params, body: { command }, key: newKey() })
      await askAgain(readOutlook, readToday)
      toast(says, {
        undo: () =>
          act(async () => {
            await api(undoCommand, { params: { ...params, command: data.command } })
            await askAgain(readOutlook, readToday)
          }),
      })
    })
  const until = (days: number): string => new Date(Date.parse(item.at) + days * DAY_MS).toISOString()
  return (
    <>
      <Button
        size="sm"
        icon={SkipForward}
        busy={busy}
        onClick={() => give({ do: 'skip', token }, `${firstNames(item.names)}: ${item.name} is left out`)}
      >
        Skip
      </Button>
      <Menu
        trigger={
          <Button size="sm" aria-label={`More for ${item.names}: ${item.name}`}>
            <Icon of={Ellipsis} size={14} />
          </Button>
        }
        items={[
          {
            label: 'Send now',
            icon: Send,
            onSelect: () => give({ do: 'do_now', token }, `${firstNames(item.names)}: ${item.name} goes now`),
          },
          {
            label: 'Snooze a day',
            icon: AlarmClock,
            onSelect: () =>
              give(
                { do: 'snooze', token, until: until(1) },
                `${firstNames(item.names)}: ${item.name} waits a day longer`,
              ),
          },
          {
            label: 'Snooze a week',
            icon: AlarmClock,
            onSelect: () =>
              give(
                { do: 'snooze', token, until: until(7) },
                `${firstNames(item.names)}: ${item.name} waits a week longer`,
              ),
          },
        ]}
      />
    </>
  )
}
