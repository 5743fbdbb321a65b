import type { Brand } from '../core/brand.ts'
import { type Answers, type ReadAnswers, readAnswers, type Typed, typedFrom } from '../core/form/answers.ts'
import { type Form, fieldsOf } from '../core/form/form.ts'
import type { ClientId, Json, JsonObject, NodeId, VendorId } from '../core/ids.ts'
import { innerId } from '../core/journey/unfold.ts'
import type { Token } from '../core/run/run.ts'
import type { View } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { PARTS } from '../modules/form/definition.ts'
import { insertAudit } from '../store/changes.ts'
import {
  lockSending,
  markSubmitted,
  type OpenedSending,
  saveDraft,
  sendingByToken,
} from '../store/form-sendings.ts'
import { roughDay } from './believed.ts'
import type { Engine } from './engine.ts'
import { isOver, readToken } from './form-links.ts'
import { writeBackIn } from './form-write-back.ts'
import { formVersion } from './forms.ts'
import { openPeople } from './jobs.ts'
import { receiptOf, receiveIn } from './receive.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { loadViews, openUnlessErased, sealJson } from './views.ts'
import type { PersonDocument } from './words.ts'

/** A couple before its form: found by the link, shown as it was left, taken in once. */
export type FormPage = {
  /** The last part of its address. */
  readonly token: string
  readonly vendor: {
    readonly id: VendorId
    readonly name: string
    readonly type: string
    readonly brand: Brand
  }
  readonly sending: OpenedSending
  readonly form: Form
  readonly is: 'open' | 'answered' | 'over' | 'withdrawn'
  /** Until when the journey waits; null where it does not say. */
  readonly until: Instant | null
  /** Where the wedding is. */
  readonly zone: Zone
  readonly view: View
  readonly people: ReadonlyMap<string, PersonDocument | null>
  readonly typed: Typed
  /** As they were sent. */
  readonly answers: Answers | null
}

/** Looking changes nothing: scanners of mails look at every link. */
export async function openForm(engine: Engine, token: string): Promise<FormPage | null> {
  const read = readToken(token)
  if (!read) return null
  const { vendor } = read
  return engine.db.read('form.open', { vendors: [vendor] }, async (sql) => {
    const sending = await sendingByToken(sql, vendor, read.hash)
    if (!sending) return null
    const now = engine.clock.now()
    const client = sending.client_id
    const [form, views, opened] = await Promise.all([
      formVersion(engine, sql, vendor, sending.form_id, sending.version),
      loadViews(engine, sql, now, [{ vendor, client, graph: null }]),
      openPeople(engine, sql, [{ vendor, client }]),
    ])
    const view = views.of(client)
    const known = views.vendor(client)
    const people = opened.get(client) ?? new Map<string, PersonDocument | null>()
    const answers = sending.submitted_at === null ? null : ((view.answers[sending.key] ?? {}) as Answers)
    const draft = sending.draft
      ? ((await openUnlessErased(
          engine.vault,
          draftPlace(vendor, client, sending.sending_id),
          sending.draft,
        )) as Typed | null)
      : null
    return {
      token,
      vendor: { id: vendor, name: known.name, type: view.vendor.type, brand: known.brand },
      sending,
      form,
      ...standing(sending, now),
      zone: view.wedding?.zone ?? view.vendor.zone,
      view,
      people,
      typed: draft ?? typedFrom(form, answers ?? knownOf(form, view, people)),
      answers,
    }
  })
}

const draftPlace = (vendor: VendorId, client: ClientId, sending: string) =>
  ({ vendor, subject: client, table: 'form_sending', row: sending, column: 'draft' }) as const

/** Whether this form can still be sent, and until when its journey waits. */
export function standing(
  sending: Pick<
    OpenedSending,
    'withdrawn_at' | 'submitted_at' | 'expires_at' | 'closes' | 'node' | 'run_state' | 'run_status'
  >,
  now: Instant,
): Pick<FormPage, 'is' | 'until'> {
  const tokens = tokensIn(sending.run_state)
  const waits = tokens.find((token) => token.at === innerId(sending.node as NodeId, PARTS.answer))
  const until = waits?.is === 'awaiting' ? waits.until : null
  if (sending.withdrawn_at !== null) return { is: 'withdrawn', until }
  if (sending.submitted_at !== null) return { is: 'answered', until }
  if (isOver(sending, now)) return { is: 'over', until }
  const asks = sending.node === null || waits !== undefined || tokens.some((one) => one.at === sending.node)
  if (asks || !sending.closes) return { is: 'open', until }
  return { is: sending.run_status === 'cancelled' ? 'withdrawn' : 'over', until }
}

const tokensIn = (state: string | null): readonly Token[] =>
  state === null ? [] : (JSON.parse(state) as { readonly tokens: readonly Token[] }).tokens

/** The reminder that comes next: where it waits, when it is due, and whether a person may send it before. */
export function nextReminder(sending: {
  readonly node: string | null
  readonly run_state: string | null
}): { readonly token: number; readonly due: Instant | null } | null {
  const coming = tokensIn(sending.run_state).find(
    ({ at, is }) =>
      is === 'waiting' &&
      (at.startsWith(`${sending.node}.wait-`) || at.startsWith(`${sending.node}.remind-`)),
  )
  return coming?.is === 'waiting' ? { token: coming.id, due: coming.due } : null
}

