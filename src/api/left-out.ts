import { LEFT_OUT_DAYS } from '../contract/messages.ts'
import type { VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import type { Decision } from '../core/run/decision.ts'
import { sentenceOf } from '../core/run/sentences.ts'
import { titleOf } from '../core/run/step-title.ts'
import { DAY_MS, type Instant, isoOf, plusMs } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import type { Engine } from '../engine/engine.ts'
import { firstNamesOf, namedClientsIn, namesOf } from '../engine/find-clients.ts'
import { homeZone } from '../engine/vendor-views.ts'
import type { Sql } from '../ports.ts'
import { type BeforeLeftOut, type LeftOutFilter, pageOfLeftOut } from '../store/left-out.ts'

/** Lines of the log that one page is made of: some tell of steps that are no messages. */
const LINES_MAX = 400

type Wanted = LeftOutFilter & {
  /** `email@1`, or `email`. */
  readonly kind: string | null
  /** `journey/node`; null: any message. */
  readonly steps: readonly string[] | null
}

/** Messages that were never begun, as the log tells why. `last`: behind what the next page begins. */
export async function leftOut(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  wanted: Wanted,
  now: Instant,
  before: BeforeLeftOut | null,
  max: number,
) {
  const since = plusMs(now, -LEFT_OUT_DAYS * DAY_MS)
  const lines = await pageOfLeftOut(sql, vendor, wanted, since, before, LINES_MAX)
  const graphs = await Promise.all(
    lines.map((line) => engine.graphs.find(sql, vendor, line.journey_id, line.version)),
  )
  const messages = lines.flatMap((line, index) => {
    const decision = JSON.parse(line.decision) as Decision
    const node = decision.node === undefined ? undefined : graphs[index]?.node(decision.node)
    if (node?.kind !== 'module') return []
    const kind = moduleKey(node.type, node.version)
    const isMeant =
      (wanted.steps === null || wanted.steps.includes(`${line.journey_id}/${node.id}`)) &&
      (wanted.kind === null || wanted.kind === kind || wanted.kind === node.type)
    return isMeant ? [{ line, decision, node, kind }] : []
  })
  const page = messages.slice(0, max)
  const clients = await namedClientsIn(engine, sql, vendor, [
    ...new Set(page.map(({ line }) => line.client_id)),
  ])
  const coupleOf = new Map(clients.map((one) => [one.client_id, one]))
  const home = await homeZone(engine, sql, vendor)
  const items = page.map(({ line, decision, node, kind }) => {
    const couple = coupleOf.get(line.client_id)
    const zone = line.wedding_zone ?? home
    return {
      run: line.run_id as string,
      client: line.client_id as string,
      names: couple ? namesOf(couple) : 'erased',
      journey: line.journey_name,
      node: node.id as string,
      name: titleOf(node),
      kind,
      zone,
      at: isoOf(line.at),
      code: decision.code,
      sentence: sentenceOf(decision, { zone: zone as Zone, now, names: firstNamesOf(couple) }),
    }
  })
  const isCut = messages.length > max
  const last = isCut ? page.at(-1)!.line : lines.length === LINES_MAX ? lines.at(-1)! : null
  return { items, last }
}
