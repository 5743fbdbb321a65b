import type { ClientId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { bumpVendor } from '../store/clients.ts'
import { raiseRuns } from '../store/consents.ts'
import { liveRunsOfClients } from '../store/runs.ts'
import {
  holdCouples,
  type KeptBy,
  type PersonKeptBy,
  removeCouples,
  removePersonOf,
  whyKept,
  whyPersonKept,
} from '../store/take-back.ts'

/**
 * Couples who came by mistake go as if they had never come, with their journeys and whatever was planned for them. To
 * whom something has gone, who has spoken, or on whom somebody has worked since, stays: what was sent stays sent (I6).
 */
const WHY: { readonly [why in KeptBy]: string } = {
  sent: 'Something has been sent to them.',
  heard: 'Something has happened with them since.',
  moved: 'Their wedding has been changed since.',
  seen_to: 'A task of theirs has been done.',
  edited: 'Somebody has written about them since.',
}
const GONE = 'They are not in your book any more.'

/** Why each of those who stay stays; the others are gone when this transaction is through. */
export async function takeBackIn(
  sql: Sql,
  vendor: VendorId,
  couples: readonly ClientId[],
  since: Instant,
): Promise<Map<ClientId, string>> {
  const held = new Set(await holdCouples(sql, vendor, couples))
  const kept = await whyKept(sql, vendor, [...held], since)
  const going = [...held].filter((client) => !kept.has(client))
  if (going.length > 0) {
    await removeCouples(sql, vendor, going)
    // Their days are days of work no more.
    await bumpVendor(sql, vendor)
  }
  return new Map(
    couples.flatMap((client) => {
      const why = kept.get(client)
      if (!held.has(client)) return [[client, GONE] as const]
      return why ? [[client, WHY[why]] as const] : []
    }),
  )
}

const WHY_PERSON: { readonly [why in Exclude<PersonKeptBy, 'unknown'>]: string } = {
  alone: 'There is nobody else: take the couple out instead.',
  sent: 'Something has been sent to them; edit them instead, or take back what they have agreed to.',
  planned: 'A message to them is planned: skip it first.',
  walks: 'A journey goes a way of its own with them: stop it first.',
  came: 'They came with the couple, or have been written down again since: edit them instead.',
  heard: 'Something has happened with the couple since they were added; edit them instead.',
}

/** One person goes who was added to a couple by mistake. */
export async function takeBackPersonIn(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  ref: string,
): Promise<void> {
  const [held] = await holdCouples(sql, vendor, [client])
  const why = held ? await whyPersonKept(sql, vendor, client, ref) : 'unknown'
  if (why === 'unknown') throw new Refusal('not_found', 'Nobody of any couple is known here by these names.')
  if (why) throw new Refusal('conflict', `They stay with the couple. ${WHY_PERSON[why]}`)
  await removePersonOf(sql, vendor, client, ref)
  // A turn that has seen them, and is about to write to them, cannot be saved any more.
  await raiseRuns(sql, await liveRunsOfClients(sql, vendor, [client]))
}

/** Rows of an import, taken back together. */
export async function takeBackImported(
  sql: Sql,
  vendor: VendorId,
  rows: readonly JobResult[],
  since: Instant,
): Promise<JobResult[]> {
  const stay = await takeBackIn(
    sql,
    vendor,
    rows.map((row) => row.undo as ClientId),
    since,
  )
  return rows.map(({ of, undo }): JobResult => {
    const why = stay.get(undo as ClientId)
    return why ? { of, is: 'refused', why } : { of, is: 'done' }
  })
}
