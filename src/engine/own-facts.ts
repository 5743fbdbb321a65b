import type { ClientId, Json, JsonObject, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { lockClientFields, readClientFields, setClientFields } from '../store/clients.ts'
import type { Engine } from './engine.ts'
import { openFields, sealFields } from './views.ts'

/** What a business knows of a couple by names of its own: sealed with the couple, for texts and conditions. */
const FACTS_MAX = 100

export async function factsIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
): Promise<JsonObject> {
  const sealed = await readClientFields(sql, vendor, client)
  return (sealed && (await openFields(engine.vault, vendor, client, sealed))) || {}
}

/** Null takes a fact away; the names of those that are different now, for the record, which never holds a value. */
export async function changeFactsIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  change: { readonly [name: string]: Json },
): Promise<string[]> {
  const row = await lockClientFields(sql, vendor, client)
  if (!row) return []
  const before = (row.fields && (await openFields(engine.vault, vendor, client, row.fields))) || {}
  const changed = Object.keys(change).filter((name) => (before[name] ?? null) !== change[name])
  if (changed.length === 0) return []
  const after = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== null),
  )
  if (Object.keys(after).length > FACTS_MAX)
    throw new Refusal('conflict', `A couple has at most ${FACTS_MAX} facts of your own.`)
  await setClientFields(sql, vendor, client, await sealFields(engine.vault, vendor, client, after))
  return changed
}
