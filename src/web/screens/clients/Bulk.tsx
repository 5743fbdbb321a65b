import { useQuery } from '@tanstack/react-query'
import { Ellipsis, Pause, Pencil, Play, Route, SkipForward, Square, Tag } from 'lucide-react'
import { useState } from 'react'
import { tagClients } from '../../../contract/clients.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { editMessages, previewEdit } from '../../../contract/messages.ts'
import { commandRuns, startMany } from '../../../contract/runs.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Menu, type MenuItem } from '../../../ui/Menu.tsx'
import { Select } from '../../../ui/Select.tsx'
import { api, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { SayToThem } from './SayToThem.tsx'
import { StepOfThem } from './StepOfThem.tsx'

export type Begun = { readonly job: string; readonly label: string; readonly undoable: boolean }
type Asking = 'journey' | 'tag' | 'untag' | 'words' | 'step' | null
const COUPLES = (count: number): string => `${count.toLocaleString()} ${count === 1 ? 'couple' : 'couples'}`

/** What can be done with the couples that are ticked; each is a job with its progress, and most can be taken back. */
export function Bulk({
  couples,
  onBegun,
}: {
  readonly couples: readonly { readonly id: string; readonly name: string }[]
  readonly onBegun: (begun: Begun) => void
}) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const [asking, setAsking] = useState<Asking>(null)
  const clients = couples.map(({ id }) => id)
  const count = COUPLES(clients.length)
  const begin = (label: string, undoable: boolean, ask: () => Promise<{ data: { job: string } }>) =>
    act(async () => {
      const { data } = await ask()
      setAsking(null)
      onBegun({ job: data.job, label, undoable })
    })
  const command = (label: string, command: { do: 'pause' } | { do: 'resume' } | { do: 'stop' }) =>
    begin(label, true, () => api(commandRuns, { params: { vendor }, body: { which: { clients }, command } }))
  const items: MenuItem[] = [
    ...(may(startMany)
      ? [{ label: 'Put on a journey …', icon: Route, onSelect: () => setAsking('journey') } as const]
      : []),
    ...(may(editMessages) && may(previewEdit)
      ? [{ label: 'Say a message otherwise …', icon: Pencil, onSelect: () => setAsking('words') } as const]
      : []),
    ...(may(tagClients)
      ? ([
          { label: 'Add a tag …', icon: Tag, onSelect: () => setAsking('tag') },
          { label: 'Take a tag off …', icon: Tag, onSelect: () => setAsking('untag') },
        ] as const)
      : []),
    ...(may(commandRuns)
      ? ([
          { label: 'Do or leave out a step …', icon: SkipForward, onSelect: () => setAsking('step') },
          {
            label: 'Pause their journeys',
            icon: Pause,
            onSelect: () => command(`Pausing the journeys of ${count}`, { do: 'pause' }),
          },
          {
            label: 'Let them go on',
            icon: Play,
            onSelect: () => command(`Letting the journeys of ${count} go on`, { do: 'resume' }),
          },
          'line',
          {
            label: 'Stop their journeys',
            icon: Square,
            danger: true,
            onSelect: () => command(`Stopping the journeys of ${count}`, { do: 'stop' }),
          },
        ] as const)
      : []),
  ]
  if (items.length === 0) return null
  return (
    <>
      <Menu
        trigger={
          <Button size="sm" look="primary" icon={Ellipsis} busy={busy}>
            With them
          </Button>
        }
        items={items}
      />
      {asking === 'journey' && (
        <OnJourney
          count={count}
          busy={busy}
          onClose={() => setAsking(null)}
          onChoose={(journey, name) =>
            begin(`Putting ${count} on “${name}”`, false, () =>
              api(startMany, { params: { vendor, journey }, body: { clients } }),
            )
          }
        />
      )}
      {asking === 'words' && (
        <SayToThem
          couples={couples}
          onClose={() => setAsking(null)}
          onSaid={(said) => {
            setAsking(null)
            onBegun({ ...said, undoable: true })
          }}
        />
      )}
      {asking === 'step' && (
        <StepOfThem
          clients={clients}
          busy={busy}
          onClose={() => setAsking(null)}
          onChoose={({ which, command, label }) =>
            begin(label, true, () => api(commandRuns, { params: { vendor }, body: { which, command } }))
          }
        />
      )}
      {(asking === 'tag' || asking === 'untag') && (
        <WithTag
          on={asking === 'tag'}
          count={count}
          busy={busy}
          onClose={() => setAsking(null)}
          onChoose={(tag) =>
            begin(`${asking === 'tag' ? 'Tagging' : 'Untagging'} ${count} “${tag}”`, true, () =>
              api(tagClients, {
                params: { vendor },
                body: { clients, tag, on: asking === 'tag' },
              }),
            )
          }
        />
      )}
    </>
  )
}

function OnJourney({
  count,
  busy,
  onClose,
  onChoose,
}: {
  readonly count: string
  readonly busy: boolean
  readonly onClose: () => void
  readonly onChoose: (journey: string, name: string) => void
}) {
  const { vendor } = useHere()
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const live = (journeys.data?.data.items ?? []).filter((one) => one.status === 'active')
  const [chosen, setChosen] = useState('')
  const one = live.find(({ id }) => id === (chosen || live[0]?.id))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Put ${count} on a journey`}
      description="It begins for each of them now. Whoever is on it already, or has been and may not again, is left out and named."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!one}
            onClick={() => one && onChoose(one.id, one.name)}
          >
            Begin it
          </Button>
        </>
      }
    >
      {journeys.data && live.length === 0 ? (
        <p className="text-muted-foreground">No journey is live yet. Publish one first.</p>
      ) : (
        <Field label="Journey">
          <Select
            value={one?.id ?? ''}
            choices={live.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={({ target }) => setChosen(target.value)}
          />
        </Field>
      )}
    </Dialog>
  )
}

function WithTag({
  on,
  count,
  busy,
  onClose,
  onChoose,
}: {
  readonly on: boolean
  readonly count: string
  readonly busy: boolean
  readonly onClose: () => void
  readonly onChoose: (tag: string) => void
}) {
  const [tag, setTag] = useState('')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={on ? `Tag ${count}` : `Take a tag off ${count}`}
      description="Journeys that listen for this tag hear of it."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="bulk-tag" busy={busy} disabled={tag.trim() === ''}>
            {on ? 'Tag them' : 'Take it off'}
          </Button>
        </>
      }
    >
      <form
        id="bulk-tag"
        onSubmit={(event) => {
          event.preventDefault()
          if (tag.trim() !== '') onChoose(tag.trim())
        }}
      >
        <Field label="Tag">
          <Input
            value={tag}
            maxLength={60}
            autoComplete="off"
            onChange={({ target }) => setTag(target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
