import type { ClientId, JsonObject } from '../core/ids.ts'
import { isHeldUp } from '../core/run/held-up.ts'
import { isDead, obstacleTo } from '../core/run/recipient.ts'
import { waitsFor } from '../core/run/run.ts'
import type { View } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import { daysToWedding } from '../core/wedding/priority.ts'
import type { Recipient } from '../modules/runner.ts'
import type { Sql } from '../ports.ts'
import { type EffectRow, readContents, readEffects } from '../store/effects.ts'
import { readPersons } from '../store/people.ts'
import { type EffectRef, vendorsOf } from '../store/refs.ts'
import { type ClientKey, readRunsAndClients } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { knownHere } from './graphs.ts'
import { editRefOf, openEdits } from './message-edits.ts'
import type { PrepareJob, ProviderFacts, SendingVendor } from './senders.ts'
import { type Loaded, loadRuns } from './turns.ts'
import { openUnlessErased } from './views.ts'
import { type PersonDocument, withMerged, wordsFor } from './words.ts'

/** A due effect with all that is needed to send it, or to settle it. */
export type Job = {
  readonly effect: EffectRow
  readonly vendor: PrepareJob['vendor']
  readonly provider: ProviderFacts
  readonly daysToWedding: number | null
  /** The exit its run takes when somebody else says it was accepted. */
  readonly exit: string
  readonly recipient: Recipient
  /** Nothing is left of whoever it is for. */
  readonly erased: boolean
  /** Why this person must not be written to as things stand now, whatever stood when it was planned. */
  readonly obstacle: ReturnType<typeof obstacleTo> | 'dead_address'
  /** A run that is held, or waits for it no more, sends nothing of its own accord, a second copy least of all; nor is one sent of what was recalled. */
  readonly mayResend: boolean
  /** Kept back for so long that its run has to look again at when it goes. */
  readonly heldUp: boolean
  /** The frozen message of an earlier attempt, still sealed. */
  readonly frozen: Uint8Array | null
  readonly prepare: PrepareJob
}

/** `all` takes rows whose moment has not come, for a sweep that knows better. */
export async function loadJobs(
  engine: Engine,
  now: Instant,
  refs: readonly EffectRef[],
  which: 'due' | 'all' = 'due',
): Promise<Job[]> {
  return engine.db.read('execute.load', { vendors: vendorsOf(refs) }, async (sql) => {
    const [rows, contents] = await Promise.all([readEffects(sql, refs), readContents(sql, refs)])
    // In the order they were asked for, which is the order of their turn: rows come as they lie.
    const byId = new Map(rows.map((row) => [row.effect_id, row]))
    const effects = refs
      .flatMap((ref) => byId.get(ref.effect) ?? [])
      .filter((effect) => which === 'all' || (effect.due_at !== null && effect.due_at <= now))
    if (effects.length === 0) return []
    const frozen = new Map(contents.map((one) => [one.effect_id, one.sealed]))
    const runRefs = [
      ...new Map(
        effects.map((effect) => [effect.run_id, { vendor: effect.vendor_id, run: effect.run_id }]),
      ).values(),
    ]
    const [loaded, people] = await Promise.all([
      readRunsAndClients(sql, runRefs).then(async ({ runs, clients }) =>
        loadRuns(engine, sql, now, await knownHere(engine, sql, runs), clients),
      ),
      openPeople(
        engine,
        sql,
        effects.map((effect) => ({ vendor: effect.vendor_id, client: effect.client_id })),
      ),
    ])
    const runs = new Map(loaded.map((one) => [one.run.id, one]))
    const known = effects.filter((effect) => runs.has(effect.run_id) && isKnownKind(engine, effect.kind))
    const editAt = (effect: EffectRow) => editRefOf(runs.get(effect.run_id)!, effect.node, effect.visit)
    const edits = await openEdits(
      engine,
      sql,
      known.flatMap((effect) => editAt(effect) ?? []),
    )
    return known.map((effect) =>
      jobOf(
        engine,
        effect,
        runs.get(effect.run_id)!,
        people.get(effect.client_id) ?? new Map(),
        frozen.get(effect.effect_id) ?? null,
        now,
        edits.get(editAt(effect)?.edit ?? '') ?? {},
      ),
    )
  })
}

/** Whether this process can write such a message and knows the ways on from it; a step of the house's own it always can. */
export const isKnownKind = (engine: Pick<Engine, 'registry'>, kind: string): boolean =>
  !kind.includes('@') || engine.registry.modules.has(kind)

