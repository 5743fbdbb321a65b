import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ArrowRight, CirclePause } from 'lucide-react'
import { useState } from 'react'
import type { ClientDocument } from '../../../contract/clients.ts'
import { clientTimeline } from '../../../contract/runs.ts'
import { changeWedding } from '../../../contract/weddings.ts'
import { Button } from '../../../ui/Button.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Diamond } from '../../../ui/Thread.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { cityOf, hereZone, today } from '../../times.ts'
import { zones } from '../account/places-of-the-world.ts'
import { dayProblem } from '../clients/strange.ts'
import { shortName } from '../clients/words.ts'
import { Columns, lede } from './Columns.tsx'
import { Foot, Head, OfWedding, useForesight, WhatItDoes } from './frame.tsx'
import { type Chosen, changeOf, rowsOf, standsAt, type Wanted, type WeddingDocument } from './move.ts'
import { useMove } from './useMove.ts'

const room = getRouteApi('/house/clients/$clientId/move')

/** What a wedding's new date means for every step, before it is one. */
export function MoveDate() {
  const { clientId } = room.useParams()
  return (
    <OfWedding clientId={clientId} title="Move the date">
      {(of) => <Moving {...of} key={of.etag} />}
    </OfWedding>
  )
}

function Moving({
  client,
  wedding,
  etag,
}: {
  readonly client: ClientDocument
  readonly wedding: WeddingDocument
  readonly etag: string
}) {
  const { vendor, may } = useHere()
  const search = room.useSearch()
  const go = room.useNavigate()
  const [chosen, setChosen] = useState<Chosen>({})
  const [isUnclear, setUnclear] = useState(false)
  const was = standsAt(wedding)
  const wanted: Wanted = {
    on: search.on ?? was.on,
    at: search.at === '-' ? null : (search.at ?? was.at),
    zone: search.zone ?? was.zone,
    hold: search.hold ?? false,
  }
  const strange = wanted.hold || wanted.on === was.on ? null : dayProblem(wanted.on)
  const change = strange === null ? changeOf(wedding, wanted) : null
  const foresight = useForesight(wedding, change, chosen)
  const { choices, left } = foresight
  const past = useQuery(asks(clientTimeline, { params: { vendor, client: client.id } }))
  const over = past.data?.data.items.filter((row) => row.side === 'past') ?? []
  const { busy, apply } = useMove(client, wedding)
  const look = (next: { on?: string; at?: string; zone?: string; hold?: true }) =>
    void go({ search: next, replace: true })
  const now = {
    ...(search.on && { on: search.on }),
    ...(search.at && { at: search.at }),
    ...(search.zone && { zone: search.zone }),
  }
  const holds = wanted.hold ? 'There is a date after all' : 'No new date yet: hold'
  const hold = () => look(wanted.hold ? {} : { hold: true })
  useActs(was.on !== null && may(changeWedding) ? [{ label: holds, icon: CirclePause, run: hold }] : [])
  return (
    <>
      <Head client={client}>Move the wedding of {shortName(client)}</Head>
      <div className="mt-4 grid grid-cols-[7fr_5fr] items-start gap-3 md:flex md:flex-wrap">
        <div className="max-md:col-span-2">
          <p className="mb-1 text-small font-strong">From</p>
          <p className="flex h-8 items-center gap-2 whitespace-nowrap">
            <Diamond small hollow />
            <span>
              {was.on ? <time dateTime={was.on}>{tellDay(was.on)}</time> : 'No date yet'}
              {was.at && `, ${was.at}`}
            </span>{' '}
            {was.zone && <Zone>{cityOf(was.zone)}</Zone>}
          </p>
        </div>
        <span className="mt-5 hidden h-8 items-center px-1 text-muted-foreground md:flex">
          <Icon of={ArrowRight} />
        </span>
        <div className="md:w-[196px]">
          <Field label="New date" error={strange}>
            <DateField
              value={wanted.hold ? null : wanted.on}
              placeholder={wanted.hold ? 'To be confirmed' : 'Choose a day'}
              today={today(wanted.zone ?? hereZone())}
              wedding
              onChange={(on) => look({ ...now, ...(on && { on }) })}
            />
          </Field>
        </div>
        <div className="md:w-[124px]">
          <Field label="Ceremony">
            <TimeField
              value={wanted.at}
              disabled={wanted.hold}
              onChange={(at) => look({ ...now, at: at ?? '-' })}
              onUnclear={setUnclear}
            />
          </Field>
        </div>
        <div className="max-md:col-span-2 md:w-[208px]">
          <Field label="Zone of the venue">
            <Combobox
              choices={zones()}
              value={wanted.zone}
              search="Find a city"
              none="No city by that name."
              onChange={(zone) => look({ ...now, zone })}
            />
          </Field>
        </div>
        {was.on !== null && (
          <div className="max-md:col-span-2 md:mt-5 md:ml-auto">
            <Button icon={CirclePause} aria-pressed={wanted.hold} onClick={hold}>
              {holds}
            </Button>
          </div>
        )}
      </div>
      <WhatItDoes
        of={foresight}
        change={change}
        refusedTitle="This move cannot be looked at"
        before={
          <EmptyState title="Choose where the wedding goes">
            Every step is shown with its old and its new moment before anything changes. What has been sent
            stays sent.
          </EmptyState>
        }
        says={(foreseen) => lede(rowsOf(foreseen), over, foreseen, left, wanted)}
      >
        {(foreseen) => (
          <Columns
            foreseen={foreseen}
            rows={rowsOf(foreseen)}
            past={over}
            on={wanted.on}
            chosen={chosen}
            fixed={!may(changeWedding)}
            onChoose={(key, choice) => setChosen((before) => ({ ...before, [key]: choice }))}
          />
        )}
      </WhatItDoes>
      <Foot
        client={client}
        foresight={foresight}
        isChange={change !== null}
        isUnclear={isUnclear}
        busy={busy}
        onApply={() => change && apply({ ...change, ...(choices.length > 0 && { choices }) }, etag)}
      >
        {wanted.hold ? 'Hold the date' : 'Apply'}
      </Foot>
    </>
  )
}
