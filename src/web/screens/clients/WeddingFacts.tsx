import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CalendarPlus, Pencil, Undo2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type ClientDocument, listClients, readClient } from '../../../contract/clients.ts'
import { readVendor } from '../../../contract/vendors.ts'
import {
  type CoupleDate,
  changeWedding,
  coupleDates,
  readWedding,
  undoWedding,
} from '../../../contract/weddings.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Popover } from '../../../ui/Popover.tsx'
import { Select } from '../../../ui/Select.tsx'
import { LINK, Section, Zone } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { cityOf, hereZone, tellTime } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import { dateWord, isTold, sayChange, sayValue, whoWaits } from '../move-date/dates.ts'
import type { WeddingDocument } from '../move-date/move.ts'
import { useUndoMove } from '../move-date/useMove.ts'
import { DATE_STATUS, regionName } from './words.ts'

/** The facts everything hangs on: changed here, but for the date, which has a room of its own. */
export function WeddingFacts({
  client,
  wedding,
}: {
  readonly client: ClientDocument
  readonly wedding: string
}) {
  const { vendor, may } = useHere()
  const [open, setOpen] = useState(false)
  const read = useQuery(asks(readWedding, { params: { vendor, wedding } }))
  const told = useQuery(asks(coupleDates, { params: { vendor, client: client.id } }))
  const facts = read.data?.data
  const mayChange = may(changeWedding)
  const zone = facts?.zone ?? hereZone()
  const day = facts?.anchors.wedding?.value
  const dates = (told.data?.data.items ?? []).filter(
    ({ value, journeys }) => value !== null || journeys.some(({ isOn }) => isOn),
  )
  const go = useNavigate()
  useActs(
    mayChange && facts
      ? [
          {
            label: 'Add a date of theirs',
            icon: CalendarPlus,
            run: () => void go({ to: '/clients/$clientId/date', params: { clientId: client.id } }),
          },
          {
            label: 'Edit the wedding',
            icon: Pencil,
            also: ['guests', 'country', 'confirmed', 'cancel', 'facts'],
            run: () => setOpen(true),
          },
        ]
      : [],
  )
  return (
    <Section
      title="The wedding"
      meta={
        facts && mayChange ? (
          <Popover
            label="Facts of the wedding"
            align="end"
            open={open}
            onOpenChange={setOpen}
            trigger={
              <button type="button" className={LINK}>
                Edit
              </button>
            }
          >
            <Edit facts={facts} etag={read.data?.etag ?? '*'} client={client} onDone={() => setOpen(false)} />
          </Popover>
        ) : undefined
      }
    >
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5 py-2">
        <Fact name="Place">{client.wedding?.zone ? cityOf(client.wedding.zone) : '–'}</Fact>
        <Fact name="Country">{client.wedding?.region ? regionName(client.wedding.region) : '–'}</Fact>
        <Fact name="Guests">{client.wedding?.guests?.toLocaleString() ?? '–'}</Fact>
        {day && (
          <Fact name="Ceremony">
            {mayChange ? (
              <Link to="/clients/$clientId/move" params={{ clientId: client.id }} className={LINK}>
                {day.is === 'hour' ? day.at : 'Set the hour'}
              </Link>
            ) : day.is === 'hour' ? (
              day.at
            ) : (
              '–'
            )}
          </Fact>
        )}
        {dates.map((one) => (
          <Fact key={one.name} name={dateWord(one.name)}>
            <OneDate date={one} zone={zone} client={client.id} mayChange={mayChange && !isTold(one.name)} />
          </Fact>
        ))}
      </dl>
      {mayChange && (
        <Link to="/clients/$clientId/date" params={{ clientId: client.id }} className={`${LINK} text-small`}>
          Add a date of theirs
        </Link>
      )}
    </Section>
  )
}

