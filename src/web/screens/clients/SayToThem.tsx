import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listJourneys, readJourney } from '../../../contract/journeys.ts'
import { countRuns } from '../../../contract/runs.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { Otherwise, type Said } from '../messages/Otherwise.tsx'

/** So many are looked through by name; the words are for all of them. */
const LOOKED_THROUGH_MAX = 200

/** Couples that are ticked, and one message of a journey they are on, to be said otherwise to them. */
export function SayToThem({
  couples,
  onSaid,
  onClose,
}: {
  readonly couples: readonly { readonly id: string; readonly name: string }[]
  readonly onSaid: (said: Said) => void
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
    (node) => node.kind === 'module',
  )
  const [at, setAt] = useState('')
  const step = steps.find(({ id }) => id === at) ?? steps[0]
  const which = { clients: couples.map(({ id }) => id), journey: journey?.id ?? '' }
  const counted = useQuery({
    ...asks(countRuns, { params: { vendor }, body: { which } }),
    enabled: journey !== undefined,
  })
  const count = counted.data?.data.total ?? 0
  return (
    <Otherwise
      meant={
        journey && step && counted.data
          ? {
              key: `${journey.id} ${step.id}`,
              name: titleOf(step),
              node: step.id,
              journey: journey.id,
              which,
              count,
              couples: couples
                .slice(0, LOOKED_THROUGH_MAX)
                .map(({ id, name }) => ({ client: id, names: name, run: null })),
            }
          : null
      }
      onSaid={onSaid}
      onClose={onClose}
    >
      {journeys.data && live.length === 0 ? (
        <p className="text-muted-foreground">No journey is live yet, so nothing is on its way to them.</p>
      ) : (
        <div className="grid gap-4 md:grid-cols-2">
          <Field
            label="Journey"
            {...(counted.data && {
              hint: `${count.toLocaleString()} of these ${couples.length.toLocaleString()} ${count === 1 ? 'is' : 'are'} on it.`,
            })}
          >
            <Select
              value={journey?.id ?? ''}
              choices={live.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={({ target }) => setOf(target.value)}
            />
          </Field>
          <Field label="Message">
            <Select
              value={step?.id ?? ''}
              choices={steps.map((node) => ({ value: node.id, label: titleOf(node) }))}
              onChange={({ target }) => setAt(target.value)}
            />
          </Field>
        </div>
      )}
    </Otherwise>
  )
}
