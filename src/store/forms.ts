import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** Forms and their published versions. */
export type FormRow = {
  form_id: string
  key: string
  name: string
  version: number | null
  archived_at: Instant | null
  draft: Uint8Array
  draft_hash: Uint8Array
  changed_at: Instant
  created_at: Instant
}

export async function readForm(
  sql: Sql,
  vendor: VendorId,
  form: string,
  how: 'look' | 'lock' = 'look',
): Promise<FormRow | null> {
  const rows =
    how === 'lock'
      ? await sql<FormRow>`
          select form_id, key, name, version, archived_at, draft, draft_hash, changed_at, created_at
            from app.form where vendor_id = ${vendor} and form_id = ${form} for no key update`
      : await sql<FormRow>`
          select form_id, key, name, version, archived_at, draft, draft_hash, changed_at, created_at
            from app.form where vendor_id = ${vendor} and form_id = ${form}`
  return rows[0] ?? null
}

export async function insertForm(
  sql: Sql,
  vendor: VendorId,
  one: Omit<FormRow, 'version' | 'archived_at' | 'changed_at'>,
): Promise<boolean> {
  const rows = await sql<{ form_id: string }>`
    insert into app.form (vendor_id, form_id, key, name, draft, draft_hash, changed_at, created_at)
    values (${vendor}, ${one.form_id}, ${one.key}, ${one.name}, ${one.draft}, ${one.draft_hash},
            ${ts(one.created_at)}::timestamptz, ${ts(one.created_at)}::timestamptz)
    on conflict (vendor_id, key) do nothing returning form_id`
  return rows.length > 0
}

export async function keysLike(sql: Sql, vendor: VendorId, key: string): Promise<Set<string>> {
  const rows = await sql<{ key: string }>`
    select key from app.form where vendor_id = ${vendor} and (key = ${key} or key like ${`${key}-%`})`
  return new Set(rows.map((row) => row.key))
}

export async function saveForm(
  sql: Sql,
  vendor: VendorId,
  one: Pick<FormRow, 'form_id' | 'name' | 'draft' | 'draft_hash' | 'version' | 'archived_at' | 'changed_at'>,
): Promise<void> {
  await sql`
    update app.form
       set name = ${one.name}, draft = ${one.draft}, draft_hash = ${one.draft_hash}, version = ${one.version},
           archived_at = ${ts(one.archived_at)}::timestamptz, changed_at = ${ts(one.changed_at)}::timestamptz
     where vendor_id = ${vendor} and form_id = ${one.form_id}`
}

export type FormVersionRow = {
  form_id: string
  version: number
  document: Uint8Array
  hash: Uint8Array
  published_at: Instant
  published_by: string
}

export async function insertFormVersion(sql: Sql, vendor: VendorId, one: FormVersionRow): Promise<void> {
  await sql`
    insert into app.form_version (vendor_id, form_id, version, document, hash, published_at, published_by)
    values (${vendor}, ${one.form_id}, ${one.version}, ${one.document}, ${one.hash},
            ${ts(one.published_at)}::timestamptz, ${one.published_by})`
}

export async function readFormVersion(
  sql: Sql,
  vendor: VendorId,
  form: string,
  version: number,
): Promise<FormVersionRow | null> {
  const rows = await sql<FormVersionRow>`
    select form_id, version, document, hash, published_at, published_by from app.form_version
     where vendor_id = ${vendor} and form_id = ${form} and version = ${version}`
  return rows[0] ?? null
}

/** The newest first. */
export async function formVersions(
  sql: Sql,
  vendor: VendorId,
  form: string,
): Promise<Omit<FormVersionRow, 'document'>[]> {
  return sql<Omit<FormVersionRow, 'document'>>`
    select form_id, version, hash, published_at, published_by from app.form_version
     where vendor_id = ${vendor} and form_id = ${form} order by version desc`
}

/** What is published under this key, for a step that asks with it; an archived form asks nobody any more. */
export async function publishedForm(
  sql: Sql,
  vendor: VendorId,
  key: string,
): Promise<{ form_id: string; version: number } | null> {
  const rows = await sql<{ form_id: string; version: number }>`
    select form_id, version from app.form
     where vendor_id = ${vendor} and key = ${key} and version is not null and archived_at is null`
  return rows[0] ?? null
}

export type FormListRow = Omit<FormRow, 'draft'> & {
  published_hash: Uint8Array | null
  answered: number
  open: number
}

/** Every form with how many couples answered it and how many are still asked; the last changed first. */
export async function listForms(sql: Sql, vendor: VendorId, now: Instant): Promise<FormListRow[]> {
  return sql<FormListRow>`
    select f.form_id, f.key, f.name, f.version, f.archived_at, f.draft_hash, f.changed_at, f.created_at,
           v.hash as published_hash,
           (select count(*)::int from app.answer a join app.client c on c.vendor_id = a.vendor_id and c.client_id = a.client_id
             where a.vendor_id = f.vendor_id and a.form = f.key and c.erased_at is null) as answered,
           (select count(*)::int
              from app.form_sending s
              join app.client c on c.vendor_id = s.vendor_id and c.client_id = s.client_id and c.erased_at is null
              left join app.run r on r.vendor_id = s.vendor_id and r.run_id = s.run_id
             where s.vendor_id = f.vendor_id and s.form_id = f.form_id and s.submitted_at is null
               and s.withdrawn_at is null and s.expires_at > ${ts(now)}::timestamptz
               and (s.run_id is null or not s.closes or position('"at":"' || s.node || '"' in r.state) > 0
                    or position('"at":"' || s.node || '.answer"' in r.state) > 0)) as open
      from app.form f
      left join app.form_version v on v.vendor_id = f.vendor_id and v.form_id = f.form_id and v.version = f.version
     where f.vendor_id = ${vendor}
     order by f.archived_at is not null, f.changed_at desc, f.form_id`
}

export type AnswerRow = {
  client_id: string
  sealed: Uint8Array
  at: Instant
  version: number | null
}

/** The answers to a form, the newest first; of each couple the last that counts. */
export async function answersTo(
  sql: Sql,
  vendor: VendorId,
  form: { readonly form_id: string; readonly key: string },
  before: { readonly at: Instant; readonly client: string } | null,
  limit: number,
): Promise<AnswerRow[]> {
  return sql<AnswerRow>`
    select a.client_id, a.sealed, a.at,
           (select s.version from app.form_sending s
             where s.vendor_id = a.vendor_id and s.client_id = a.client_id and s.form_id = ${form.form_id}
               and s.submitted_at is not null order by s.submitted_at desc limit 1) as version
      from app.answer a
      join app.client c on c.vendor_id = a.vendor_id and c.client_id = a.client_id and c.erased_at is null
     where a.vendor_id = ${vendor} and a.form = ${form.key}
       and (${before === null}::boolean or (a.at, a.client_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.client ?? null}::uuid))
     order by a.at desc, a.client_id desc
     limit ${limit}`
}
