import type { JsonObject, RunId, VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import { comingVisit } from '../core/run/run.ts'
import { readRuns } from '../store/runs.ts'
import { type SeenMessage, seen } from './compose-message.ts'
import { refuseUnlessWellSaid } from './edit-message.ts'
import type { Engine } from './engine.ts'
import { withLookedAtLink } from './form-links.ts'
import { openPeople, sendingVendor } from './jobs.ts'
import { editRefOf, openEdits } from './message-edits.ts'
import type { PrepareJob } from './senders.ts'
import { loadRuns } from './turns.ts'
import { wordsFor } from './words.ts'

/** The message of a step as it would be written now, or with other words; nothing is kept of it. */
export type PreviewedMessage = SeenMessage & {
  readonly node: string
  readonly kind: string
  /** What is said in so many words and can be said otherwise, field by field. */
  readonly words: { readonly [field: string]: string }
  /** Somebody has changed them for this couple. */
  readonly edited: boolean
}

export async function previewMessage(
  engine: Engine,
  vendor: VendorId,
  run: RunId,
  step: string,
  otherwise: JsonObject | null = null,
): Promise<PreviewedMessage> {
  const {
    prepare: job,
    missing,
    ...told
  } = await engine.db.read('message.preview', { vendors: [vendor] }, async (sql) => {
    const now = engine.clock.now()
    const [found] = await loadRuns(engine, sql, now, await readRuns(sql, [{ vendor, run }]))
    const node = found?.graph.node(step as never)
    if (!found || node?.kind !== 'module') throw new Refusal('not_found', 'There is no such message here.')
    const kind = moduleKey(node.type, node.version)
    const type = engine.registry.modules.get(kind)
    const people = (await openPeople(engine, sql, [{ vendor, client: found.run.client }])).get(
      found.run.client,
    )
    const ref = editRefOf(found, step, comingVisit(found.run.state, node.id))
    const edits = await openEdits(engine, sql, ref ? [ref] : [])
    // An edit takes the place of the one before it.
    const config: JsonObject = { ...node.config, ...(otherwise ?? edits.get(ref?.edit ?? '')) }
    if (otherwise !== null) refuseUnlessWellSaid(engine, node, config)
    const words = wordsFor(found.view, found.vendor, people ?? new Map(), now)
    const { facts, missing } = await withLookedAtLink(engine, sql, vendor, { kind, config }, words)
    const prepare: PrepareJob = {
      vendor: sendingVendor(vendor, found.vendor),
      kind,
      config,
      class: node.class ?? type?.class ?? 'transactional',
      language: found.view.client.language,
      facts,
    }
    return { prepare, missing, words: sayable(config), edited: ref !== null }
  })
  const made = await engine.senders.prepare(job)
  return { node: step, kind: job.kind, ...told, ...seen(made, missing) }
}

/** Parts of a message that are plain words. Layout, links and switches are the journey's. */
const SAYABLE = ['subject', 'body', 'text', 'preheader'] as const

const sayable = (config: JsonObject): { [field: string]: string } =>
  Object.fromEntries(
    SAYABLE.flatMap((field) => {
      const value = config[field]
      return typeof value === 'string' ? [[field, value]] : []
    }),
  )
