import { domainOf, messageIdFor } from '../../src/channels/email/mail.ts'
import type { OpenSession } from '../../src/postgres/client.ts'
import { EXPECTED } from './journeys.ts'
import type { Load } from './load.ts'
import { readBook } from './provider/book.ts'
import type { Books, EffectFacts, EventFacts, LeftOut, RunFacts } from './reconcile.ts'
import { SENDER } from './town.ts'

type BookFiles = { readonly bookFile: string; readonly hookBookFile: string }

/** Gathers both sides for the reconciliation: the provider's book, our rows, and what the load was promised. */
export async function gatherBooks(
  session: OpenSession,
  { bookFile, hookBookFile }: BookFiles,
  load: Load,
): Promise<Books> {
  const effects = await session.query<Omit<EffectFacts, 'messageId'> & { key: string }>(`
    select e.effect_id::text as id, encode(e.effect_key, 'hex') as key, e.run_id::text as run, e.node, e.kind, e.state,
           e.attempt as attempts, e.resends,
           exists (select from app.dead_letter d where d.vendor_id = e.vendor_id and d.effect_id = e.effect_id) as "deadLetter",
           exists (select from app.notice n where n.vendor_id = e.vendor_id and n.run_id = e.run_id and n.code = 'unresolved' and n.node = e.node) as notice,
           exists (select from app.captured_message c where c.vendor_id = e.vendor_id and c.effect_id = e.effect_id) as captured
      from app.effect e`)
  const runs = await session.query<RunFacts>(`
    select r.run_id::text as id, j.key as journey, r.status, r.client_id::text as client,
           strpos(r.state, '"for":"undo"') > 0 as undecided
      from app.run r join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id`)
  const events = await session.query<EventFacts>(
    `select key, event_id::text as event from app.event where source = 'api'`,
  )
  const leftOut = await session.query<LeftOut>(`
    select run_id::text as run, node from app.notice where code in ('late_skipped', 'window_skipped')`)
  const asked = [...load.couples].filter(
    ([id]) => load.acknowledged.has(`inquiry-${id}`) && load.acknowledged.has(`hook-${id}`),
  )
  // Who is called by webhook knows a repeat by its id, so a repeat is no second call; a forged one never counts.
  const calls = readBook(hookBookFile)
  return {
    entries: [...readBook(bookFile), ...calls.filter(({ how }) => how !== 'repeat' && how !== 'forged')],
    forged: calls.filter(({ how }) => how === 'forged').length,
    repeats: calls.filter(({ how }) => how === 'repeat').length,
    moves: load.moves,
    effects: effects.map(({ key, ...one }) => ({
      ...one,
      messageId: one.kind === 'webhook' ? key : messageIdFor(key, domainOf(SENDER)),
    })),
    runs,
    events,
    leftOut,
    acknowledged: [...load.acknowledged.values()],
    couples: asked.map(([, client]) => client),
    expected: EXPECTED,
  }
}
