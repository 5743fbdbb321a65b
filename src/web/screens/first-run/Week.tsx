import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { changeVendor, readVendor } from '../../../contract/vendors.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { weekdayName } from '../../../ui/month.ts'
import { Chip } from '../../../ui/Segmented.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { Lede, LINK, Section } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, type Seen } from '../../api.ts'
import { hoursOf, hoursProblems } from '../../hours.ts'
import { useHere } from '../../session.ts'
import { cityOf } from '../../times.ts'
import { problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'

type Known = Seen<typeof readVendor>
type WorkingDay = Known['data']['rules']['workingDays'][number]
const WEEK: readonly WorkingDay[] = [1, 2, 3, 4, 5, 6, 7]
const USUAL = { from: '08:00', to: '20:00' }

/** When one works, and when a letter may reach a couple: asked once, good for every journey. */
export function Week() {
  const { vendor } = useHere()
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  return (
    <>
      <Lede>
        When do you work, and <b>when may a message reach a couple?</b> Every journey keeps to it.
      </Lede>
      <div className="mt-5 max-w-[620px]">
        <Answer of={business}>{(known) => <WeekForm known={known} />}</Answer>
      </div>
    </>
  )
}

function WeekForm({ known: { data, etag } }: { readonly known: Known }) {
  const { may } = useHere()
  const navigate = useNavigate()
  const { rules, zone } = data
  const [days, setDays] = useState<readonly WorkingDay[]>(rules.workingDays)
  const goOn = () => void navigate({ to: '/begin/$step', params: { step: 'template' }, search: {} })
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        from: (from) => hoursProblems(from, values.to).from,
        to: (to) => hoursProblems(values.from, to).to,
      }),
    ({ from, to }) =>
      triedHere(async () => {
        const { email: _, ...others } = rules.openHours
        const email = hoursOf(from, to)
        const openHours = { ...others, ...(email && { email }) }
        const body = { rules: { workingDays: [...days].sort(), openHours } } as never
        await api(changeVendor, { params: { vendor: data.id }, body, ifMatch: etag ?? '*' })
        void askAgain(readVendor)
        goOn()
        return { is: 'done' }
      }),
  )
  const hours = rules.openHours.email ?? USUAL
  if (!may(changeVendor))
    return (
      <Banner
        kind="info"
        title="An owner or manager sets the hours"
        action={<Button onClick={goOn}>Go on</Button>}
      />
    )
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid gap-6">
      {refusal && <Banner kind="danger" live title={refusal} />}
      <Section title="Working days">
        <fieldset className="py-2">
          <legend className="sr-only">The days you work</legend>
          <div className="flex flex-wrap gap-2">
            {WEEK.map((day) => (
              <Chip
                key={day}
                on={days.includes(day)}
                onChange={(on) => setDays(on ? [...days, day] : days.filter((one) => one !== day))}
              >
                {weekdayName(day, 'long')}
              </Chip>
            ))}
          </div>
          <p className="mt-2 text-small text-muted-foreground">
            Tasks and “business days” count these. The days of your weddings are kept free of questions by
            themselves.
          </p>
        </fieldset>
      </Section>
      <Section title="Hours for messages">
        <div className="grid grid-cols-2 items-start gap-4 py-2">
          <Field label="From" error={problems.from}>
            <TimeField name="from" size="touch" defaultValue={hours.from} />
          </Field>
          <Field label="Until" error={problems.to}>
            <TimeField name="to" size="touch" defaultValue={hours.to} />
          </Field>
        </div>
        <p className="text-small text-muted-foreground">
          In the zone of whoever receives it; yours is {cityOf(zone)}. A first reply to an inquiry waits for
          the morning, too. Leave both open to answer at any hour.
        </p>
      </Section>
      <div className="flex items-center gap-4">
        <Button type="submit" look="primary" size="touch" busy={busy}>
          Keep these and go on
        </Button>
        <Link to="/begin/$step" params={{ step: 'template' }} search={{}} className={LINK}>
          Skip
        </Link>
      </div>
    </form>
  )
}
