import type { RunId } from '../core/ids.ts'
import { CAUSE_DEPTH_MAX } from '../core/run/event.ts'
import type { Run } from '../core/run/run.ts'
import { type Heeded, type TraitNews, traitNews } from '../core/run/trait-news.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertNotices } from '../store/notices.ts'
import type { Engine } from './engine.ts'
import { type Heard, hear, within } from './hear.ts'

/** A couple whose traits a run has changed. */
export type Changed = { readonly by: Run; readonly before: Heeded; readonly after: Heeded }
type Told = { readonly by: Run; readonly news: TraitNews }

/**
 * What journeys have changed of their couples, each couple once, is heard by all of a couple's journeys, as if a person
 * had changed it; in the commit of the step. Journeys that cause each other come to an end: the chain is counted, and
 * where it is too long the change stands and nobody hears of it but the vendor.
 */
export async function tellTraits(
  engine: Engine,
  sql: Sql,
  now: Instant,
  changed: readonly Changed[],
): Promise<readonly RunId[]> {
  const touched: RunId[] = []
  const each = changed.map(({ by, before, after }) => ({ by, all: traitNews(before, after) }))
  const longest = Math.max(0, ...each.map(({ all }) => all.length))
  // Of each couple one after the other, so that the second finds what the first has begun.
  for (let nth = 0; nth < longest; nth += 1) {
    const round = each.flatMap(({ by, all }): Told[] => all.slice(nth, nth + 1).map((news) => ({ by, news })))
    const tooDeep = round.filter(({ by }) => depthOf(by) > CAUSE_DEPTH_MAX)
    await insertNotices(
      sql,
      tooDeep.map(({ by, news }) => noticeOf(engine, now, by, news)),
    )
    const heard = round.filter(({ by }) => depthOf(by) <= CAUSE_DEPTH_MAX)
    const histories = await hear(
      engine,
      sql,
      now,
      heard.map(({ by, news }) => heardFrom(engine, now, by, news)),
    )
    for (const { started, woken } of histories) touched.push(...started.map(({ run }) => run), ...woken)
  }
  return touched
}

const depthOf = (run: Run): number => (run.state.startedBy?.depth ?? 0) + 1

const noticeOf = (engine: Engine, now: Instant, by: Run, { type, data }: TraitNews) => ({
  vendor: by.vendor,
  id: engine.rng.uuid7(now),
  run: by.id,
  node: null,
  code: 'cause_too_deep',
  facts: { type, ...data },
  at: now,
})

function heardFrom(engine: Engine, now: Instant, by: Run, { type, data }: TraitNews): Heard {
  const event = within(engine, now, type, data, depthOf(by))
  const { vendor, client, wedding } = by
  // A step is committed once, and so is this.
  const key = event.id
  return { vendor, source: 'journey', key, client, wedding, event, anchor: null, personal: null }
}
