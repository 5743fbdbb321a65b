import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { traitNews } from '../core/run/trait-news.ts'
import type { Sql } from '../ports.ts'
import { setClientTraits } from '../store/find-clients.ts'
import type { Engine } from './engine.ts'
import { receiptOf, receiveIn } from './receive.ts'

/** Stage, tags and language of a couple, with the events by which journeys hear of it, in one transaction. */
export type Traits = { readonly stage: string; readonly tags: readonly string[]; readonly language: string }

export async function changeTraitsIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  before: Traits,
  change: Partial<Traits>,
  source: { readonly source: string; readonly key: string },
): Promise<{ readonly after: Traits; readonly touched: readonly RunId[] }> {
  const after: Traits = {
    stage: change.stage ?? before.stage,
    tags: change.tags ? [...new Set(change.tags)] : before.tags,
    language: change.language ?? before.language,
  }
  await setClientTraits(sql, vendor, client, after)
  const touched: RunId[] = []
  for (const { name, type, data } of traitNews(before, after)) {
    const key = `${source.key}:${name}`
    // One after the other, so that the second finds what the first has begun.
    const [answer] = await receiveIn(engine, sql, vendor, [
      { source: source.source, key, type, client, data },
    ])
    const receipt = receiptOf(answer!)
    touched.push(...receipt.started.map((one) => one.run), ...receipt.woken)
  }
  return { after, touched }
}
