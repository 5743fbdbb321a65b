import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  changeMember,
  invite,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from '../../../contract/members.ts'
import { ROLES, type Role } from '../../../contract/permission.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey, queries, type Seen, whoIsHere } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { roleWord, useHere } from '../../session.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { emailProblem, problemsOf } from '../account/outcome.ts'
import { useSending } from '../account/useSending.ts'
import { triedHere } from '../account/whoever.ts'
import { TeamLetters } from './TeamLetters.tsx'

type Member = Seen<typeof listMembers>['data']['items'][number]
const ROLE_CHOICES = ROLES.map((value) => ({ value, label: roleWord[value] }))
const ROLE_MEANS: { readonly [role in Role]: string } = {
  owner: 'may do everything here, also invite and let go',
  manager: 'may do everything but invite, let go and make keys',
  assistant: 'works with couples; the business stays as it is',
  viewer: 'sees couples, journeys and settings, and changes nothing',
}

export function Members() {
  const { vendor, may } = useHere()
  const members = useQuery(asks(listMembers, { params: { vendor } }))
  const gone = useHeldBack()
  const invited = useQuery(asks(listInvitations, { params: { vendor } }))
  const mayChange = may(changeMember)
  return (
    <>
      <Section title="Who works here">
        <Answer of={members}>
          {({ data }) => (
            <ul>
              {data.items.map((one) => (
                <MemberRow key={one.id} member={one} mayChange={mayChange} />
              ))}
            </ul>
          )}
        </Answer>
      </Section>
      {may(invite) && <Invite />}
      <Section title="Invited, not here yet">
        <Answer of={invited} lines={2}>
          {({ data }) =>
            data.items.every(({ id }) => gone.has(id)) ? (
              <p className="py-2 text-muted-foreground">Nobody is expected.</p>
            ) : (
              <ul>
                {data.items
                  .filter(({ id }) => !gone.has(id))
                  .map((one) => (
                    <li
                      key={one.id}
                      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2.5 first:border-t-0"
                    >
                      <span className="min-w-0 flex-1 basis-56">
                        <span className="block truncate font-strong">{one.email}</span>
                        <span className="text-small text-muted-foreground">
                          {roleWord[one.role]}; the link works until{' '}
                          <time dateTime={one.expires}>{tellMoment(one.expires, hereZone())}</time>{' '}
                          {cityOf(hereZone())}
                        </span>
                      </span>
                      {mayChange && <TakeBack invitation={one.id} email={one.email} />}
                    </li>
                  ))}
              </ul>
            )
          }
        </Answer>
      </Section>
      <TeamLetters />
      <Section title="What each role may do">
        <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5 py-2">
          {ROLES.map((role) => (
            <div key={role} className="contents">
              <dt className="font-strong">{roleWord[role]}</dt>
              <dd className="text-muted-foreground">{ROLE_MEANS[role]}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  )
}

function MemberRow({ member, mayChange }: { readonly member: Member; readonly mayChange: boolean }) {
  const here = useHere()
  const isMe = member.id === here.member
  const { busy, act } = useDoing()
  const become = (role: Role, before: Role | null, ifMatch: string) =>
    act(async () => {
      const params = { vendor: here.vendor, member: member.id }
      const { etag } = await api(changeMember, { params, body: { role }, ifMatch }).finally(() =>
        askAgain(listMembers),
      )
      // What I may do here has changed with it.
      if (isMe) await queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
      toast(`${member.name} is ${roleWord[role].toLowerCase()} now`, {
        // Whoever is no owner any more cannot take it back.
        undo: before && etag && !isMe ? () => become(before, null, etag) : null,
      })
    })
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-border py-2.5 first:border-t-0">
      <Avatar name={member.name} />
      <span className="min-w-0 flex-1 basis-40">
        <span className="block truncate font-strong">
          {member.name}
          {isMe && <span className="font-normal text-muted-foreground">, you</span>}
        </span>
        <span className="block truncate text-small text-muted-foreground">{member.email}</span>
      </span>
      {mayChange ? (
        <>
          <span className="w-[132px]">
            <Select
              aria-label={`Role of ${member.name}`}
              value={member.role}
              disabled={busy}
              choices={ROLE_CHOICES}
              onChange={({ target }) => become(target.value as Role, member.role, member.etag)}
            />
          </span>
          {!isMe && <LetGo member={member} />}
        </>
      ) : (
        <span className="text-muted-foreground">{roleWord[member.role]}</span>
      )}
    </li>
  )
}

/** Asks first, because it cannot be taken back: only a new invitation brings them here again. */
function LetGo({ member }: { readonly member: Member }) {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const { busy, act } = useDoing()
  const letGo = () =>
    act(async () => {
      await api(removeMember, { params: { vendor, member: member.id }, ifMatch: member.etag }).finally(() =>
        askAgain(listMembers),
      )
      setOpen(false)
      toast(`${member.name} no longer works here`)
    })
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>Let go</Button>}
      title={`Let ${member.name} go?`}
      description="From this moment they see nothing here, and keys they made go on. To have them back, invite them again."
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button look="danger" busy={busy} onClick={letGo}>
            Let {member.name} go
          </Button>
        </>
      }
    />
  )
}

function TakeBack({ invitation, email }: { readonly invitation: string; readonly email: string }) {
  const { vendor } = useHere()
  return (
    <Button
      size="sm"
      aria-label={`Take back the invitation of ${email}`}
      onClick={() => {
        const key = newKey()
        holdBack({
          ids: [invitation],
          says: `The invitation of ${email} is taken back`,
          does: async () => {
            await api(revokeInvitation, { params: { vendor, invitation }, key })
            await askAgain(listInvitations)
          },
        })
      }}
    >
      Take back
    </Button>
  )
}

function Invite() {
  const { vendor } = useHere()
  const { act } = useDoing()
  const keyOf = useKeyOf()
  const { form, busy, problems, refusal, submit } = useSending(
    (values) => problemsOf(values, { email: emailProblem }),
    ({ email = '', role = 'assistant' }) =>
      triedHere(async () => {
        const body = { email: email.trim(), role: role as Role }
        const { data } = await api(invite, { params: { vendor }, body, key: keyOf(body) })
        await askAgain(listInvitations)
        form.current?.reset()
        toast(`A link is on its way to ${body.email}`, {
          undo: () =>
            act(async () => {
              await api(revokeInvitation, { params: { vendor, invitation: data.id } })
              await askAgain(listInvitations)
              toast(`The link sent to ${body.email} does not work any more`)
            }),
        })
        return { is: 'done' }
      }),
  )
  return (
    <Section title="Invite somebody">
      <form ref={form} noValidate onSubmit={submit} className="grid gap-3 py-2">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <div className="grid items-start gap-3 md:grid-cols-[minmax(0,1fr)_160px_auto]">
          <Field label="Email" error={problems.email} required>
            <Input name="email" type="email" autoComplete="off" autoCapitalize="off" spellCheck={false} />
          </Field>
          <Field label="As">
            <Select name="role" defaultValue="assistant" choices={ROLE_CHOICES} />
          </Field>
          <div className="md:pt-5">
            <Button type="submit" look="primary" busy={busy}>
              Send the link
            </Button>
          </div>
        </div>
      </form>
    </Section>
  )
}
