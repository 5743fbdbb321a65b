import {
  addForm,
  changeForm,
  type FormDocument,
  listForms,
  listFormVersions,
  listUnanswered,
  makeFormLink,
  publishForm,
  readFormDraft,
  readFormVersion,
  remindNow,
  withdrawSending,
} from '../../contract/forms.ts'
import { formProblems } from '../../core/form/problems.ts'
import type { ClientId, RunId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Instant, isoOf } from '../../core/time/instant.ts'
import { commandIn } from '../../engine/control.ts'
import type { Engine } from '../../engine/engine.ts'
import { namesFor } from '../../engine/find-clients.ts'
import { nextReminder, standing } from '../../engine/form-answers.ts'
import { ask, linkOf } from '../../engine/form-links.ts'
import { addFormIn, draftFormOf, formVersion, publishFormIn, saveDraftFormIn } from '../../engine/forms.ts'
import { ringTouched } from '../../engine/ring.ts'
import type { Sql } from '../../ports.ts'
import { lockClients } from '../../store/clients.ts'
import { lockAsked, markWithdrawn, unansweredOf } from '../../store/form-sendings.ts'
import {
  type FormRow,
  listForms as formLines,
  formVersions,
  readForm,
  readFormVersion as versionRow,
} from '../../store/forms.ts'
import { type Change, changes, type Route, reads } from '../frame/route.ts'

const UNANSWERED_SHOWN_MAX = 500

const statusOf = (row: Pick<FormRow, 'archived_at' | 'version'>): FormDocument['status'] =>
  row.archived_at !== null ? 'archived' : row.version === null ? 'draft' : 'published'
const sameBytes = (a: Uint8Array, b: Uint8Array | null): boolean => b !== null && Buffer.compare(a, b) === 0

const lineOf = (
  row: Omit<FormRow, 'draft'>,
  publishedHash: Uint8Array | null,
): Omit<FormDocument, 'document' | 'problems'> => ({
  id: row.form_id,
  key: row.key,
  name: row.name,
  status: statusOf(row),
  version: row.version,
  changed: !sameBytes(row.draft_hash, publishedHash),
  changedAt: isoOf(row.changed_at),
})

async function shown(engine: Engine, sql: Sql, vendor: VendorId, row: FormRow): Promise<FormDocument> {
  const document = await draftFormOf(engine, vendor, row)
  const live = row.version === null ? null : await versionRow(sql, vendor, row.form_id, row.version)
  const problems = formProblems(document).map(({ code, path, message }) => ({ code, path, message }))
  return { ...lineOf(row, live?.hash ?? null), document, problems }
}

export async function found(sql: Sql, vendor: VendorId, form: string, how: 'look' | 'lock' = 'look') {
  const row = await readForm(sql, vendor, form, how)
  if (!row) throw new Refusal('not_found', 'There is no form here with this id.')
  return row
}

/** The form held, and seen by whoever wants to change it. */
async function seen(at: Change, form: string): Promise<FormRow> {
  const row = await found(at.sql, at.vendor, form, 'lock')
  at.mustBeSeen(await shown(at.engine, at.sql, at.vendor, row))
  return row
}

