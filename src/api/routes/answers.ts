import { exportAnswers, listAnswers } from '../../contract/answers.ts'
import { EXPORT_ROWS_MAX } from '../../contract/operation.ts'
import { writeCsv } from '../../core/csv.ts'
import { type Answers, answerInWords } from '../../core/form/answers.ts'
import { type Field, type Form, fieldsOf } from '../../core/form/form.ts'
import type { ClientId, VendorId } from '../../core/ids.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import type { Engine } from '../../engine/engine.ts'
import { namesFor } from '../../engine/find-clients.ts'
import { formVersion } from '../../engine/forms.ts'
import { openAnswer } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import { type AnswerRow, answersTo, type FormRow } from '../../store/forms.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { found } from './forms.ts'

export const answerRoutes: readonly Route[] = [
  reads(listAnswers, ({ engine, vendor }, { params, query }) =>
    engine.db.read('forms.answers', { vendors: [vendor] }, async (sql) => {
      const row = await found(sql, vendor, params.form)
      const [at, client] = readCursor(query.cursor, [MILLISECONDS, UUID]) ?? []
      const before = at && client ? { at: instant(Number(at)), client } : null
      const rows = await answersTo(sql, vendor, row, before, query.limit + 1)
      const page = rows.slice(0, query.limit)
      const last = page.at(-1)
      return {
        ...(await opened(engine, sql, vendor, row, page)),
        next: rows.length > query.limit && last ? cursorOf([String(last.at), last.client_id]) : null,
      }
    }),
  ),
  changes(exportAnswers, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await found(sql, vendor, params.form)
    const rows = await answersTo(sql, vendor, row, null, EXPORT_ROWS_MAX + 1)
    const { items, columns } = await opened(engine, sql, vendor, row, rows.slice(0, EXPORT_ROWS_MAX))
    at.audit('answers.exported', row.form_id, { answers: items.length })
    const head = ['Couple', 'Answered', ...columns.map((one) => one.label || one.id)]
    const lines = items.map((one) => [one.names, one.at, ...columns.map(({ id }) => one.words[id] ?? '')])
    return {
      csv: writeCsv([head, ...lines]),
      rows: items.length,
      complete: rows.length <= EXPORT_ROWS_MAX,
    }
  }),
]

async function opened(engine: Engine, sql: Sql, vendor: VendorId, form: FormRow, rows: readonly AnswerRow[]) {
  const names = await namesFor(
    engine,
    sql,
    vendor,
    rows.map((one) => one.client_id),
  )
  const forms = await formsAnswered(engine, sql, vendor, form, rows)
  const items = await Promise.all(
    rows.map(async (one) => {
      const client = one.client_id as ClientId
      const values = (await openAnswer(engine.vault, vendor, client, form.key, one.sealed)) ?? {}
      return {
        client,
        names: names.get(client) ?? 'erased',
        at: isoOf(one.at),
        version: one.version,
        values: { ...values },
        words: wordsOf(forms.get(one.version) ?? forms.get(form.version) ?? null, values),
      }
    }),
  )
  return { items, columns: columnsOf([...forms.values()]) }
}

/** The versions by which these couples answered, and the newest. */
async function formsAnswered(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  row: FormRow,
  page: readonly { readonly version: number | null }[],
): Promise<ReadonlyMap<number | null, Form>> {
  const wanted = new Set([row.version, ...page.map((one) => one.version)].filter((one) => one !== null))
  const forms = new Map<number | null, Form>()
  for (const version of [...wanted].sort((a, b) => b - a))
    forms.set(version, await formVersion(engine, sql, vendor, row.form_id, version))
  return forms
}

function columnsOf(forms: readonly Form[]): { id: string; label: string }[] {
  const columns = new Map<string, Field>()
  for (const field of forms.flatMap(fieldsOf)) if (!columns.has(field.id)) columns.set(field.id, field)
  return [...columns.values()].map(({ id, label }) => ({ id, label }))
}

/** An answer whose question nobody knows any more is shown as it lies there. */
function wordsOf(form: Form | null, values: Answers): Record<string, string> {
  const fields = new Map((form ? fieldsOf(form) : []).map((field) => [field.id, field]))
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => {
      const field = fields.get(id)
      return [
        id,
        field ? answerInWords(field, value) : typeof value === 'string' ? value : JSON.stringify(value),
      ]
    }),
  )
}
