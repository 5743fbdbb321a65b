import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addClient, listClients, removeClient } from '../../../contract/clients.ts'
import { readVendor } from '../../../contract/vendors.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TimeField } from '../../../ui/TimeField.tsx'
import { Section } from '../../../ui/Type.tsx'
import { readTime, timeProblem } from '../../../ui/time-of-day.ts'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { today } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { emailProblem, missing, problemsOf } from '../account/outcome.ts'
import { zones } from '../account/places-of-the-world.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { dayProblem } from './strange.ts'
import { phoneProblem, shortName, stageChoices, tagsOf } from './words.ts'

type Values = { readonly [field: string]: string }
const FORM = 'add-couple'

const optional = (check: (text: string) => string | null) => (text: string) =>
  text.trim() === '' ? null : check(text)

/** Two names and a date are enough. The venue's zone is the vendor's own until somebody says otherwise. */
export function AddCouple({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void
  readonly onAdded: (client: string) => void
}) {
  const { vendor } = useHere()
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const [on, setOn] = useState<string | null>(null)
  const [chosenZone, setZone] = useState<string | null>(null)
  const zone = chosenZone ?? business.data?.data.zone ?? null
  const keyOf = useKeyOf()
  const go = useNavigate()
  const { act } = useDoing()
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        a: missing('A name'),
        aEmail: optional(emailProblem),
        aPhone: phoneProblem,
        b: (name) =>
          name.trim() === '' && (values.bEmail || values.bPhone)
            ? 'Whose address is this? A name is missing.'
            : null,
        bEmail: optional(emailProblem),
        bPhone: phoneProblem,
        on: () => dayProblem(on),
        at: timeProblem,
        guests: (text) => (/^\d{0,6}$/.test(text.trim()) ? null : 'A number, such as 120.'),
      }),
    (values) =>
      triedHere(async () => {
        const body = coupleOf(values, on, zone)
        const { data } = await api(addClient, { params: { vendor }, body, key: keyOf(body) })
        void askAgain(listClients)
        toast(`${shortName(data)} are in your book`, {
          undo: () =>
            act(async () => {
              await api(removeClient, { params: { vendor, client: data.id } })
              await askAgain(listClients)
              await go({ to: '/clients', search: {} })
              toast(`${shortName(data)} are out of your book`)
            }),
        })
        onAdded(data.id)
        return { is: 'done' }
      }),
  )
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a couple"
      description="Journeys that begin with a new couple begin for them."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={FORM} busy={busy}>
            {busy ? 'Adding' : 'Add the couple'}
          </Button>
        </>
      }
    >
      <form id={FORM} ref={form} noValidate onSubmit={submit} className="grid gap-6">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <PersonFields title="One of them" prefix="a" problems={problems} required />
        <PersonFields title="The other" prefix="b" problems={problems} />
        <Section title="The wedding" level={3}>
          <div className="grid gap-4 pt-2">
            <div data-field="on">
              <Field label="Date" hint="Left open, it is asked for later." error={dayProblem(on)}>
                <DateField value={on} today={today()} wedding onChange={setOn} />
              </Field>
            </div>
            <div className="grid grid-cols-2 gap-4">
              <Field label="Ceremony at" optional error={problems.at}>
                <TimeField name="at" />
              </Field>
              <Field label="Guests" optional error={problems.guests}>
                <Input name="guests" inputMode="numeric" autoComplete="off" />
              </Field>
            </div>
            <Field label="Zone of the venue" hint="“09:00, venue time” means here.">
              <Combobox
                choices={zones()}
                value={zone}
                search="Find a city"
                none="No city by that name."
                onChange={setZone}
              />
            </Field>
          </div>
        </Section>
        <Section title="In your book" level={3}>
          <div className="grid gap-4 pt-2">
            <Field label="Stage">
              <Select name="stage" defaultValue="inquiry" choices={stageChoices([])} />
            </Field>
            <Field label="Tags" optional hint="With commas between.">
              <Input name="tags" autoComplete="off" maxLength={600} />
            </Field>
          </div>
        </Section>
      </form>
    </Sheet>
  )
}

function PersonFields({
  title,
  prefix,
  problems,
  required = false,
}: {
  readonly title: string
  readonly prefix: 'a' | 'b'
  readonly problems: { readonly [field: string]: string }
  readonly required?: boolean
}) {
  return (
    <Section title={title} level={3}>
      <div className="grid gap-4 pt-2">
        <Field label="Name" error={problems[prefix]} required={required}>
          <Input name={prefix} autoComplete="off" maxLength={200} />
        </Field>
        <Field label="Email" optional error={problems[`${prefix}Email`]}>
          <Input
            name={`${prefix}Email`}
            type="email"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Phone" optional error={problems[`${prefix}Phone`]}>
          <Input name={`${prefix}Phone`} type="tel" autoComplete="off" />
        </Field>
      </div>
    </Section>
  )
}

const said = (text: string | undefined): string | null => text?.trim() || null

function coupleOf(values: Values, on: string | null, zone: string | null) {
  const person = (ref: string, prefix: 'a' | 'b') => {
    const name = said(values[prefix])
    const email = said(values[`${prefix}Email`])
    const phone = said(values[`${prefix}Phone`])
    return name ? [{ ref, name, ...(email && { email }), ...(phone && { phone }) }] : []
  }
  const at = readTime(values.at ?? '')
  const guests = said(values.guests)
  return {
    people: [...person('partner_a', 'a'), ...person('partner_b', 'b')],
    stage: values.stage ?? 'inquiry',
    tags: tagsOf(values.tags ?? ''),
    wedding: {
      ...(on && { on }),
      ...(on && at && { at }),
      ...(zone && { zone }),
      ...(guests && { guests: Number(guests) }),
    },
  }
}
