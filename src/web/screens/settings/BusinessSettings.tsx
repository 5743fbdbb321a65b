import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { changeVendor, previewVendor, readVendor } from '../../../contract/vendors.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { tellDay, weekdayName } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, isRefused, queries, type Seen, whoIsHere, wordsOf } from '../../api.ts'
import { hoursOf, hoursProblems } from '../../hours.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { TRADES } from '../account/OpenBusiness.tsx'
import { missing, problemsOf } from '../account/outcome.ts'
import { regions, zones } from '../account/places-of-the-world.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { Holidays } from './Holidays.tsx'
import { type Foreseen, WhatMoves } from './WhatMoves.tsx'

type Vendor = Seen<typeof readVendor>['data']
type WorkingDay = Vendor['rules']['workingDays'][number]
const WEEK: readonly WorkingDay[] = [1, 2, 3, 4, 5, 6, 7]
const CHANNELS = [
  { name: 'email', label: 'Email' },
  { name: 'sms', label: 'SMS' },
] as const

export function BusinessSettings() {
  const { vendor, may } = useHere()
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const [round, setRound] = useState(0)
  return (
    <Answer of={business} lines={8}>
      {({ data, etag }) =>
        may(changeVendor) ? (
          <BusinessForm
            key={`${vendor} ${round}`}
            first={{ of: data, etag }}
            onOther={() => setRound((now) => now + 1)}
          />
        ) : (
          <BusinessRead of={data} />
        )
      }
    </Answer>
  )
}

type Change = Parameters<typeof save>[1]
async function save(
  vendor: string,
  body: Partial<Pick<Vendor, 'name' | 'type' | 'zone' | 'region'>> & { rules?: Partial<Vendor['rules']> },
  ifMatch: string,
) {
  const { data, etag } = await api(changeVendor, { params: { vendor }, body, ifMatch })
  queries.setQueryData(asks(readVendor, { params: { vendor } }).queryKey, { data, etag })
  void queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
  return { of: data, etag }
}

type Known = { readonly of: Vendor; readonly etag: string | null }

/**
 * What is saved is a change of the state this form began with: a newer one, which somebody else made, is never
 * written over unseen. `onOther` begins the form anew with what is there.
 */
