import { Link } from '@tanstack/react-router'
import { CirclePause, Ellipsis, Play, Plus, Square } from 'lucide-react'
import type { ClientDocument } from '../../../contract/clients.ts'
import { commandRun, startRun } from '../../../contract/runs.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import type { Status } from '../../../ui/status.ts'
import { LINK, Section } from '../../../ui/Type.tsx'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { useCommand } from '../foresight/useCommand.ts'
import type { Timeline } from './ClientTimeline.tsx'
import { PAUSED_BY_HAND } from './held-words.ts'
import { shortName } from './words.ts'

type Run = Timeline['runs'][number]
const STATUS: { readonly [status: string]: Status } = {
  active: 'active',
  waiting: 'active',
  paused: 'paused',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}
export const isLive = ({ status }: Run): boolean =>
  status === 'active' || status === 'waiting' || status === 'paused'

/** The journeys of a couple, each with a hand on it. */
export function RunsOfCouple({
  client,
  runs,
}: {
  readonly client: ClientDocument
  readonly runs: readonly Run[]
}) {
  const { may } = useHere()
  // Always in the same order: what one pauses must not change its place between two visits.
  const byName = runs.toSorted((a, b) => a.journeyName.localeCompare(b.journeyName))
  const live = byName.filter(isLive)
  const over = byName.filter((run) => !isLive(run))
  return (
    <Section
      title={live.length === 1 ? 'Journey' : 'Journeys'}
      meta={
        may(startRun) && (
          <Link
            to="/clients/$clientId/start"
            params={{ clientId: client.id }}
            className={`${LINK} inline-flex items-center gap-1`}
          >
            {live.length > 0 ? 'Start another' : 'Start one'}
          </Link>
        )
      }
    >
      {runs.length === 0 && (
        <p className="py-2 text-muted-foreground">{shortName(client)} are on no journey yet.</p>
      )}
      <ul>
        {live.map((run) => (
          <OneRun key={run.id} run={run} client={client} />
        ))}
        {over.map((run) => (
          <li
            key={run.id}
            className="flex items-center gap-2 border-t border-border py-1.5 text-muted-foreground first:border-t-0"
          >
            <span className="min-w-0 flex-1 truncate">{run.journeyName}</span>
            <StatusWord of={STATUS[run.status] ?? 'done'} />
          </li>
        ))}
      </ul>
      {runs.length > 0 && (
        <p className="border-t border-border py-2 text-small">
          <Link to="/clients/$clientId/promises" params={{ clientId: client.id }} className={LINK}>
            What was promised, and what came of it
          </Link>
        </p>
      )}
    </Section>
  )
}

function OneRun({ run, client }: { readonly run: Run; readonly client: ClientDocument }) {
  const { may } = useHere()
  const { busy, command } = useCommand()
  const who = shortName(client)
  const paused = run.holds.includes(PAUSED_BY_HAND)
  const held = run.holds.filter((hold) => hold !== PAUSED_BY_HAND)
  const pauses = paused
    ? {
        label: 'Go on',
        icon: Play,
        do: () => command(run.id, { do: 'resume' }, `${run.journeyName} goes on for ${who}`),
      }
    : {
        label: 'Pause',
        icon: CirclePause,
        do: () => command(run.id, { do: 'pause' }, `${run.journeyName} is paused for ${who}`),
      }
  const again = () => command(run.id, { do: 'restart' }, `${run.journeyName} begins anew for ${who}`)
  const stop = () =>
    command(run.id, { do: 'stop', reason: 'stopped by hand' }, `${run.journeyName} is stopped for ${who}`)
  const of = `“${run.journeyName}”`
  useActs(
    may(commandRun)
      ? [
          {
            label: paused ? `Let ${of} go on` : `Pause ${of}`,
            icon: pauses.icon,
            also: ['hold', 'resume'],
            run: pauses.do,
          },
          { label: `Begin ${of} anew`, icon: Plus, also: ['restart', 'again'], run: again },
          { label: `Stop ${of}`, icon: Square, also: ['end', 'cancel'], run: stop },
        ]
      : [],
  )
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-border py-2 first:border-t-0">
      <div className="min-w-0 flex-1">
        <p>
          <Link
            to="/journeys/$journeyId"
            params={{ journeyId: run.journey }}
            className="font-strong underline-offset-[3px] hover:underline"
          >
            {run.journeyName}
          </Link>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-small text-muted-foreground">
          <StatusWord of={STATUS[run.status] ?? 'active'} /> version {run.version}
        </p>
        {held.length > 0 && <p className="text-small text-muted-foreground">Held: {held.join(', ')}</p>}
      </div>
      {may(commandRun) && (
        <>
          <Button size="sm" icon={pauses.icon} busy={busy} onClick={pauses.do}>
            {pauses.label}
          </Button>
          <Menu
            trigger={
              <IconButton size="sm" look="ghost" icon={Ellipsis} label={`More for ${run.journeyName}`} />
            }
            items={[
              {
                label: 'Begin it anew',
                icon: Plus,
                onSelect: again,
              },
              'line',
              {
                label: 'Stop it',
                icon: Square,
                danger: true,
                onSelect: stop,
              },
            ]}
          />
        </>
      )}
    </li>
  )
}
