import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { ClientDocument } from '../../../contract/clients.ts'
import { listEvents, tellEvent } from '../../../contract/events.ts'
import { readVersion } from '../../../contract/journeys.ts'
import { clientTimeline } from '../../../contract/runs.ts'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks, newKey, queries, type Seen } from '../../api.ts'
import { holdBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf, hereZone, inWords, today } from '../../times.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import { type Awaited, awaitedIn, KINDS, sayAwaited } from './awaited.ts'
import { isLive } from './RunsOfCouple.tsx'
import { dayProblem } from './strange.ts'
import { shortName } from './words.ts'

type Told = z.infer<typeof tellEvent.answer>
type Choice = { readonly value: string; readonly label: string; readonly awaited: Awaited | null }

/** A signature on paper, money at the bank, a call: what only a person has seen, told to the journeys that wait for it. */
export function SomethingHappened({
  client,
  onClose,
}: {
  readonly client: ClientDocument
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const awaited = useAwaited(client.id)
  const choices: readonly Choice[] = [
    ...awaited.map(({ journey, ...one }) => ({
      value: JSON.stringify(one),
      label: `${sayAwaited(one)} (${journey} waits for it)`,
      awaited: one,
    })),
    ...KINDS.filter(({ type, which }) => which || !awaited.some((one) => one.type === type)).map((kind) => ({
      value: kind.type,
      label: kind.says,
      awaited: null,
    })),
  ]
  const [chosen, setChosen] = useState<string | null>(null)
  // Nothing is chosen for anybody: what their journeys wait for may still be on its way here.
  const choice = choices.find(({ value }) => value === chosen) ?? null
  const type = choice?.awaited?.type ?? choice?.value ?? ''
  const kind = KINDS.find((one) => one.type === type)
  const asked = choice?.awaited ? null : (kind?.which ?? null)
  const [which, setWhich] = useState('')
  const [day, setDay] = useState<string | null>(null)
  const [at, setAt] = useState('10:00')
  const [isUnclear, setUnclear] = useState(false)
  const zone = hereZone()
  const named = which.trim().toLowerCase().replaceAll(/\s+/g, '_')
  const strange = kind?.when ? dayProblem(day) : null
  const isMissing = choice === null || (asked?.fact === 'name' && named === '')
  const tell = () => {
    const body = {
      type,
      data: {
        ...choice?.awaited?.data,
        ...(asked && named !== '' && { [asked.fact]: named }),
        ...(kind?.when && day && { at: new Date(`${day}T${at}`).toISOString() }),
      },
    }
    const says = sayAwaited(
      choice?.awaited ?? { type: body.type, data: named === '' ? {} : { which: named } },
    )
    const key = newKey()
    holdBack({
      ids: [`told ${key}`],
      says: `${shortName(client)}: ${says}`,
      does: async () => {
        const { data } = await api(tellEvent, { params: { vendor, client: client.id }, body, key })
        await Promise.all([askForRuns(), askAgain(listEvents)])
        toast(whatCame(data))
      },
    })
    onClose()
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="Something happened"
      description={`A payment, a signature, a call: journeys of ${shortName(client)} that wait for it go on, and those that begin with it begin.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={isMissing || isUnclear || strange !== null} onClick={tell}>
            Tell it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="What happened?">
          <Select
            value={chosen ?? ''}
            choices={[{ value: '', label: 'Choose what it is' }, ...choices]}
            onChange={({ target }) => setChosen(target.value)}
          />
        </Field>
        {asked && (
          <Field label={asked.label} hint={asked.hint} optional={asked.fact !== 'name'}>
            <Input
              autoComplete="off"
              maxLength={60}
              value={which}
              onChange={({ target }) => setWhich(target.value)}
            />
          </Field>
        )}
        {kind?.when && (
          <div className="grid grid-cols-2 gap-4">
            <Field label="When is it?" optional error={strange}>
              <DateField value={day} today={today()} onChange={setDay} />
            </Field>
            <Field label="At">
              <TimeField value={at} onChange={(next) => setAt(next ?? '10:00')} onUnclear={setUnclear} />
            </Field>
            <p className="col-span-2 text-small text-muted-foreground">
              By the clock of <Zone>{cityOf(zone)}</Zone>. What hangs on the meeting follows it.
            </p>
          </div>
        )}
      </div>
    </Sheet>
  )
}

/** What the journeys they are on still wait for, by the versions they travel. */
function useAwaited(client: string): readonly (Awaited & { readonly journey: string })[] {
  const { vendor } = useHere()
  const timeline = queries.getQueryData<Seen<typeof clientTimeline>>(
    asks(clientTimeline, { params: { vendor, client } }).queryKey,
  )
  const runs = (timeline?.data.runs ?? []).filter(isLive)
  return useQueries({
    queries: runs.map((run) =>
      asks(readVersion, { params: { vendor, journey: run.journey, version: run.version } }),
    ),
    combine: (found) =>
      found.flatMap(({ data }, index) =>
        awaitedIn(data?.data.document).map((one) => ({ ...one, journey: runs[index]!.journeyName })),
      ),
  })
}

function whatCame({ started, woken }: Told): string {
  const parts = [
    woken.length > 0
      ? `${inWords(woken.length)} ${woken.length === 1 ? 'journey has' : 'journeys have'} heard of it`
      : '',
    started.length > 0 ? `${inWords(started.length)} ${started.length === 1 ? 'begins' : 'begin'}` : '',
  ].filter(Boolean)
  return parts.length === 0 ? 'Written down; no journey waited for it' : `${capital(parts.join(', '))}`
}
