import type { RunId } from '../core/ids.ts'
import { CAUSE_DEPTH_MAX } from '../core/run/event.ts'
import type { Run } from '../core/run/run.ts'
import { type Heeded, traitNews } from '../core/run/trait-news.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertNotices } from '../store/notices.ts'
import type { Engine } from './engine.ts'
import { hear, within } from './hear.ts'

/**
 * What a journey has changed of its couple is heard by all their journeys, as if a person had changed it; in the
 * commit of the step. Journeys that cause each other come to an end: the chain is counted, and where it is too long
 * the change stands and nobody hears of it but the vendor.
 */
export async function tellTraits(
  engine: Engine,
  sql: Sql,
  now: Instant,
  by: Run,
  { before, after }: { readonly before: Heeded; readonly after: Heeded },
): Promise<readonly RunId[]> {
  const { vendor, client, wedding, id: run } = by
  const depth = (by.state.startedBy?.depth ?? 0) + 1
  const touched: RunId[] = []
  for (const { type, data } of traitNews(before, after)) {
    if (depth > CAUSE_DEPTH_MAX) {
      const facts = { type, ...data }
      const id = engine.rng.uuid7(now)
      await insertNotices(sql, [{ vendor, id, run, node: null, code: 'cause_too_deep', facts, at: now }])
      continue
    }
    const event = within(engine, now, type, data, depth)
    // One after the other, so that the second finds what the first has begun. A step is committed once, and so is this.
    const one = { source: 'journey', key: event.id, client, wedding, event, anchor: null, personal: null }
    const [history] = await hear(engine, sql, now, vendor, [one])
    touched.push(...history!.started.map((started) => started.run), ...history!.woken)
  }
  return touched
}