/** Personal words leave their rows here, for one attempt, and are kept nowhere. Null: this person was erased. */
export async function openPeople(
  engine: Engine,
  sql: Sql,
  clients: readonly ClientKey[],
): Promise<Map<ClientId, Map<string, PersonDocument | null>>> {
  const rows = await readPersons(sql, clients)
  // Together, so that the keys of all these people are asked for in one statement.
  const documents = await Promise.all(
    rows.map((row) => openUnlessErased(engine.vault, personPlace(row.vendor_id, row.person_id), row.sealed)),
  )
  const opened = new Map<ClientId, Map<string, PersonDocument | null>>()
  for (const [index, row] of rows.entries()) {
    const document = (documents[index] ?? null) as PersonDocument | null
    const people = opened.get(row.client_id) ?? new Map<string, PersonDocument | null>()
    opened.set(row.client_id, people.set(row.ref, document))
  }
  return opened
}

export const personPlace = (vendor: EffectRow['vendor_id'], person: string) =>
  ({ vendor, subject: person, table: 'person', row: person, column: 'sealed' }) as const

export function jobOf(
  engine: Engine,
  effect: EffectRow,
  run: Pick<Loaded, 'run' | 'graph' | 'view' | 'vendor'>,
  people: Map<string, PersonDocument | null>,
  frozen: Uint8Array | null,
  now: Instant,
  /** What a person says here instead, for this couple. */
  edited: JsonObject = {},
): Job {
  const { view, graph, vendor: known } = run
  const vendor = sendingVendor(effect.vendor_id, known)
  const person = people.get(effect.recipient)
  return {
    effect,
    vendor,
    provider: engine.senders.provider(effect.vendor_id, effect.kind, known.channels),
    daysToWedding: daysToWedding(now, view.anchors, view.wedding?.zone ?? view.vendor.zone),
    exit: engine.registry.modules.get(effect.kind)?.exits[0] ?? 'next',
    recipient: {
      ref: effect.recipient,
      name: person?.name ?? null,
      email: person?.email ?? null,
      phone: person?.phone ?? null,
    },
    erased: person === null,
    obstacle: obstacleNow(effect, view),
    mayResend: mayResend(effect, run.run),
    heldUp: isHeldUp(graph, view, effect, now),
    frozen,
    prepare: {
      vendor,
      kind: effect.kind,
      config: withMerged(
        { ...configAt(graph, effect.node), ...edited },
        mergedNodes(effect).map((node) => configAt(graph, node)),
      ),
      class: effect.message_class as MessageClass,
      language: view.client.language,
      facts: wordsFor(view, known, people, now),
      mark: markOf(view, effect),
    },
  }
}

export const sendingVendor = (id: SendingVendor['id'], known: Loaded['vendor']): SendingVendor => ({
  id,
  name: known.name,
  region: known.region,
  brand: known.brand,
  channels: known.channels,
})

/** Members of the team do not unsubscribe from their own business. */
function markOf(view: View, { recipient, channel }: EffectRow): string | null {
  if (recipient.startsWith('member:') || (channel !== 'email' && channel !== 'sms')) return null
  return view.people.find((one) => one.ref === recipient)?.reach[channel] ?? null
}

const mayResend = (effect: EffectRow, run: Loaded['run']): boolean =>
  effect.recalled === null &&
  (run.status === 'active' || run.status === 'waiting') &&
  waitsFor(run, effect.name)

function obstacleNow(effect: EffectRow, view: View): Job['obstacle'] {
  const person = view.people.find((one) => one.ref === effect.recipient)
  if (!person) return null
  const obstacle = obstacleTo(person, effect.channel, effect.message_class)
  return obstacle === 'no_consent' && isDead(person, effect.channel) ? 'dead_address' : obstacle
}

const mergedNodes = (effect: EffectRow): string[] =>
  effect.merged === null ? [] : (JSON.parse(effect.merged) as { node: string }[]).map((one) => one.node)

function configAt(graph: Loaded['graph'], id: string): JsonObject {
  const node = graph.node(id as never)
  if (node?.kind === 'module') return node.config
  if (node?.kind !== 'action') return {}
  if ('webhook' in node.do) return { url: node.do.webhook.url, body: node.do.webhook.body ?? {} }
  return 'notify' in node.do ? { text: node.do.notify.text } : {}
}
