import { addClient } from '../../src/contract/clients.ts'
import { addForm, makeFormLink, publishForm } from '../../src/contract/forms.ts'
import { addIncoming } from '../../src/contract/incoming.ts'
import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { invite, listMembers } from '../../src/contract/members.ts'
import { PERMISSION_NAMES } from '../../src/contract/permission.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { commandRun, commandRuns, startRun } from '../../src/contract/runs.ts'
import { changeWedding } from '../../src/contract/weddings.ts'
import type { ClientId, VendorId } from '../../src/core/ids.ts'
import { receive } from '../../src/engine/receive.ts'
import { settle, waiting } from '../api/studio.ts'
import { details } from '../fixtures/forms.ts'
import type { Browser, Office } from './office.ts'

/** Parts of an address that are no ids: the same for what is there and for what is not. */
export const PLAIN: Readonly<Record<string, string>> = {
  version: '1',
  node: 'hello',
  suppression: `email.${'A'.repeat(43)}`,
  ref: 'partner_a',
  template: 'payments-and-dunning',
}

/** A business with the mightiest key there is. */
export type Mighty = {
  readonly browser: Browser
  readonly vendor: string
  readonly email: string
  readonly key: string
}
export async function mightyBusiness(office: Office, name: string): Promise<Mighty> {
  const one = await office.business(name)
  const { data } = await one.browser.api(makeKey, {
    params: { vendor: one.vendor },
    body: { name: 'all', scopes: [...PERMISSION_NAMES] },
  })
  return { ...one, key: data.secret }
}

/** A business that has one of everything with an id, each told apart by the word "canary" and by its id. */
export type Canary = { readonly vendor: string; readonly ids: Readonly<Record<string, string>> }
export const canaryBusiness = async (office: Office): Promise<Canary> =>
  furnished(office, await office.business('Theirs'), 'Canary')

/** One of everything that has an id, made for this business, each told apart by this word. */
export async function furnished(
  office: Office,
  other: { readonly browser: Browser; readonly vendor: string },
  word: string,
): Promise<Canary> {
  const there = { vendor: other.vendor }
  const low = word.toLowerCase()
  const client = await other.browser.api(addClient, {
    params: there,
    body: {
      people: [{ ref: 'partner_a', name: `${word} Couple`, email: `${low}@example.org` }],
      wedding: { on: '2028-06-10', zone: 'Europe/Rome' },
    },
  })
  const key = await other.browser.api(makeKey, {
    params: there,
    body: { name: low, scopes: ['clients:read'] },
  })
  const incoming = await other.browser.api(addIncoming, {
    params: there,
    body: {
      name: `${word} website`,
      becomes: { type: 'inbound_webhook', couple: { by: 'email', at: 'email' } },
    },
  })
  const invitation = await other.browser.api(invite, {
    params: there,
    body: { email: `${low}2@example.org`, role: 'viewer' },
  })
  const said = await receive(office.house.engine, other.vendor as VendorId, {
    ...{ source: 'sms', key: low, type: 'reply_received', client: client.data.id as ClientId },
    ...{ data: { channel: 'sms' }, personal: { text: `${word} answered` } },
  })
  const members = await other.browser.api(listMembers, { params: there })
  return {
    vendor: other.vendor,
    ids: {
      ...PLAIN,
      ...(await asForm(other, word, client.data.id)),
      ...(await onTheirWay(office, other, word, client.data.id, client.data.wedding!.id)),
      client: client.data.id,
      event: said.event,
      key: key.data.id,
      incoming: incoming.data.id,
      invitation: invitation.data.id,
      member: members.data.items[0]!.id,
    },
  }
}

/** A form of theirs, published, and a couple that was asked with it. */
async function asForm(
  { browser: { api }, vendor }: { readonly browser: Browser; readonly vendor: string },
  word: string,
  client: string,
): Promise<Record<string, string>> {
  const document = { ...details, title: `${word} form` }
  const added = await api(addForm, { params: { vendor }, body: { name: `${word} form`, document } })
  const here = { vendor, form: added.data.id }
  await api(publishForm, { params: here, ifMatch: '*' })
  const { data: link } = await api(makeFormLink, { params: here, body: { client } })
  return { form: here.form, sending: link.sending }
}

/** A couple of theirs on a journey, with everything that has an id: a message, a command, a job, a change, a notice. */
async function onTheirWay(
  office: Office,
  { browser: { api }, vendor }: { readonly browser: Browser; readonly vendor: string },
  word: string,
  client: string,
  wedding: string,
): Promise<Record<string, string>> {
  const there = { vendor }
  const document = { ...waiting(0), name: `${word} journey` }
  const { data: added } = await api(addJourney, { params: there, body: { document } })
  const journey = added.id
  const draft = await api(readDraft, { params: { ...there, journey } })
  await api(publishJourney, { params: { ...there, journey }, body: {}, ifMatch: draft.etag! })
  const { data: run } = await api(startRun, { params: { ...there, client }, body: { journey } })
  await settle(office.house.engine)
  const another = await api(addClient, {
    params: there,
    body: { people: [{ ref: 'partner_a', name: `${word} Waiting` }] },
  })
  const slow = await api(addJourney, { params: there, body: { document: waiting(9) } })
  const its = { ...there, journey: slow.data.id }
  const begun = await api(readDraft, { params: its })
  await api(publishJourney, { params: its, body: {}, ifMatch: begun.etag! })
  const { data: waits } = await api(startRun, {
    params: { ...there, client: another.data.id },
    body: { journey: slow.data.id },
  })
  const command = await api(commandRun, {
    params: { ...there, run: waits.id },
    body: { command: { do: 'pause' } },
  })
  const job = await api(commandRuns, {
    params: there,
    body: { which: { runs: [waits.id] }, command: { do: 'resume' } },
  })
  const changed = await api(changeWedding, {
    params: { ...there, wedding },
    body: { guests: 5 },
    ifMatch: '*',
  })
  const [notice] = await office.admin.query<{ notice_id: string }>(
    `insert into app.notice (vendor_id, notice_id, run_id, code, facts, at)
     values ($1, gen_random_uuid(), $2, $3, '{}', now()) returning notice_id`,
    [vendor, run.id, word.toLowerCase()],
  )
  const [message] = await office.admin.query<{ effect_id: string }>(
    'select effect_id from app.effect where run_id = $1',
    [run.id],
  )
  return {
    journey,
    run: run.id,
    wedding,
    command: command.data.command,
    job: job.data.job,
    change: changed.data.lastChange!.id,
    notice: notice!.notice_id,
    // A business may have rules by which nothing goes out just now.
    ...(message ? { message: message.effect_id } : {}),
  }
}
