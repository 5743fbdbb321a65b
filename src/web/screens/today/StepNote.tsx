import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AlarmClock, Ellipsis, Send, SkipForward } from 'lucide-react'
import { commandRun, readRun, undoCommand } from '../../../contract/runs.ts'
import { readOutlook, readToday } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { Why } from '../../../ui/Thread.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks, newKey } from '../../api.ts'
import { evidenceOf } from '../../evidence.ts'
import { useHere } from '../../session.ts'
import { firstNames } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import type { OutlookItem } from './words.ts'

/** Why a step goes as it goes, as the couple's own page tells it, and what can be done with it. */
export function StepNote({ item, why }: { readonly item: OutlookItem; readonly why: string }) {
  const { vendor } = useHere()
  const asked = useQuery({
    ...asks(readRun, { params: { vendor, run: item.run } }),
    enabled: item.is === 'planned',
  })
  const account = asked.data?.data.steps.find(({ node }) => node === item.node)
  const provided = item.assumes.map((one) => ({ term: 'Provided that', is: one }))
  return (
    <div className="grid gap-3">
      {account ? (
        <Why evidence={[...evidenceOf(account), ...provided]}>{account.sentence}</Why>
      ) : asked.isLoading ? (
        <p aria-busy="true" className="h-10" />
      ) : (
        why && <Why evidence={provided}>{why}</Why>
      )}
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
  // Whoever has gone on since the page was drawn is left alone.
  const here = { token, node: item.node }
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
        onClick={() => give({ do: 'skip', ...here }, `${firstNames(item.names)}: ${item.name} is left out`)}
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
            onSelect: () =>
              give({ do: 'do_now', ...here }, `${firstNames(item.names)}: ${item.name} goes now`),
          },
          {
            label: 'Snooze a day',
            icon: AlarmClock,
            onSelect: () =>
              give(
                { do: 'snooze', ...here, until: until(1) },
                `${firstNames(item.names)}: ${item.name} waits a day longer`,
              ),
          },
          {
            label: 'Snooze a week',
            icon: AlarmClock,
            onSelect: () =>
              give(
                { do: 'snooze', ...here, until: until(7) },
                `${firstNames(item.names)}: ${item.name} waits a week longer`,
              ),
          },
        ]}
      />
    </>
  )
}
