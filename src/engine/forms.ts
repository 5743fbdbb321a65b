import { createHash } from 'node:crypto'
import { EMPTY_FORM, type Form, formSchema } from '../core/form/form.ts'
import { formProblems } from '../core/form/problems.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import {
  type FormRow,
  insertForm,
  insertFormVersion,
  keysLike,
  readFormVersion,
  saveForm,
} from '../store/forms.ts'
import type { Engine } from './engine.ts'
import { openJson, sealJson } from './views.ts'

/** Forms as they are designed: a draft that is kept as it was left, and versions that never change. */
const draftPlace = (vendor: VendorId, form: string) =>
  ({ vendor, subject: null, table: 'form', row: form, column: 'draft' }) as const
const versionPlace = (vendor: VendorId, form: string, version: number) =>
  ({ vendor, subject: null, table: 'form_version', row: `${form}/${version}`, column: 'document' }) as const

export const formHash = (form: Form): Buffer => createHash('sha256').update(JSON.stringify(form)).digest()

export async function draftFormOf(engine: Engine, vendor: VendorId, row: Pick<FormRow, 'form_id' | 'draft'>) {
  return formSchema.parse(await openJson(engine.vault, draftPlace(vendor, row.form_id), row.draft))
}

export async function formVersion(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  form: string,
  version: number,
): Promise<Form> {
  const row = await readFormVersion(sql, vendor, form, version)
  if (!row) throw new Refusal('not_found', 'There is no such version of this form.')
  return formSchema.parse(await openJson(engine.vault, versionPlace(vendor, form, version), row.document))
}

/** "Final details" becomes `final-details`, and `final-details-2` where that is taken. */
export async function addFormIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  given: { readonly name: string; readonly key?: string; readonly document?: Form },
): Promise<string> {
  const now = engine.clock.now()
  const id = engine.rng.uuid7(now)
  const document = given.document ?? { ...EMPTY_FORM, title: given.name }
  const wanted = given.key ?? keyFrom(given.name)
  const taken = await keysLike(sql, vendor, wanted)
  if (given.key !== undefined && taken.has(given.key))
    throw new Refusal('conflict', `There is a form with the key "${given.key}" already.`)
  const key = taken.has(wanted) ? freeKey(wanted, taken) : wanted
  const made = await insertForm(sql, vendor, {
    form_id: id,
    key,
    name: given.name,
    draft: await sealJson(engine.vault, draftPlace(vendor, id), document),
    draft_hash: formHash(document),
    created_at: now,
  })
  if (!made) throw new Refusal('conflict', `There is a form with the key "${key}" already.`)
  return id
}

const KEY_MAX = 50

export function keyFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, KEY_MAX)
    .replace(/-+$/, '')
  return plain === '' ? 'form' : plain
}

export function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`
}

export async function saveDraftFormIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  row: FormRow,
  change: { readonly name?: string; readonly document?: Form; readonly archived?: boolean },
): Promise<FormRow> {
  const now = engine.clock.now()
  const after: FormRow = {
    ...row,
    name: change.name ?? row.name,
    changed_at: now,
    ...(change.archived === undefined
      ? {}
      : { archived_at: change.archived ? (row.archived_at ?? now) : null }),
    ...(change.document
      ? {
          draft: await sealJson(engine.vault, draftPlace(vendor, row.form_id), change.document),
          draft_hash: formHash(change.document),
        }
      : {}),
  }
  await saveForm(sql, vendor, after)
  return after
}

/** The draft becomes the next version. Couples who were asked before keep the version they were asked with. */
export async function publishFormIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  row: FormRow,
  by: string,
): Promise<FormRow> {
  const document = await draftFormOf(engine, vendor, row)
  const problems = formProblems(document)
  if (problems.length > 0)
    throw new Refusal(
      'form_invalid',
      `This form cannot be published yet: ${problems.length} ${problems.length === 1 ? 'thing is' : 'things are'} open.`,
      {},
      problems,
    )
  const now = engine.clock.now()
  const version = (row.version ?? 0) + 1
  await insertFormVersion(sql, vendor, {
    form_id: row.form_id,
    version,
    document: await sealJson(engine.vault, versionPlace(vendor, row.form_id, version), document),
    hash: row.draft_hash,
    published_at: now,
    published_by: by,
  })
  const after = { ...row, version, archived_at: null, changed_at: now }
  await saveForm(sql, vendor, after)
  return after
}