function BusinessForm({ first, onOther }: { readonly first: Known; readonly onOther: () => void }) {
  const [{ of, etag }, setKnown] = useState(first)
  const [zone, setZone] = useState(of.zone)
  const [region, setRegion] = useState(of.region)
  const [days, setDays] = useState<readonly WorkingDay[]>(of.rules.workingDays)
  const [holidays, setHolidays] = useState(of.rules.holidays)
  const [foreseen, setForeseen] = useState<{ readonly body: Change; readonly told: Foreseen } | null>(null)
  const keeping = useDoing()
  const keep = async (body: Change): Promise<void> => {
    const before: Change = {
      name: of.name,
      type: of.type,
      zone: of.zone,
      region: of.region,
      rules: {
        workingDays: of.rules.workingDays,
        holidays: of.rules.holidays,
        openHours: of.rules.openHours,
      },
    }
    try {
      const after = await save(of.id, body, etag ?? '*')
      setKnown(after)
      toast('Saved', { undo: () => void takeBack(of.id, before, after.etag).then(onOther) })
    } catch (error) {
      if (!isRefused(error, 'changed_meanwhile')) throw error
      await askAgain(readVendor)
      toast(wordsOf(error), { failed: true })
      onOther()
    }
  }
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        name: missing('The name of your business'),
        ...Object.fromEntries(
          CHANNELS.flatMap(({ name }) => {
            const { from, to } = hoursProblems(values[`${name}From`], values[`${name}To`])
            return [
              [`${name}From`, () => from],
              [`${name}To`, () => to],
            ]
          }),
        ),
      }),
    (values) =>
      triedHere(async () => {
        const body: Change = {
          name: values.name?.trim() ?? '',
          type: values.type ?? of.type,
          zone,
          region,
          rules: {
            workingDays: [...days].sort(),
            holidays: [...holidays].sort(),
            openHours: openHoursOf(values),
          },
        }
        const { data: told } = await api(previewVendor, { params: { vendor: of.id }, body })
        // Whose plans it touches is looked at first; what touches nobody's is simply kept.
        if (told.moves + told.asks > 0) setForeseen({ body, told })
        else await keep(body)
        return { is: 'done' }
      }),
  )
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid gap-6">
      <WhatMoves
        of={foreseen?.told ?? null}
        busy={keeping.busy}
        onClose={() => setForeseen(null)}
        onKeep={() =>
          keeping.act(async () => {
            if (foreseen === null) return
            await keep(foreseen.body)
            setForeseen(null)
          })
        }
      />
      {refusal && <Banner kind="danger" live title={refusal} />}
      <Section title="The business">
        <div className="grid items-start gap-4 py-2 md:grid-cols-2">
          <Field label="Name" error={problems.name} required>
            <Input name="name" defaultValue={of.name} autoComplete="organization" maxLength={200} />
          </Field>
          <Field label="Trade">
            <Select name="type" defaultValue={of.type} choices={tradesWith(of.type)} />
          </Field>
          <Field label="Home zone" hint="“10:00 your time” means here.">
            <Combobox
              choices={zones()}
              value={zone}
              search="Find a city"
              none="No city by that name."
              onChange={setZone}
            />
          </Field>
          <Field label="Country" hint="Its public holidays are kept free of messages.">
            <Combobox
              choices={regionsWith(region)}
              value={region}
              search="Find a country"
              none="No country by that name."
              onChange={setRegion}
            />
          </Field>
        </div>
      </Section>
      <Section title="Working days">
        <fieldset className="py-2">
          <legend className="sr-only">The days you work</legend>
          <div className="flex flex-wrap gap-x-5">
            {WEEK.map((day) => (
              <Checkbox
                key={day}
                checked={days.includes(day)}
                onChange={(on) => setDays(on ? [...days, day] : days.filter((one) => one !== day))}
              >
                {weekdayName(day, 'long')}
              </Checkbox>
            ))}
          </div>
          <p className="text-small text-muted-foreground">
            A rule that counts working days counts these, without the holidays.
          </p>
        </fieldset>
      </Section>
      <Section title="Hours">
        <p className="pt-1 text-muted-foreground">
          Between these hours something may reach them, in the zone of whoever receives it. Left open, at any
          hour.
        </p>
        <div className="grid gap-4 py-2 md:grid-cols-2">
          {CHANNELS.map(({ name, label }) => (
            <div key={name} className="grid grid-cols-2 items-start gap-3">
              <Field label={`${label} from`} error={problems[`${name}From`]}>
                <TimeField name={`${name}From`} defaultValue={of.rules.openHours[name]?.from} />
              </Field>
              <Field label={`${label} until`} error={problems[`${name}To`]}>
                <TimeField name={`${name}To`} defaultValue={of.rules.openHours[name]?.to} />
              </Field>
            </div>
          ))}
        </div>
      </Section>
      <Holidays days={holidays} zone={zone} onChange={setHolidays} />
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Saving' : 'Save the changes'}
        </Button>
      </div>
    </form>
  )
}

async function takeBack(vendor: string, before: Change, etag: string | null): Promise<void> {
  try {
    await save(vendor, before, etag ?? '*')
    toast('Back to what it was')
  } catch (error) {
    await askAgain(readVendor)
    toast(wordsOf(error), { failed: true })
  }
}

type Values = { readonly [field: string]: string }
function openHoursOf(values: Values): Vendor['rules']['openHours'] {
  const email = hoursOf(values.emailFrom, values.emailTo)
  const sms = hoursOf(values.smsFrom, values.smsTo)
  return { ...(email && { email }), ...(sms && { sms }) } as Vendor['rules']['openHours']
}

const tradesWith = (used: string) =>
  TRADES.some((one) => one.value === used) ? TRADES : [...TRADES, { value: used, label: capital(used) }]
const regionsWith = (used: string) =>
  regions().some((one) => one.value === used) ? regions() : [{ value: used, label: used }, ...regions()]

function BusinessRead({ of }: { readonly of: Vendor }) {
  const { workingDays, holidays, openHours } = of.rules
  return (
    <Section title="The business">
      <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-y-2 py-2">
        <Fact name="Name">{of.name}</Fact>
        <Fact name="Trade">{tradesWith(of.type).find((one) => one.value === of.type)?.label}</Fact>
        <Fact name="Home zone">{cityOf(of.zone)}</Fact>
        <Fact name="Country">{regionsWith(of.region).find((one) => one.value === of.region)?.label}</Fact>
        <Fact name="Working days">
          {WEEK.filter((day) => workingDays.includes(day))
            .map((day) => weekdayName(day, 'long'))
            .join(', ') || '–'}
        </Fact>
        {CHANNELS.map(({ name, label }) => {
          const hours = openHours[name]
          return (
            <Fact key={name} name={label}>
              {hours ? `${hours.from} to ${hours.to}, their time` : 'at any hour'}
            </Fact>
          )
        })}
        <Fact name="Days off">{holidays.map(tellDay).join(', ') || 'none beside the public holidays'}</Fact>
      </dl>
    </Section>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted-foreground">{name}</dt>
    <dd>{children}</dd>
  </>
)
