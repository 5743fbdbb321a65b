import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import {
  type ClientDocument,
  listClients,
  readClient,
  removePerson,
  savePerson,
} from '../../../contract/clients.ts'
import { readToday } from '../../../contract/today.ts'
import { listDeadLetters, requeueDeadLetters } from '../../../contract/work.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Input } from '../../../ui/Input.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks, newKey, queries, type Seen } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { emailProblem, missing, problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import { phoneProblem, roleOfPerson } from './words.ts'

type Person = ClientDocument['people'][number]
type May = Person['may']
/** What can be agreed to, as people say it: the service itself, warm words around it, and offers. */
const LEAVES = [
  { channel: 'email', of: 'transactional', says: 'Email' },
  { channel: 'sms', of: 'transactional', says: 'SMS' },
  { channel: 'email', of: 'marketing', says: 'Offers' },
] as const
type Leave = (typeof LEAVES)[number]

const room = getRouteApi('/house/clients/$clientId')

const has = (may: May, { channel, of }: Leave): boolean => may[channel].includes(of)
const isRefused = (person: Person, { channel, of }: Leave): boolean => person.refused[channel].includes(of)

/** Who they are, how to reach them, and what they have agreed to. */
export function People({ client }: { readonly client: ClientDocument }) {
  const { may } = useHere()
  // A letter that came back leads here by its address.
  const { edit } = room.useSearch()
  const isOne = (ref: string) => ref === 'partner_b' || client.people.some((one) => one.ref === ref)
  const editing = edit !== undefined && isOne(edit) ? edit : null
  const go = room.useNavigate()
  const setEditing = (ref: string | null): void =>
    void go({
      search: ({ edit: _, ...rest }) => ({ ...rest, ...(ref && { edit: ref }) }),
      replace: true,
      resetScroll: false,
    })
  const mayEdit = may(savePerson)
  const known = client.people.some(({ ref }) => ref === 'partner_b')
  return (
    <Section
      title="People"
      meta={
        mayEdit && !known ? (
          <button type="button" className={LINK} onClick={() => setEditing('partner_b')}>
            Add the other
          </button>
        ) : undefined
      }
    >
      <ul>
        {client.people.map((person) => (
          <li key={person.ref} className="border-t border-border py-2.5 first:border-t-0">
            <div className="flex items-center gap-3">
              <Avatar name={person.name} />
              <div className="min-w-0 flex-1">
                <p className="truncate">
                  <span className="font-strong">{person.name}</span>{' '}
                  <span className="text-small text-muted-foreground">{roleOfPerson(person.ref)}</span>
                </p>
                <p className="flex flex-wrap gap-x-4">
                  {person.email && (
                    <a
                      href={`mailto:${person.email}`}
                      className={`${LINK} inline-flex min-h-6 items-center truncate`}
                    >
                      {person.email}
                    </a>
                  )}
                  {person.phone && (
                    <a
                      href={`tel:${person.phone.replaceAll(/[^+\d]/g, '')}`}
                      className={`${LINK} inline-flex min-h-6 items-center`}
                    >
                      {person.phone}
                    </a>
                  )}
                  <Undelivered client={client} person={person} />
                  {person.dead.length > 0 && (
                    <span className="w-full text-small text-danger-text">
                      {`${person.dead.includes('email') ? 'This address does not exist any more' : 'Nothing arrives at this number'}: ask for another.`}
                    </span>
                  )}
                  {!person.email && !person.phone && (
                    <span className="text-muted-foreground">No address and no number yet.</span>
                  )}
                </p>
              </div>
              {mayEdit && (
                <Button
                  size="sm"
                  look="ghost"
                  aria-label={`Edit ${person.name}`}
                  onClick={() => setEditing(person.ref)}
                >
                  Edit
                </Button>
              )}
            </div>
            <ul
              aria-label={`What ${person.name} may be sent`}
              className="mt-1 ml-11 flex flex-wrap gap-x-4 text-small"
            >
              {LEAVES.map((leave) => (
                <LeaveWord key={leave.says} person={person} leave={leave} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {mayEdit && editing && (
        <EditPerson key={editing} client={client} personRef={editing} onClose={() => setEditing(null)} />
      )}
    </Section>
  )
}

/** What came back while another address was there: with one that works it goes once more, as it was written. */
function Undelivered({ client, person }: { readonly client: ClientDocument; readonly person: Person }) {
  const { vendor, may } = useHere()
  const gone = useHeldBack()
  const undelivered = useQuery({
    ...asks(listDeadLetters, { params: { vendor }, query: { client: client.id, limit: 50 } }),
    enabled: may(listDeadLetters),
  })
  const theirs = (undelivered.data?.data.items ?? []).filter(
    (one) => one.recipient === person.ref && !one.dead && !gone.has(one.message),
  )
  if (theirs.length === 0 || !may(requeueDeadLetters)) return null
  const again = (): void => {
    const keyed = theirs.map(({ message }) => ({ message, key: newKey() }))
    holdBack({
      ids: theirs.map(({ message }) => message),
      says: `${person.name}: what did not arrive is sent once more`,
      does: async () => {
        for (const { message, key } of keyed)
          await api(requeueDeadLetters, { params: { vendor }, body: { message }, key })
        await Promise.all([askAgain(listDeadLetters, readToday), askForRuns()])
      },
    })
  }
  return (
    <span className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 text-small text-warning-text">
      {theirs.length === 1 ? 'One message did not arrive.' : `${theirs.length} messages did not arrive.`}
      <Button size="sm" onClick={again}>
        {theirs.length === 1 ? 'Send it once more' : 'Send them once more'}
      </Button>
    </span>
  )
}

function LeaveWord({ person, leave }: { readonly person: Person; readonly leave: Leave }) {
  const refused = isRefused(person, leave)
  const dead = person.dead.includes(leave.channel)
  const reach = leave.channel === 'email' ? person.email : person.phone
  const yes = has(person.may, leave) && !refused && !dead && reach !== null
  return (
    <li className={`inline-flex items-center gap-1 ${yes ? 'text-success-text' : 'text-muted-foreground'}`}>
      <Icon of={yes ? Check : X} size={12} />
      {leave.says}
      {dead
        ? ': nothing arrives'
        : refused
          ? ': refused by them'
          : yes
            ? ': yes'
            : reach === null
              ? `: no ${leave.channel === 'email' ? 'address' : 'number'}`
              : ': no'}
    </li>
  )
}

const FORM = 'edit-person'
/** Of what can be edited here: that which is another now, as it was. */
function changedIn(before: Person, after: Person | undefined): Partial<Person> {
  const edited = (['name', 'email', 'phone', 'may'] as const).filter(
    (one) => JSON.stringify(before[one]) !== JSON.stringify(after?.[one]),
  )
  return Object.fromEntries(edited.map((one) => [one, before[one]]))
}
const said = (text: string | undefined): string | null => text?.trim() || null

function EditPerson({
  client,
  personRef,
  onClose,
}: {
  readonly client: ClientDocument
  readonly personRef: string
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const input = { params: { vendor, client: client.id } }
  const person = client.people.find(({ ref }) => ref === personRef)
  const [may, setMay] = useState<May>(
    person?.may ?? { email: ['transactional', 'relationship'], sms: ['transactional'] },
  )
  const optional = (check: (text: string) => string | null) => (text: string) =>
    text.trim() === '' ? null : check(text)
  const { act } = useDoing()
  const write = async (body: z.input<typeof savePerson.body>, ifMatch: string) => {
    const saved = await api(savePerson, { params: { ...input.params, ref: personRef }, body, ifMatch })
    queries.setQueryData(asks(readClient, input).queryKey, { data: saved.data, etag: saved.etag })
    void askAgain(listClients, listDeadLetters)
    void askForRuns()
    return saved
  }
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, { name: missing('A name'), email: optional(emailProblem), phone: phoneProblem }),
    (values) =>
      triedHere(async () => {
        const seen = queries.getQueryData<Seen<typeof readClient>>(asks(readClient, input).queryKey)
        const body = {
          name: values.name ?? '',
          email: said(values.email),
          phone: said(values.phone),
          may,
        }
        const saved = await write(body, seen?.etag ?? '*')
        toast(`${body.name} is written down`, {
          undo: () =>
            act(async () => {
              if (!person) {
                await api(removePerson, { params: { ...input.params, ref: personRef } })
                await askAgain(readClient, listClients)
                return void toast(`${body.name} is out again`)
              }
              // What somebody changed beside it meanwhile stays.
              const now = await api(readClient, input)
              const {
                name,
                email,
                phone,
                may: agreed,
              } = {
                ...person,
                ...now.data.people.find(({ ref }) => ref === personRef),
                ...changedIn(
                  person,
                  saved.data.people.find(({ ref }) => ref === personRef),
                ),
              }
              await write({ name, email, phone, may: agreed }, now.etag ?? '*')
              toast(`${name} is what it was`)
            }),
        })
        onClose()
        return { is: 'done' }
      }),
  )
  const turn = ({ channel, of }: Leave, on: boolean): void =>
    setMay((before) => {
      const classes = of === 'transactional' ? ([of, 'relationship'] as const) : ([of] as const)
      const kept = before[channel].filter((one) => !(classes as readonly string[]).includes(one))
      return { ...before, [channel]: on ? [...kept, ...classes] : kept }
    })
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={person ? `Edit ${person.name}` : 'Add the other one'}
      description={roleOfPerson(personRef)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={FORM} busy={busy}>
            {busy ? 'Saving' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={FORM} ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="Name" error={problems.name} required>
          <Input name="name" defaultValue={person?.name ?? ''} autoComplete="off" maxLength={200} />
        </Field>
        <Field label="Email" optional error={problems.email}>
          <Input
            name="email"
            type="email"
            defaultValue={person?.email ?? ''}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Phone" optional error={problems.phone}>
          <Input name="phone" type="tel" defaultValue={person?.phone ?? ''} autoComplete="off" />
        </Field>
        <fieldset>
          <legend className="text-small font-strong">They have agreed to</legend>
          <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
            {LEAVES.map((leave) => (
              <Checkbox
                key={leave.says}
                checked={has(may, leave)}
                disabled={person ? isRefused(person, leave) : false}
                onChange={(on) => turn(leave, on)}
              >
                {leave.says}
              </Checkbox>
            ))}
          </div>
          <p className="mt-1 text-small text-muted-foreground">
            Every leave given or taken is kept with who did it and when. What they have refused themselves,
            only they can allow again.
          </p>
        </fieldset>
      </form>
    </Sheet>
  )
}
