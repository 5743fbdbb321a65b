import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addClient, listClients } from '../../../contract/clients.ts'
import { readDraft } from '../../../contract/journeys.ts'
import { readVendor } from '../../../contract/vendors.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Lede, LINK } from '../../../ui/Type.tsx'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { today } from '../../times.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { emailProblem, missing, problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { dayProblem } from '../clients/strange.ts'
import { stageChoices } from '../clients/words.ts'
import { stageFor } from './steps.ts'

const room = getRouteApi('/house/begin/$step')

const theirEmailProblem = (text: string): string | null =>
  text.trim() === '' ? 'Their email address is missing.' : emailProblem(text)

/** The first couple: two names, an address and a day; and where they stand, as the chosen journey has it. */
export function FirstCouple() {
  const { vendor } = useHere()
  const { on: given, journey } = room.useSearch()
  const navigate = useNavigate({ from: '/begin/$step' })
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const draft = useQuery({
    ...asks(readDraft, { params: { vendor, journey: journey ?? '' } }),
    enabled: journey !== undefined,
  })
  const [on, setOn] = useState<string | null>(given ?? null)
  const [chosen, setChosen] = useState<string | null>(null)
  const stage = chosen ?? stageFor(draft.data?.data.document)
  const keyOf = useKeyOf()
  const goOn = (client: string) =>
    void navigate({
      to: '/begin/$step',
      params: { step: 'live' },
      search: { ...(journey && { journey }), client },
    })
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, { a: missing('A name'), email: theirEmailProblem, on: () => dayProblem(on) }),
    ({ a = '', b = '', email = '' }) =>
      triedHere(async () => {
        const zone = business.data?.data.zone
        const body = {
          people: [
            { ref: 'partner_a', name: a.trim(), email: email.trim() },
            ...(b.trim() ? [{ ref: 'partner_b', name: b.trim() }] : []),
          ],
          stage,
          wedding: { ...(on && { on }), ...(zone && { zone }) },
        }
        const { data } = await api(addClient, { params: { vendor }, body, key: keyOf(body) })
        void askAgain(listClients)
        goOn(data.id)
        return { is: 'done' }
      }),
  )
  return (
    <>
      <Lede>
        For whom? <b>Nothing is sent to them by adding them</b>; you see what they would get first.
      </Lede>
      <form ref={form} noValidate onSubmit={submit} className="mt-5 grid max-w-[620px] gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <div className="grid items-start gap-4 md:grid-cols-2">
          <Field label="One of them" error={problems.a} required>
            <Input name="a" size="touch" autoComplete="off" maxLength={200} placeholder="Esther Lindqvist" />
          </Field>
          <Field label="The other" optional>
            <Input name="b" size="touch" autoComplete="off" maxLength={200} placeholder="Noah Brandt" />
          </Field>
          <Field
            label="Email"
            error={problems.email}
            required
            hint="Use your own to try it: you will see what they see."
          >
            <Input
              name="email"
              type="email"
              size="touch"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
            />
          </Field>
          <div data-field="on">
            <Field
              label="They marry on"
              hint="Left open, everything that hangs on it waits."
              error={dayProblem(on)}
            >
              <DateField value={on} today={today()} size="touch" wedding onChange={setOn} />
            </Field>
          </div>
          <Field label="They stand at" {...(journey && { hint: 'Where this journey takes couples up.' })}>
            <Select
              size="touch"
              value={stage}
              choices={stageChoices([stage])}
              onChange={({ target }) => setChosen(target.value)}
            />
          </Field>
        </div>
        <div className="flex items-center gap-4">
          <Button type="submit" look="primary" size="touch" busy={busy}>
            Add them and see what they get
          </Button>
          <Link
            to="/begin/$step"
            params={{ step: 'live' }}
            search={journey ? { journey } : {}}
            className={LINK}
          >
            Skip
          </Link>
        </div>
      </form>
    </>
  )
}
