import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { ClientDocument } from '../../../contract/clients.ts'
import { clientTimeline } from '../../../contract/runs.ts'
import { type CoupleDate, changeWedding, coupleDates } from '../../../contract/weddings.ts'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { hereZone, today } from '../../times.ts'
import { dayProblem } from '../clients/strange.ts'
import { shortName } from '../clients/words.ts'
import { Columns, lede } from './Columns.tsx'
import { type DateValue, dateWord, fieldsOf, isTold, ownDate, sayValue, whoWaits } from './dates.ts'
import { Foot, Head, OfWedding, useForesight, WhatItDoes } from './frame.tsx'
import { type Change, type Chosen, rowsOf, type WeddingDocument } from './move.ts'
import { useMove } from './useMove.ts'

const room = getRouteApi('/house/clients/$clientId/date')
const OWN = 'own'

/** A date beside the wedding day, given, changed or taken away: what hangs on it is shown before anything moves. */
export function ChangeDate() {
  const { clientId } = room.useParams()
  const { vendor } = useHere()
  const dates = useQuery(asks(coupleDates, { params: { vendor, client: clientId } }))
  return (
    <OfWedding clientId={clientId} title="Their dates">
      {(of) =>
        dates.data ? (
          <Changing {...of} dates={dates.data.data.items} key={of.etag} />
        ) : (
          <>
            <Head client={of.client}>The dates of {shortName(of.client)}</Head>
            <Answer of={dates}>{() => null}</Answer>
          </>
        )
      }
    </OfWedding>
  )
}

function Changing({
  client,
  wedding,
  etag,
  dates,
}: {
  readonly client: ClientDocument
  readonly wedding: WeddingDocument
  readonly etag: string
  readonly dates: readonly CoupleDate[]
}) {
  const { vendor, may } = useHere()
  const search = room.useSearch()
  const go = room.useNavigate()
  const [called, setCalled] = useState('')
  const [chosen, setChosen] = useState<Chosen>({})
  const [isUnclear, setUnclear] = useState(false)
  const zone = wedding.zone ?? hereZone()
  const name = search.name === OWN ? ownDate(called) : (search.name ?? null)
  const known = dates.find((one) => one.name === name)
  const value = known?.value ?? null
  const was = fieldsOf(value, zone)
  const on = search.gone ? null : (search.on ?? was.on)
  const at = search.at === '-' ? null : (search.at ?? was.at)
  const strange = on === was.on ? null : dayProblem(on)
  const change =
    name === null || strange !== null
      ? null
      : changeOf(name, value, { on, at, zone, gone: search.gone ?? false })
  const foresight = useForesight(wedding, change, chosen)
  const { rows, choices, foreseen, left } = foresight
  const past = useQuery(asks(clientTimeline, { params: { vendor, client: client.id } }))
  const over = past.data?.data.items.filter((row) => row.side === 'past') ?? []
  const who = shortName(client)
  const word = name === null ? 'A date' : dateWord(name)
  const { busy, apply } = useMove(
    client,
    wedding,
    search.gone ? `${who}: ${word} is taken away` : `${who}: ${word} is written down`,
  )
  const look = (next: { on?: string; at?: string; gone?: true }) => {
    setChosen({})
    void go({ search: { ...(search.name && { name: search.name }), ...next }, replace: true })
  }
  const now = { ...(search.on && { on: search.on }), ...(search.at && { at: search.at }) }
  const waits = known ? whoWaits(known.journeys) : null
  const isNothing = foreseen !== undefined && rows.every(({ is }) => is === 'stays')
  return (
    <>
      <Head client={client}>{name === null ? `Which date of ${who}?` : `${word}, for ${who}`}</Head>
      <div className="mt-4 grid grid-cols-[7fr_5fr] items-start gap-3 md:flex md:flex-wrap">
        <div className="max-md:col-span-2 md:w-[280px]">
          <Field label="Which date?" hint={waits ?? undefined}>
            <Select
              value={search.name ?? ''}
              choices={choicesIn(dates, search.name)}
              onChange={({ target }) => {
                setChosen({})
                void go({ search: target.value ? { name: target.value } : {}, replace: true })
              }}
            />
          </Field>
        </div>
        {search.name === OWN && (
          <div className="max-md:col-span-2 md:w-[208px]">
            <Field
              label="What is it called?"
              error={
                dates.some((one) => one.name === name) ? 'There is one of this name: choose it beside.' : null
              }
            >
              <Input
                autoComplete="off"
                maxLength={50}
                placeholder="Rehearsal"
                value={called}
                onChange={({ target }) => setCalled(target.value)}
              />
            </Field>
          </div>
        )}
        {search.name && (
          <>
            <div className="md:w-[196px]">
              <Field label="Day" error={strange}>
                <DateField
                  value={on}
                  placeholder={search.gone ? 'Taken away' : 'Choose a day'}
                  today={today(zone)}
                  onChange={(day) => look({ ...now, ...(day && { on: day }) })}
                />
              </Field>
            </div>
            <div className="md:w-[124px]">
              <Field label="Time" optional>
                <TimeField
                  value={at}
                  disabled={search.gone ?? false}
                  onChange={(next) => look({ ...now, at: next ?? '-' })}
                  onUnclear={setUnclear}
                />
              </Field>
            </div>
          </>
        )}
        {value !== null && (
          <div className="max-md:col-span-2 md:mt-5 md:ml-auto">
            <Button
              icon={X}
              aria-pressed={search.gone ?? false}
              onClick={() => look(search.gone ? {} : { gone: true })}
            >
              {search.gone ? 'It stays after all' : 'Take it away'}
            </Button>
          </div>
        )}
      </div>
      {name !== null && (
        <p className="mt-2 text-small text-muted-foreground">
          {value ? `It is ${sayValue(value, zone)}.` : 'Nobody has told this date yet.'}{' '}
          {known?.from === 'event' &&
            'It came with something that happened; what you write here counts before it.'}
        </p>
      )}
      <WhatItDoes
        of={foresight}
        change={change}
        refusedTitle="This change cannot be looked at"
        before={
          <EmptyState title={name === null ? 'Choose a date, or name one' : 'Choose the day'}>
            What hangs on it is shown with its old and its new moment before anything changes. A meeting is
            told under{' '}
            <Link to="/clients/$clientId" params={{ clientId: client.id }} className={LINK}>
              Something happened
            </Link>
            , and moves by itself when it is booked anew.
          </EmptyState>
        }
        says={(foreseen) =>
          isNothing
            ? 'Nothing that is planned for them moves with this date. It is written down, and your journeys can hang on it.'
            : lede(rowsOf(foreseen), over, foreseen, left, { on, at, zone, hold: search.gone ?? false })
        }
      >
        {(foreseen) =>
          !isNothing && (
            <Columns
              foreseen={foreseen}
              rows={rowsOf(foreseen)}
              past={over}
              on={null}
              chosen={chosen}
              fixed={!may(changeWedding)}
              onChoose={(key, choice) => setChosen((before) => ({ ...before, [key]: choice }))}
            />
          )
        }
      </WhatItDoes>
      <Foot
        client={client}
        foresight={foresight}
        isChange={change !== null}
        isUnclear={isUnclear}
        busy={busy}
        onApply={() => change && apply({ ...change, ...(choices.length > 0 && { choices }) }, etag)}
      >
        {search.gone ? 'Take it away' : 'Apply'}
      </Foot>
    </>
  )
}

