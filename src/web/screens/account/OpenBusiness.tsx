import { useState } from 'react'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Section } from '../../../ui/Type.tsx'
import { AccountFrame } from './AccountFrame.tsx'
import { EmailField, NewPasswordField } from './fields.tsx'
import { emailProblem, missing, type Outcome, passwordProblem, problemsOf } from './outcome.ts'
import { likelyRegion, likelyZone, regions, zones } from './places-of-the-world.ts'
import { useSending } from './useSending.ts'

export type Opening = {
  readonly person: { readonly name: string; readonly email: string; readonly password: string }
  readonly business: {
    readonly name: string
    readonly type: string
    readonly zone: string
    readonly region: string
  }
}

export const TRADES = [
  { value: 'photographer', label: 'Photographer' },
  { value: 'venue', label: 'Venue' },
  { value: 'planner', label: 'Planner' },
  { value: 'florist', label: 'Florist' },
  { value: 'caterer', label: 'Caterer' },
  { value: 'dj', label: 'DJ or band' },
  { value: 'other', label: 'Something else' },
]

/** A person and their business, on one page. Zone and country are guessed from the browser and can be changed. */
export function OpenBusiness({ onOpen }: { readonly onOpen: (opening: Opening) => Promise<Outcome> }) {
  const [zone, setZone] = useState(likelyZone)
  const [region, setRegion] = useState<string | null>(likelyRegion)
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        name: missing('Your name'),
        email: emailProblem,
        password: passwordProblem,
        business: missing('The name of your business'),
        type: missing('Your trade'),
        region: missing('The country'),
      }),
    (values) =>
      onOpen({
        person: {
          name: values.name?.trim() ?? '',
          email: values.email?.trim() ?? '',
          password: values.password ?? '',
        },
        business: {
          name: values.business?.trim() ?? '',
          type: values.type ?? '',
          zone,
          region: region ?? '',
        },
      }),
  )
  return (
    <AccountFrame
      title="Open your business"
      intro="You become its owner and can invite others. Everything here can be changed later."
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => submit(event, { region: region ?? '' })}
        className="grid gap-6"
      >
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Section title="You">
          <div className="grid gap-4 pt-2">
            <Field label="Your name" error={problems.name} required>
              <Input name="name" size="touch" autoComplete="name" />
            </Field>
            <EmailField problem={problems.email} />
            <NewPasswordField problem={problems.password} />
          </div>
        </Section>
        <Section title="Your business">
          <div className="grid gap-4 pt-2">
            <Field label="Its name" error={problems.business} required hint="As your couples know it.">
              <Input name="business" size="touch" autoComplete="organization" />
            </Field>
            <Field label="Your trade" error={problems.type} required>
              <Select name="type" size="touch" choices={TRADES} placeholder="Choose" />
            </Field>
            <div data-field="zone">
              <Field
                label="Home zone"
                hint="“10:00 your time” means here. Each wedding keeps the zone of its venue."
              >
                <Combobox
                  choices={zones()}
                  value={zone}
                  size="touch"
                  search="Find a city"
                  none="No city by that name."
                  onChange={setZone}
                />
              </Field>
            </div>
            <div data-field="region">
              <Field
                label="Country"
                error={problems.region}
                hint="Its public holidays are kept free of messages."
              >
                <Combobox
                  choices={regions()}
                  value={region}
                  size="touch"
                  search="Find a country"
                  none="No country by that name."
                  onChange={setRegion}
                />
              </Field>
            </div>
          </div>
        </Section>
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Opening' : 'Open the business'}
        </Button>
      </form>
    </AccountFrame>
  )
}
