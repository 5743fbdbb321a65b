import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listJourneys, readJourney } from '../../../contract/journeys.ts'
import { type CommandDocument, countRuns } from '../../../contract/runs.ts'
import type { Journey, NodeKind } from '../../../core/journey/graph.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'

const DAY_MS = 86_400_000
/** Where nobody stands: these decide at once. */
const PASSED: readonly NodeKind[] = ['trigger', 'condition', 'split', 'fork', 'goal', 'end']

type What = { readonly value: string; readonly label: string; readonly doing: string; readonly days?: number }
const WHATS: readonly What[] = [
  { value: 'skip', label: 'Leave it out', doing: 'Leaving out' },
  { value: 'do_now', label: 'Do it now', doing: 'Doing now' },
  { value: 'day', label: 'Put it off until tomorrow', doing: 'Putting off', days: 1 },
  { value: 'week', label: 'Put it off for a week', doing: 'Putting off', days: 7 },
]
const commandOf = ({ value, days }: What): CommandDocument =>
  days === undefined
    ? { do: value as 'skip' | 'do_now' }
    : { do: 'snooze', until: new Date(Date.now() + days * DAY_MS).toISOString() }

export type StepMeant = {
  readonly which: { readonly clients: string[]; readonly journey: string; readonly node: string }
  readonly command: CommandDocument
  readonly label: string
}

/** Couples that are ticked, and what is to become of one step for those of them who stand at it. */
export function StepOfThem({
  clients,
  busy,
  onChoose,
  onClose,
}: {
  readonly clients: string[]
  readonly busy: boolean
  readonly onChoose: (meant: StepMeant) => void
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const live = (journeys.data?.data.items ?? []).filter((one) => one.status === 'active')
  const [of, setOf] = useState('')
  const journey = live.find(({ id }) => id === of) ?? live[0]
  const whole = useQuery({
    ...asks(readJourney, { params: { vendor, journey: journey?.id ?? '' } }),
    enabled: journey !== undefined,
  })
  const steps = ((whole.data?.data.live as Journey | null | undefined)?.nodes ?? []).filter(
    ({ kind }) => !PASSED.includes(kind),
  )
  const [at, setAt] = useState('')
  const step = steps.find(({ id }) => id === at) ?? steps[0]
  const [value, setValue] = useState(WHATS[0]!.value)
  const what = WHATS.find((one) => one.value === value)!
  const which = { clients, journey: journey?.id ?? '', node: step?.id ?? '' }
  const counted = useQuery({
    ...asks(countRuns, { params: { vendor }, body: { which } }),
    enabled: step !== undefined,
  })
  const count = counted.data?.data.total
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Do or leave out a step"
      description="It is for those who stand at this step; whoever has gone on meanwhile is left alone and named. It can be taken back for ten minutes, except what has left the house."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!step || !count}
            onClick={() =>
              step && onChoose({ which, command: commandOf(what), label: `${what.doing} “${titleOf(step)}”` })
            }
          >
            {count ? `${what.label} for ${count.toLocaleString()}` : 'Nobody stands there'}
          </Button>
        </>
      }
    >
      {journeys.data && live.length === 0 ? (
        <p className="text-muted-foreground">No journey is live yet, so nobody stands at a step.</p>
      ) : (
        <div className="grid gap-4">
          <Field label="Journey">
            <Select
              value={journey?.id ?? ''}
              choices={live.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={({ target }) => setOf(target.value)}
            />
          </Field>
          <Field
            label="Step"
            {...(count !== undefined && {
              hint: `${count.toLocaleString()} of these ${clients.length.toLocaleString()} ${count === 1 ? 'stands' : 'stand'} there.`,
            })}
          >
            <Select
              value={step?.id ?? ''}
              choices={steps.map((node) => ({ value: node.id, label: titleOf(node) }))}
              onChange={({ target }) => setAt(target.value)}
            />
          </Field>
          <Field label="What becomes of it">
            <Select
              value={value}
              choices={WHATS.map(({ value, label }) => ({ value, label }))}
              onChange={({ target }) => setValue(target.value)}
            />
          </Field>
        </div>
      )}
    </Dialog>
  )
}
