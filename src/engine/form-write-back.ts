import type { Answers } from '../core/form/answers.ts'
import { type Form, fieldsOf, type Target } from '../core/form/form.ts'
import type { ClientId, Json, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { LocalDate, LocalTime, Zone } from '../core/time/local.ts'
import type { AnchorValue } from '../core/wedding/anchor.ts'
import type { Sql } from '../ports.ts'
import { lockClientFields, lockWeddings, setClientFields, type WeddingRow } from '../store/clients.ts'
import { changeIn, type DetailsChange } from './change-details.ts'
import { savePersonIn } from './change-person.ts'
import type { Engine } from './engine.ts'
import { namedClientsIn } from './find-clients.ts'
import { openFields, sealFields } from './views.ts'

/**
 * Answers that belong somewhere: a new date moves the wedding by the one way a wedding moves, with replan, undo and
 * audit; a new address is the person's from now on; everything else is a fact of the couple's own.
 */
export type WrittenBack = {
  /** What is different now, in words for the audit; never a value. */
  readonly changed: readonly string[]
  readonly touched: readonly RunId[]
}

export async function writeBackIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  couple: { readonly client: ClientId; readonly wedding: WeddingId | null },
  form: Form,
  answers: Answers,
  by: string,
): Promise<WrittenBack> {
  const wanted = fieldsOf(form).flatMap(({ id, writesTo }) =>
    writesTo && answers[id] !== undefined ? [{ target: writesTo, value: answers[id] as Json }] : [],
  )
  // The wedding first: its rows are locked before its couple's, wherever both are.
  const wedding = await writeWedding(engine, sql, vendor, couple.wedding, wanted, by)
  const facts = await writeFacts(engine, sql, vendor, couple.client, wanted)
  const people = await writePeople(engine, sql, vendor, couple.client, wanted, by)
  return { changed: [...wedding.changed, ...facts, ...people], touched: wedding.touched }
}

type Wanted = { readonly target: Target; readonly value: Json }

async function writeWedding(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  wedding: WeddingId | null,
  wanted: readonly Wanted[],
  by: string,
): Promise<WrittenBack> {
  const given: { [part: string]: Json } = {}
  for (const { target, value } of wanted) if ('wedding' in target) given[target.wedding] = value
  if (wedding === null || Object.keys(given).length === 0) return { changed: [], touched: [] }
  const [row] = await lockWeddings(sql, vendor, [wedding])
  if (!row) return { changed: [], touched: [] }
  const anchor = movedTo(row, given)
  const guests = typeof given.guests === 'number' ? Math.round(given.guests) : null
  const change: DetailsChange = {
    wedding,
    ...(anchor
      ? { anchors: { wedding: anchor }, ...(row.wedding_on === null ? { status: 'confirmed' as const } : {}) }
      : {}),
    ...(guests !== null && guests >= 0 && guests !== row.guests ? { guests } : {}),
  }
  const changed = [...(anchor ? ['wedding.date'] : []), ...('guests' in change ? ['wedding.guests'] : [])]
  if (changed.length === 0) return { changed, touched: [] }
  const receipt = await changeIn(engine, sql, vendor, [change], by, 'undoable')
  return { changed, touched: receipt.runs.map((one) => one.run) }
}

/** The wedding's day and hour as they are told, or null where they are what is known already. */
function movedTo(row: WeddingRow, given: { readonly [part: string]: Json }): AnchorValue | null {
  const known = row.anchors.wedding?.value ?? null
  const on = (given.date ?? (known && known.is !== 'moment' ? known.on : null)) as LocalDate | null
  if (on === null) return null
  const at = (given.time ?? (known?.is === 'hour' ? known.at : null)) as LocalTime | null
  const zone = (known?.is === 'hour' ? known.zone : row.zone) as Zone | null
  const told: AnchorValue = at !== null && zone !== null ? { is: 'hour', on, at, zone } : { is: 'day', on }
  const same =
    known !== null &&
    known.is === told.is &&
    known.on === told.on &&
    (known.is !== 'hour' || (told.is === 'hour' && known.at === told.at))
  return same ? null : told
}

async function writeFacts(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  wanted: readonly Wanted[],
): Promise<string[]> {
  const facts = wanted.flatMap(({ target, value }) =>
    'fact' in target ? [[target.fact, value] as const] : [],
  )
  if (facts.length === 0) return []
  const row = await lockClientFields(sql, vendor, client)
  if (!row) return []
  const before = (row.fields && (await openFields(engine.vault, vendor, client, row.fields))) || {}
  const news = facts.filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value))
  if (news.length === 0) return []
  const sealed = await sealFields(engine.vault, vendor, client, { ...before, ...Object.fromEntries(news) })
  await setClientFields(sql, vendor, client, sealed)
  return news.map(([name]) => `fact.${name}`)
}

async function writePeople(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  wanted: readonly Wanted[],
  by: string,
): Promise<string[]> {
  const told = new Map<string, Partial<Record<'name' | 'email' | 'phone', string>>>()
  for (const { target, value } of wanted) {
    if ('person' in target)
      told.set(target.person, { ...told.get(target.person), [target.part]: String(value) })
  }
  if (told.size === 0) return []
  const changed: string[] = []
  const [couple] = await namedClientsIn(engine, sql, vendor, [client])
  for (const [ref, parts] of told) {
    const known = couple?.people.find((one) => one.ref === ref)
    const name = parts.name ?? known?.name
    // Nobody is added without a name: there would be nobody to call.
    if (name === undefined) continue
    const email = parts.email ?? known?.email ?? null
    const phone = parts.phone ?? known?.phone ?? null
    const news = await savePersonIn(engine, sql, vendor, client, known, ref, { name, email, phone }, by)
    changed.push(...news.map((part) => `${ref}.${part}`))
  }
  return changed
}