/** Null where nothing would be another. */
function changeOf(
  name: string,
  was: DateValue | null,
  wanted: {
    readonly on: string | null
    readonly at: string | null
    readonly zone: string
    readonly gone: boolean
  },
): Pick<Change, 'anchors'> | null {
  if (wanted.gone) return was === null ? null : { anchors: { [name]: null } }
  const { on, at, zone } = wanted
  const before = fieldsOf(was, zone)
  if (on === null || (on === before.on && at === before.at)) return null
  return { anchors: { [name]: at === null ? { is: 'day', on } : { is: 'hour', on, at, zone } } }
}

/** First what the journeys they are on wait for, then what other journeys would, then what is known, then one's own. */
function choicesIn(dates: readonly CoupleDate[], chosen: string | undefined) {
  const offered = dates
    .filter(({ name, value, journeys }) => !isTold(name) && (value !== null || journeys.length > 0))
    .map((one) => ({ ...one, waits: whoWaits(one.journeys) }))
  const rank = ({ value, waits }: (typeof offered)[number]) => (value !== null ? 2 : waits ? 0 : 1)
  const label = ({ name, value, waits, journeys }: (typeof offered)[number]): string => {
    if (value !== null) return dateWord(name)
    return `${dateWord(name)} (${waits ?? `${journeys[0]?.name} asks for it`})`
  }
  const listed = offered
    .sort((a, b) => rank(a) - rank(b))
    .map((one) => ({ value: one.name, label: label(one) }))
  const isElsewhere = chosen && chosen !== OWN && !listed.some(({ value }) => value === chosen)
  return [
    { value: '', label: 'Choose which one' },
    ...listed,
    ...(isElsewhere ? [{ value: chosen, label: dateWord(chosen) }] : []),
    { value: OWN, label: 'Another date of theirs …' },
  ]
}
