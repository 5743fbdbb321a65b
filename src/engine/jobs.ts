import type { JsonObject, RunId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import { daysToAnchor } from '../core/wedding/priority.ts'
import type { Sql } from '../ports.ts'
import { type EffectRow, readContents, readEffects } from '../store/effects.ts'
import { readPersons } from '../store/people.ts'
import { type EffectRef, vendorsOf } from '../store/refs.ts'
import { readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import type { MessageFacts, PersonDocument, PersonFacts } from './message-facts.ts'
import type { PrepareJob, ProviderFacts } from './senders.ts'
import { type Loaded, loadRuns } from './turns.ts'
import { openJson, type Views } from './views.ts'

/** A due effect with all that is needed to send it, or to settle it. */
export type Job = {
  readonly effect: EffectRow
  /** The exit its run takes when it is done. */
  readonly exit: string
  readonly provider: ProviderFacts
  readonly daysToWedding: number | null
  /** The frozen message of an earlier attempt, still sealed. */
  readonly frozen: Uint8Array | null
  /** What to render, when nothing is frozen yet. */
  readonly prepare: PrepareJob | null
}

/** `all` takes rows whose moment has not come, for a sweep that knows better. */
export async function loadJobs(engine: Engine, now: Instant, refs: readonly EffectRef[], which: 'due' | 'all' = 'due'): Promise<Job[]> {
  return engine.db.tx('execute.load', { vendors: vendorsOf(refs) }, async (sql) => {
    const [rows, contents] = await Promise.all([readEffects(sql, refs), readContents(sql, refs)])
    const effects = rows.filter((effect) => which === 'all' || (effect.due_at !== null && effect.due_at <= now))
    const frozen = new Map(contents.map((one) => [one.effect_id, one.sealed]))
    const runRefs = [...new Map(effects.map((effect) => [effect.run_id, { vendor: effect.vendor_id, run: effect.run_id }])).values()]
    const { loaded, views } = await loadRuns(engine, sql, now, await readRuns(sql, runRefs))
    const runs = new Map(loaded.map((one) => [one.run.id, one]))
    const fresh = effects.filter((effect) => !frozen.has(effect.effect_id))
    const prepare = await factsFor(engine, sql, now, fresh, runs, views)
    return effects.map((effect) => ({
      effect,
      exit: engine.registry.modules.get(effect.kind)?.exits[0] ?? 'next',
      provider: engine.senders.provider(effect.vendor_id, effect.channel),
      daysToWedding: daysOf(runs.get(effect.run_id), now),
      frozen: frozen.get(effect.effect_id) ?? null,
      prepare: prepare.get(effect.effect_id) ?? null,
    }))
  })
}

function daysOf(run: Loaded | undefined, now: Instant): number | null {
  const wedding = run?.view.anchors.wedding?.value ?? null
  return run === undefined || wedding === null ? null : daysToAnchor(now, wedding, run.view.wedding?.zone ?? run.view.vendor.zone)
}

/** Opens what a text may mention. Personal words leave their rows here and are kept nowhere. */
async function factsFor(engine: Engine, sql: Sql, now: Instant, effects: readonly EffectRow[], runs: ReadonlyMap<RunId, Loaded>, views: Views): Promise<Map<string, PrepareJob>> {
  if (effects.length === 0) return new Map()
  const persons = await readPersons(sql, effects.map((effect) => ({ vendor: effect.vendor_id, client: effect.client_id })))
  const opened = new Map<string, Record<string, PersonFacts>>()
  for (const row of persons) {
    const document = (await openJson(engine.vault, personPlace(row.vendor_id, row.person_id), row.sealed)) as unknown as PersonDocument
    opened.set(row.client_id, { ...opened.get(row.client_id), [row.ref]: { ref: row.ref, name: document.name, firstName: document.firstName, email: document.email, phone: document.phone } })
  }
  const jobs = new Map<string, PrepareJob>()
  for (const effect of effects) {
    const run = runs.get(effect.run_id)
    if (run) jobs.set(effect.effect_id, prepareJob(effect, run, views, opened.get(effect.client_id) ?? {}, now))
  }
  return jobs
}

export const personPlace = (vendor: EffectRow['vendor_id'], person: string) =>
  ({ vendor, subject: person, table: 'person', row: person, column: 'sealed' }) as const

function prepareJob(effect: EffectRow, run: Loaded, views: Views, people: Record<string, PersonFacts>, now: Instant): PrepareJob {
  const { view, graph } = run
  const node = graph.node(effect.node as never)
  const vendor = views.vendor(run.run.client)
  const facts: MessageFacts = {
    vendor: { name: vendor.name, zone: view.vendor.zone },
    language: view.client.language,
    recipient: people[effect.recipient] ?? null,
    people,
    wedding: view.wedding ? { status: view.wedding.status, zone: view.wedding.zone, guests: view.wedding.guests } : null,
    anchors: view.anchors,
    fields: view.client.fields,
    answers: view.answers as { [form: string]: JsonObject },
    merged: mergedOf(effect, run),
    now,
  }
  return { effect, config: configOf(node), moduleVersion: node?.kind === 'module' ? node.version : 1, class: effect.message_class as PrepareJob['class'], facts }
}

function configOf(node: ReturnType<Loaded['graph']['node']>): JsonObject {
  if (node?.kind === 'module') return node.config
  if (node?.kind !== 'action') return {}
  if ('webhook' in node.do) return { url: node.do.webhook.url, body: node.do.webhook.body ?? {} }
  return 'notify' in node.do ? { text: node.do.notify.text } : {}
}

function mergedOf(effect: EffectRow, run: Loaded): MessageFacts['merged'] {
  if (effect.merged === null) return []
  const merged = JSON.parse(effect.merged) as { node: string }[]
  return merged.map(({ node }) => ({ node, config: configOf(run.graph.node(node as never)) }))
}