/** Whether what was sent may be changed: as long as it could be sent for the first time. */
export const mayChange = ({ form, sending, is }: FormPage, now: Instant): boolean =>
  is === 'answered' && form.changeable && !isOver(sending, now) && sending.run_status !== 'cancelled'

/** What the vendor knows already need not be typed again. */
function knownOf(form: Form, view: View, people: ReadonlyMap<string, PersonDocument | null>): Answers {
  const day = view.anchors.wedding?.value ?? null
  const answers: { [field: string]: Json } = {}
  for (const { id, kind, writesTo } of fieldsOf(form)) {
    if (!writesTo) continue
    const value =
      'person' in writesTo
        ? people.get(writesTo.person)?.[writesTo.part]
        : 'fact' in writesTo
          ? view.client.fields[writesTo.fact]
          : writesTo.wedding === 'guests'
            ? view.wedding?.guests
            : day === null || day.is === 'moment'
              ? null
              : writesTo.wedding === 'date'
                ? day.on
                : day.is === 'hour'
                  ? day.at
                  : null
    if (value !== null && value !== undefined && fits(kind, value)) answers[id] = value
  }
  return answers
}

/** A fact may have been written by somebody else in another form. */
function fits(kind: string, value: Json): boolean {
  if (kind === 'number') return typeof value === 'number'
  if (kind === 'yes_no') return typeof value === 'boolean'
  if (kind === 'choices' || kind === 'people') return Array.isArray(value)
  if (kind === 'address') return typeof value === 'object' && !Array.isArray(value)
  return typeof value === 'string'
}

/** Keeps what was typed so far, for whoever comes back; false where it is too late for that. */
export async function keepTyped(
  engine: Engine,
  page: FormPage,
  typed: Typed,
  seen: number,
): Promise<boolean> {
  const { vendor, sending } = page
  const sealed = await sealJson(
    engine.vault,
    draftPlace(vendor.id, sending.client_id, sending.sending_id),
    onlyOf(page.form, typed),
  )
  return engine.db.tx('form.save', { vendors: [vendor.id] }, (sql) =>
    saveDraft(sql, vendor.id, {
      sending: sending.sending_id,
      sealed,
      submissions: seen,
      at: engine.clock.now(),
    }),
  )
}

/** What no question asked is not kept. */
function onlyOf(form: Form, typed: Typed): Typed {
  const ids = new Set(fieldsOf(form).map((field) => field.id))
  return Object.fromEntries(Object.entries(typed).filter(([input]) => ids.has(input.split('.')[1] ?? '')))
}

export type Submitted =
  | { readonly is: 'taken' }
  /** The second copy of a click, or of somebody else with the same link: nothing is done twice. */
  | { readonly is: 'before' }
  | { readonly is: 'closed' }
  | { readonly is: 'refused'; readonly read: ReadAnswers }

/**
 * The answers are sent: written back, kept, told to the journeys and audited, all in one transaction. `seen` is how
 * often answers had been sent when this page was made.
 */
export async function submitForm(
  engine: Engine,
  page: FormPage,
  typed: Typed,
  seen: number,
): Promise<Submitted> {
  if (page.is !== 'open' && !mayChange(page, engine.clock.now())) return { is: 'closed' }
  const read = readAnswers(page.form, typed, 'whole', roughDay(engine.clock.now()))
  if (Object.keys(read.errors).length > 0) return { is: 'refused', read }
  const { vendor, sending, form } = page
  const client = sending.client_id
  const by = `couple:${client}`
  const wake: Parameters<typeof ringRuns>[1][number][] = []
  const done = await retrying(engine, () => {
    wake.length = 0
    return engine.db.tx('form.submit', { vendors: [vendor.id] }, async (sql): Promise<Submitted> => {
      const now = engine.clock.now()
      const row = await lockSending(sql, vendor.id, sending.sending_id)
      if (!row || row.withdrawn_at !== null) return { is: 'closed' }
      if (row.submissions !== seen) return { is: 'before' }
      const wrote = await writeBackIn(
        engine,
        sql,
        vendor.id,
        { client, wedding: sending.wedding_id },
        form,
        read.answers,
        by,
      )
      await markSubmitted(sql, vendor.id, sending.sending_id, now)
      const [answer] = await receiveIn(engine, sql, vendor.id, [
        {
          source: 'form',
          key: `${sending.sending_id}:${row.submissions + 1}`,
          type: row.submissions === 0 ? 'form_submitted' : 'form_changed',
          client,
          data: { form: sending.key, version: sending.version },
          personal: read.answers as JsonObject,
        },
      ])
      const receipt = receiptOf(answer!)
      await insertAudit(sql, [
        {
          vendor: vendor.id,
          id: engine.rng.uuid7(now),
          at: now,
          actor: by,
          action: row.submissions === 0 ? 'form.submitted' : 'form.changed',
          subject: sending.form_id,
          detail: { client, version: sending.version, changed: wrote.changed },
        },
      ])
      wake.push(...wrote.touched, ...receipt.started.map((one) => one.run), ...receipt.woken)
      return { is: 'taken' }
    })
  })
  ringRuns(engine, wake)
  return done
}