function OneDate({
  date: { name, value, journeys },
  zone,
  client,
  mayChange,
}: {
  readonly date: CoupleDate
  readonly zone: string
  readonly client: string
  readonly mayChange: boolean
}) {
  const says = value ? sayValue(value, zone) : mayChange ? 'Set it' : 'not known yet'
  const waits = value ? null : whoWaits(journeys)
  return (
    <>
      {mayChange ? (
        <Link to="/clients/$clientId/date" params={{ clientId: client }} search={{ name }} className={LINK}>
          {says}
        </Link>
      ) : (
        says
      )}
      {waits && <span className="block text-small text-muted-foreground">{waits}</span>}
    </>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted-foreground">{name}</dt>
    <dd>{children}</dd>
  </>
)

function Edit({
  facts,
  etag,
  client,
  onDone,
}: {
  readonly facts: WeddingDocument
  readonly etag: string
  readonly client: ClientDocument
  readonly onDone: () => void
}) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const { undo } = useUndoMove(facts.id)
  const [guests, setGuests] = useState(facts.guests?.toString() ?? '')
  const [region, setRegion] = useState(facts.region ?? '')
  const [status, setStatus] = useState(facts.status)
  const params = { vendor, wedding: facts.id }
  const written = {
    status,
    guests: guests.trim() === '' ? null : Number(guests),
    region: region.trim().toUpperCase() || null,
  }
  const facets = ['status', 'guests', 'region'] as const
  const body = Object.fromEntries(
    facets.filter((one) => written[one] !== facts[one]).map((one) => [one, written[one]]),
  )
  const save = (): void => {
    if (Object.keys(body).length === 0) return onDone()
    act(async () => {
      try {
        const { data } = await api(changeWedding, { params, body, ifMatch: etag })
        onDone()
        const change = data.lastChange
        toast(
          body.status === 'cancelled'
            ? `The wedding of ${client.name} is cancelled`
            : `The wedding of ${client.name} is written down`,
          { undo: change && (() => undo(change)) },
        )
      } finally {
        await Promise.all([askAgain(readWedding, readClient, listClients, coupleDates), askForRuns()])
      }
    })
  }
  return (
    <form
      className="grid w-[280px] gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Field label="State of the date">
        <Select
          value={status}
          choices={Object.entries(DATE_STATUS).map(([value, { word }]) => ({ value, label: word }))}
          onChange={({ target }) => setStatus(target.value as typeof status)}
        />
      </Field>
      {status === 'cancelled' && facts.status !== 'cancelled' && (
        <p className="text-small text-warning-text">
          Their journeys fall silent at once and end in ten minutes, unless a journey says otherwise. Until
          then it can be undone.
        </p>
      )}
      <Field
        label="Guests"
        optional
        error={/^\d{0,6}$/.test(guests.trim()) ? null : 'A number, such as 120.'}
      >
        <Input
          inputMode="numeric"
          autoComplete="off"
          value={guests}
          onChange={({ target }) => setGuests(target.value)}
        />
      </Field>
      <Field
        label="Region"
        optional
        hint="A country, or a part of one, such as IT or GB-SCT: for its holidays."
      >
        <Input
          autoComplete="off"
          maxLength={6}
          value={region}
          onChange={({ target }) => setRegion(target.value)}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button look="primary" type="submit" busy={busy} disabled={!/^\d{0,6}$/.test(guests.trim())}>
          Save
        </Button>
      </div>
    </form>
  )
}

/** A change that can still be taken back says so, on the couple's own page, until it cannot. */
export function MovedLately({ wedding }: { readonly wedding: string }) {
  const { vendor, may } = useHere()
  const read = useQuery({
    ...asks(readWedding, { params: { vendor, wedding } }),
    refetchInterval: ({ state }) => (isOpen(state.data?.data.lastChange ?? null) ? 30_000 : false),
  })
  const { busy, undo } = useUndoMove(wedding)
  const change = read.data?.data.lastChange ?? null
  const isMove = change?.from !== change?.to
  const isOff = change?.status?.to === 'cancelled'
  const back = isOff ? 'Undo the cancellation' : isMove ? 'Undo the move' : 'Undo the change'
  useActs(
    change && isOpen(change) && may(undoWedding)
      ? [{ label: back, icon: Undo2, run: () => undo(change) }]
      : [],
  )
  if (!change || !isOpen(change)) return null
  const ofDates = sayChange(change, read.data?.data.zone ?? hereZone())
  const zone = hereZone()
  const until = (
    <>
      {tellTime(change.undoUntil, zone)} <Zone>{cityOf(zone)}</Zone>
    </>
  )
  return (
    <div className="mt-4">
      <Banner
        kind="info"
        title={ofDates ?? 'The facts of the wedding were changed'}
        action={
          may(undoWedding) && (
            <Button size="sm" icon={Undo2} busy={busy} onClick={() => undo(change)}>
              {back}
            </Button>
          )
        }
      >
        {isOff ? (
          <>Nothing reaches them any more. Can be undone until {until}; their journeys end then.</>
        ) : (
          <>
            Can be undone until {until}
            {ofDates ? `; nothing that the ${isMove ? 'move' : 'change'} made late happens before.` : '.'}
          </>
        )}
      </Banner>
    </div>
  )
}

const isOpen = (change: { readonly undone: boolean; readonly undoUntil: string } | null): boolean =>
  change !== null && !change.undone && new Date(change.undoUntil) > new Date()

/** The clocks of everybody concerned: the venue's, theirs, and yours. */
export function RightNow({ client }: { readonly client: ClientDocument }) {
  const { vendor } = useHere()
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const yours = business.data?.data.zone ?? hereZone()
  const clocks = [
    { zone: client.wedding?.zone ?? null, what: 'the wedding' },
    ...client.people.map((person) => ({ zone: person.zone, what: `${person.name.split(' ')[0]}` })),
    { zone: yours, what: 'you' },
  ].filter((one): one is { zone: string; what: string } => one.zone !== null)
  const byZone = [...Map.groupBy(clocks, ({ zone }) => zone)].slice(0, 3)
  return (
    <Section title="Right now">
      <ul className="flex py-2">
        {byZone.map(([zone, list]) => (
          <li key={zone} className="flex-1 border-l border-border pl-3 first:border-l-0 first:pl-0">
            <p className="font-display text-h2 tracking-display">
              {new Intl.DateTimeFormat(navigator.language, {
                timeZone: zone,
                hour: '2-digit',
                minute: '2-digit',
                hourCycle: 'h23',
              }).format(new Date())}
            </p>
            <p className="text-small">
              <Zone>{cityOf(zone)}</Zone>
            </p>
            <p className="text-small text-muted-foreground">{list.map(({ what }) => what).join(', ')}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
