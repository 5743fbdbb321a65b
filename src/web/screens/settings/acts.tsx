import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { listAudit } from '../../../contract/audit.ts'
import { LINK } from '../../../ui/Type.tsx'
import type { Seen } from '../../api.ts'
import { capital } from '../../times.ts'

/** An entry of the record as a sentence: who, and what they did. No id is ever part of it. */
export type Entry = Seen<typeof listAudit>['data']['items'][number]
export type Names = {
  readonly members: ReadonlyMap<string, string>
  readonly journeys: ReadonlyMap<string, string>
}

const ACTORS: { readonly [actor: string]: string } = {
  sample: 'The sample studio',
  person: 'Somebody who was written to',
  couple: 'A couple',
  key: 'A program',
  run: 'A journey',
  owner: 'The owner',
  provider: 'A mail server',
}
export function actorName(actor: string, { members }: Names): string {
  const [kind = '', id = ''] = actor.split(':')
  if (kind === 'member') return members.get(id) ?? ACTORS[id] ?? 'Somebody who has left'
  return ACTORS[kind] ?? capital(kind.replaceAll('_', ' '))
}

const listed = (value: unknown): string =>
  Array.isArray(value) ? value.map((one) => String(one).replaceAll('_', ' ')).join(', ') : ''
const word = (value: unknown): string => (typeof value === 'string' ? value.replaceAll('_', ' ') : '')
const many = (count: unknown, noun: string): string =>
  typeof count === 'number' ? `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}` : `some ${noun}s`
const what = (value: unknown): string => (listed(value) === '' ? '' : `: ${listed(value)}`)

const couple = (id: unknown): ReactNode =>
  typeof id === 'string' ? (
    <Link to="/clients/$clientId" params={{ clientId: id }} className={LINK}>
      a couple
    </Link>
  ) : (
    'a couple'
  )
const form = (id: string): ReactNode => (
  <Link to="/forms/$formId" params={{ formId: id }} className={LINK}>
    a form
  </Link>
)

const RUN: { readonly [command: string]: string } = {
  pause: 'paused the journey of a couple',
  resume: 'let the journey of a couple go on',
  snooze: 'put off a step of a couple',
  skip: 'left out a step of a couple',
  skip_step: 'left out a step of a couple',
  do_now: 'let a step of a couple go at once',
  jump: 'took a couple to another step',
  jump_to: 'took a couple to another step',
  stop: 'stopped the journey of a couple',
  restart: 'began the journey of a couple again',
  retry: 'tried a step of a couple again',
  edit_message: 'changed a message for one couple',
  undo: 'took back what was done to a couple’s journey',
  started: 'started a journey for a couple',
}
const JOURNEY: { readonly [act: string]: string } = {
  added: 'added',
  published: 'published',
  rolled_back: 'went back to the version before of',
  moved: 'moved couples to a new version of',
  draft_saved: 'changed the draft of',
  draft_dropped: 'dropped the draft of',
  active: 'set live',
  paused: 'paused',
  archived: 'archived',
  draft: 'took back to a draft',
  simulated: 'tried out on the whole book',
  simulation_exported: 'took as a file what the whole book gets from',
  started_for_many: 'started for many couples',
}