export const formRoutes: readonly Route[] = [
  reads(listForms, ({ engine, vendor, now }) =>
    engine.db.read('forms.list', { vendors: [vendor] }, async (sql) => ({
      items: (await formLines(sql, vendor, now)).map((row) => ({
        ...lineOf(row, row.published_hash),
        answered: row.answered,
        open: row.open,
      })),
    })),
  ),
  changes(addForm, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const { name, key, document } = body
    const form = await addFormIn(engine, sql, vendor, {
      name,
      ...(key === undefined ? {} : { key }),
      ...(document === undefined ? {} : { document }),
    })
    at.audit('form.added', form)
    return shown(engine, sql, vendor, await found(sql, vendor, form))
  }),
  reads(readFormDraft, ({ engine, vendor }, { params }) =>
    engine.db.read('forms.read', { vendors: [vendor] }, async (sql) =>
      shown(engine, sql, vendor, await found(sql, vendor, params.form)),
    ),
  ),
  changes(changeForm, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await seen(at, params.form)
    const { name, document, archived } = body
    const after = await saveDraftFormIn(engine, sql, vendor, row, {
      ...(name === undefined ? {} : { name }),
      ...(document === undefined ? {} : { document }),
      ...(archived === undefined ? {} : { archived }),
    })
    at.audit(
      archived === undefined ? 'form.saved' : archived ? 'form.archived' : 'form.restored',
      row.form_id,
      {
        changed: Object.keys(body),
      },
    )
    return shown(engine, sql, vendor, after)
  }),
  changes(publishForm, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await seen(at, params.form)
    const after = await publishFormIn(engine, sql, vendor, row, at.actor)
    at.audit('form.published', row.form_id, { version: after.version })
    return shown(engine, sql, vendor, after)
  }),
  reads(listFormVersions, ({ engine, vendor }, { params }) =>
    engine.db.read('forms.versions', { vendors: [vendor] }, async (sql) => {
      const { form_id } = await found(sql, vendor, params.form)
      const rows = await formVersions(sql, vendor, form_id)
      return {
        items: rows.map((row) => ({
          version: row.version,
          at: isoOf(row.published_at),
          by: row.published_by,
        })),
      }
    }),
  ),
  reads(readFormVersion, ({ engine, vendor }, { params }) =>
    engine.db.read('forms.version', { vendors: [vendor] }, async (sql) => {
      const { form_id } = await found(sql, vendor, params.form)
      return {
        version: params.version,
        document: await formVersion(engine, sql, vendor, form_id, params.version),
      }
    }),
  ),
  reads(listUnanswered, ({ engine, vendor, now }, { params }) =>
    engine.db.read('forms.unanswered', { vendors: [vendor] }, async (sql) => {
      const { form_id } = await found(sql, vendor, params.form)
      const rows = await unansweredOf(sql, vendor, form_id, now, UNANSWERED_SHOWN_MAX)
      const names = await namesFor(
        engine,
        sql,
        vendor,
        rows.map((row) => row.client_id),
      )
      return {
        items: rows.map((row) => {
          const { until } = standing({ ...row, withdrawn_at: null, submitted_at: null }, now)
          const reminder = nextReminder(row)
          return {
            sending: row.sending_id,
            client: row.client_id,
            names: names.get(row.client_id) ?? 'erased',
            askedAt: isoOf(row.asked_at),
            until: told(until),
            savedAt: told(row.saved_at),
            reminded: row.reminded,
            nextReminder: told(reminder?.due ?? null),
            mayRemind: reminder !== null,
            run: row.run_id,
          }
        }),
      }
    }),
  ),
  changes(makeFormLink, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await found(sql, vendor, params.form)
    const client = body.client as ClientId
    if (!(await lockClients(sql, vendor, [client])).has(client))
      throw new Refusal('not_found', 'No couple is known here by this id.')
    const sending = await ask(engine, sql, vendor, { client, form: row.key, closes: false, step: null })
    if (sending === null)
      throw new Refusal('conflict', 'This form is not published, so nobody can open it. Publish it first.')
    at.audit('form.link_made', row.form_id, { client, sending })
    return { sending, url: await linkOf(engine, vendor, sending) }
  }),
  changes(withdrawSending, async (at, { params }) => {
    const row = await asked(at, params.sending)
    await markWithdrawn(at.sql, at.vendor, row.sending_id, at.now, at.actor)
    at.audit('form.link_withdrawn', row.sending_id)
    return null
  }),
  changes(remindNow, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await asked(at, params.sending)
    const reminder = nextReminder(row)
    if (row.run_id === null || reminder === null)
      throw new Refusal(
        'command_impossible',
        'No reminder is left to be sent here. Copy the link and write to them yourself.',
      )
    const run = row.run_id as RunId
    const [result] = await commandIn(
      engine,
      sql,
      vendor,
      [run],
      { do: 'do_now', token: reminder.token },
      at.actor,
    )
    if (result?.is === 'refused') throw new Refusal('command_impossible', result.why)
    at.auditedWithin()
    at.after(() => ringTouched(engine, [run]))
    return null
  }),
]

async function asked(at: Change, sending: string) {
  const row = await lockAsked(at.sql, at.vendor, sending)
  if (!row) throw new Refusal('not_found', 'Nobody was asked here under this id.')
  return row
}

const told = (at: Instant | null): string | null => (at === null ? null : isoOf(at))
