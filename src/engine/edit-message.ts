import type { JsonObject, NodeId, RunId, VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { type EditRef, insertEdit } from '../store/message-edits.ts'
import { readRuns } from '../store/runs.ts'
import { commandIn } from './control.ts'
import type { Engine } from './engine.ts'
import { editPlace } from './message-edits.ts'
import { loadRuns } from './turns.ts'
import { sealJson } from './views.ts'

/** Changes the words of a message that has not gone; gives the command by which it can be taken back. */
export async function editIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  node: string,
  words: JsonObject,
  by: string,
): Promise<string> {
  const now = engine.clock.now()
  const [loaded] = await loadRuns(engine, sql, now, await readRuns(sql, [{ vendor, run }]))
  const step = loaded?.graph.node(node as NodeId)
  if (!loaded || step?.kind !== 'module') throw new Refusal('not_found', 'There is no such message here.')
  refuseUnlessWellSaid(engine, step, { ...step.config, ...words })
  const ref: EditRef = { vendor, client: loaded.run.client, edit: engine.rng.uuid7(now) }
  const sealed = await sealJson(engine.vault, editPlace(ref), words)
  await insertEdit(sql, { ...ref, run, node, sealed, by, at: now })
  const [answer] = await commandIn(
    engine,
    sql,
    vendor,
    [run],
    { do: 'edit', node: node as NodeId, edit: ref.edit },
    by,
  )
  if (answer?.is !== 'obeyed')
    throw new Refusal('command_impossible', answer?.why ?? 'This message cannot be edited any more.')
  return answer.command
}

/** The words are held to the rules of the step they stand in. */
export function refuseUnlessWellSaid(
  engine: Engine,
  step: { readonly type: string; readonly version: number },
  config: JsonObject,
): void {
  const type = engine.registry.modules.get(moduleKey(step.type, step.version))
  if (!type) throw new Error(`module type ${step.type} is not registered`)
  const shaped = type.config.safeParse(config)
  const problems = shaped.success
    ? (type.check?.(config, { fields: [] }) ?? []).map(({ path, message }) => ({ path, message }))
    : shaped.error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, message }))
  if (problems.length > 0)
    throw new Refusal('invalid', problems.map(({ message }) => message).join(' '), {
      problems: problems.length,
    })
}
