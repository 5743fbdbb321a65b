import { useQuery } from '@tanstack/react-query'
import { listJourneys } from '../../../contract/journeys.ts'
import type { Action, NodeOf } from '../../../core/journey/graph.ts'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useBuilding } from './building.ts'
import { WaitEditor } from './fields/WaitEditor.tsx'
import { RoleSelect } from './StepOptions.tsx'

/** What an action does, by what it is. */
export function ActionEditor({ node }: { readonly node: NodeOf<'action'> }) {
  const { change } = useBuilding()
  const set = (next: Action, burst?: string): void =>
    change({ ...node, do: next }, burst && `${node.id} ${burst}`)
  return (
    <div data-part="do" className="space-y-3">
      <Parts does={node.do} onChange={set} />
    </div>
  )
}

const TEXTS = {
  setStage: { label: 'The stage', hint: 'Such as booked or planning' },
  addTag: { label: 'The tag', hint: 'Conditions can ask for it' },
  removeTag: { label: 'The tag', hint: 'Nothing happens where it is not set' },
  holdJourneys: { label: 'The reason', hint: 'Under this name they are released again' },
  releaseJourneys: { label: 'The reason', hint: 'The one they were held by' },
} as const

function Parts({
  does,
  onChange,
}: {
  readonly does: Action
  readonly onChange: (next: Action, burst?: string) => void
}) {
  if ('task' in does)
    return <TaskParts task={does.task} onChange={(task, burst) => onChange({ task }, burst)} />
  if ('notify' in does)
    return (
      <>
        <Field label="What it says">
          <TextArea
            data-first
            value={does.notify.text}
            maxLength={500}
            onChange={(event) => onChange({ notify: { ...does.notify, text: event.target.value } }, 'text')}
          />
        </Field>
        <RoleSelect
          label="To whom"
          value={does.notify.role}
          unsaid="The owner"
          onChange={(role) => {
            const { role: _before, ...rest } = does.notify
            onChange({ notify: role ? { ...rest, role } : rest })
          }}
        />
      </>
    )
  if ('webhook' in does)
    return (
      <Field label="Address" hint="It is called with what is known of the couple’s journey, signed">
        <Input
          data-first
          type="url"
          placeholder="https://"
          value={does.webhook.url}
          onChange={(event) => onChange({ webhook: { ...does.webhook, url: event.target.value } }, 'url')}
        />
      </Field>
    )
  if ('setField' in does)
    return (
      <>
        <Field label="The field">
          <Input
            data-first
            value={does.setField}
            spellCheck={false}
            onChange={(event) => {
              const name = event.target.value.toLowerCase().replace(/[^a-z0-9_]+/g, '_')
              if (name !== '') onChange({ ...does, setField: name }, 'field')
            }}
          />
        </Field>
        <Field label="Becomes">
          <Input
            value={typeof does.value === 'string' ? does.value : JSON.stringify(does.value)}
            onChange={(event) => onChange({ ...does, value: event.target.value }, 'value')}
          />
        </Field>
      </>
    )
  if ('startJourney' in does)
    return (
      <JourneySelect
        label="Which journey begins"
        value={does.startJourney}
        onChange={(startJourney) => onChange({ startJourney })}
      />
    )
  if ('stopJourney' in does)
    return (
      <JourneySelect
        label="Which journey ends"
        value={does.stopJourney}
        onChange={(stopJourney) => onChange({ stopJourney })}
      />
    )
  const [name, value] = Object.entries(does)[0] as [keyof typeof TEXTS, string]
  return (
    <Field label={TEXTS[name].label} hint={TEXTS[name].hint}>
      <Input
        data-first
        value={value}
        maxLength={60}
        spellCheck={false}
        onChange={(event) => onChange({ [name]: event.target.value } as unknown as Action, name)}
      />
    </Field>
  )
}

type Task = Extract<Action, { task: unknown }>['task']

function TaskParts({
  task,
  onChange,
}: {
  readonly task: Task
  readonly onChange: (task: Task, burst?: string) => void
}) {
  const { due, gate, role, ...rest } = task
  return (
    <>
      <Field label="What is to be done">
        <TextArea
          data-first
          rows={2}
          value={task.title}
          maxLength={300}
          onChange={(event) => onChange({ ...task, title: event.target.value }, 'title')}
        />
      </Field>
      <RoleSelect
        label="By whom"
        value={role}
        onChange={(next) =>
          onChange({ ...rest, ...(due && { due }), ...(gate && { gate }), ...(next && { role: next }) })
        }
      />
      <Checkbox
        checked={gate === true}
        onChange={(next) =>
          onChange({ ...rest, ...(role && { role }), ...(due && { due }), ...(next && { gate: true }) })
        }
      >
        The journey waits until it is done
      </Checkbox>
      {due ? (
        <WaitEditor
          label="Due"
          rule={due}
          shapes={['after', 'anchor', 'next', 'on']}
          onChange={(next, field) => onChange({ ...task, due: next }, `due ${field}`)}
        />
      ) : (
        <Checkbox checked={false} onChange={() => onChange({ ...task, due: { after: { days: 2 } } })}>
          It is due by a certain time
        </Checkbox>
      )}
    </>
  )
}

/** By their keys: a journey is started by name, whichever version is live. */
function JourneySelect({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (key: string) => void
}) {
  const { vendor } = useHere()
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const items = journeys.data?.data.items ?? []
  const known = items.some((one) => one.key === value)
  return (
    <Field label={label}>
      <Select
        data-first
        value={value}
        choices={[
          ...(value === '' ? [{ value: '', label: 'Choose one' }] : []),
          ...items.map((one) => ({ value: one.key, label: one.name })),
          ...(known || value === '' ? [] : [{ value, label: value }]),
        ]}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