export function actOf({ action, subject, detail }: Entry, names: Names): ReactNode {
  const [about = '', act = ''] = action.split('.')
  const who = names.members.get(subject) ?? 'somebody who has left'
  if (about === 'run' && RUN[act]) return RUN[act]
  if (about === 'journey' && JOURNEY[act])
    return (
      <>
        {JOURNEY[act]}{' '}
        <Link to="/journeys/$journeyId" params={{ journeyId: subject }} className={LINK}>
          {names.journeys.get(subject) ?? 'a journey'}
        </Link>
      </>
    )
  switch (action) {
    case 'vendor.opened':
      return 'opened the business'
    case 'vendor.changed':
      return `changed the business${what(detail.changed)}`
    case 'brand.changed':
      return `changed how emails look${what(detail.changed)}`
    case 'channels.changed':
      return `changed the channels${what(detail.changed)}`
    case 'sending.held':
      return 'held everything'
    case 'sending.released':
      return 'let everything go on'
    case 'channels.returns_tried':
      return 'tried whether mail comes back here'
    case 'member.joined':
      return `came as ${word(detail.role)}`
    case 'member.invited':
      return `invited somebody as ${word(detail.role)}`
    case 'member.changed':
      return `made ${who} ${word(detail.role)}`
    case 'member.removed':
      return 'let somebody go'
    case 'invitation.revoked':
      return 'took an invitation back'
    case 'key.made':
      return `made the key “${word(detail.name)}”, which may ${listed(detail.scopes)}`
    case 'key.limited':
      return listed(detail.networks) === ''
        ? `let the key “${word(detail.name)}” be taken from anywhere`
        : `let the key “${word(detail.name)}” be taken only from ${listed(detail.networks)}`
    case 'key.revoked':
      return 'revoked a key'
    case 'incoming.added':
      return `made the address “${word(detail.name)}” for another system`
    case 'incoming.changed':
      return detail.paused === undefined
        ? `changed the address “${word(detail.name)}” of another system`
        : `${detail.paused === true ? 'paused' : 'opened again'} the address “${word(detail.name)}” of another system`
    case 'incoming.secret_changed':
      return `made a new secret for the address “${word(detail.name)}” of another system`
    case 'incoming.removed':
      return `removed the address “${word(detail.name)}” of another system`
    case 'event.told':
      return (
        <>
          told of {couple(subject)}: {word(detail.type)}
        </>
      )
    case 'mail.returned':
      return <>brought a letter back that had gone to {couple(subject)}</>
    case 'mail.complained':
      return <>told of a complaint of {couple(subject)}</>
    case 'client.removed':
      return 'took a couple out again who had come by mistake'
    case 'client.added':
      return <>added {couple(subject)}</>
    case 'client.person_saved':
      return (
        <>
          wrote down a person of {couple(subject)}
          {what(detail.changed)}
        </>
      )
    case 'client.person_removed':
      return <>took a person of {couple(subject)} out again who was added by mistake</>
    case 'client.changed':
      return (
        <>
          changed {couple(subject)}
          {what(detail.changed)}
        </>
      )
    case 'clients.imported':
      return `brought in a table of ${many(detail.rows, 'row')}`
    case 'clients.tagged':
      return `${detail.on === false ? 'took the tag' : 'put the tag'} “${word(detail.tag)}” ${detail.on === false ? 'off' : 'on'} ${many(detail.clients, 'couple')}`
    case 'wedding.changed':
      return `changed the details of a wedding${what(detail.anchors)}`
    case 'runs.commanded':
      return `did one thing to ${many(detail.runs, 'journey')} at once: ${word(detail.do)}`
    case 'approval.approved':
      return 'approved a message'
    case 'approval.skipped':
      return 'left out a message that waited for a yes'
    case 'task.done':
      return 'did a task'
    case 'notice.settled':
      return 'put a notice away'
    case 'dead_letter.requeued':
      return 'sent again what had not arrived'
    case 'message.tried':
      return 'sent themselves a test'
    case 'suppression.added':
      return `wrote down that somebody is not to be written to by ${word(detail.channel)}`
    case 'suppression.lifted':
      return `wrote down that somebody may be written to again by ${word(detail.channel)}`
    case 'consent.said':
      return 'said what they want to hear'
    case 'form.added':
      return <>added {form(subject)}</>
    case 'form.saved':
      return <>changed {form(subject)}</>
    case 'form.published':
      return <>published {form(subject)}</>
    case 'form.archived':
      return <>archived {form(subject)}</>
    case 'form.restored':
      return <>brought {form(subject)} back</>
    case 'form.submitted':
      return <>answered {form(subject)}</>
    case 'form.changed':
      return <>changed their answers to {form(subject)}</>
    case 'answers.exported':
      return <>took all answers to {form(subject)} as a file</>
    case 'form.link_made':
      return (
        <>
          made a link to {form(subject)} for {couple(detail.client)}
        </>
      )
    case 'form.link_withdrawn':
      return 'took back the link to a form'
    case 'job.stopped':
      return 'stopped a long piece of work'
    case 'job.undone':
      return 'took back a long piece of work'
    default:
      return `did this: ${action.replace(/[._]/g, ' ')}`
  }
}
