import type { ClientId, Json, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { type ChangedClient, changeClients, lockFields } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { tellTraits } from './tell-traits.ts'
import type { Taken } from './turns.ts'
import { openFields, sealFields } from './views.ts'

/** Changes the couples of a batch as its turns say, and tells their journeys; gives the runs that have work by it. */
export async function changeCouples(
  engine: Engine,
  sql: Sql,
  now: Instant,
  won: readonly Taken[],
): Promise<readonly RunId[]> {
  const woken: RunId[] = []
  let left = won.filter(changesCouple)
  while (left.length > 0) {
    // Of each couple one turn at a time, so that the next finds what the one before has changed and begun.
    const first = new Map(left.toReversed().map((taken) => [taken.after.client, taken]))
    const round = left.filter((taken) => first.get(taken.after.client) === taken)
    left = left.filter((taken) => first.get(taken.after.client) !== taken)
    const changes: ChangedClient[] = []
    for (const taken of round) changes.push(await changeBy(engine, sql, taken))
    const changed = await changeClients(sql, changes)
    const news = round.flatMap(({ after }) => {
      const one = changed.get(after.client)
      return one ? [{ by: after, ...one }] : []
    })
    woken.push(...(await tellTraits(engine, sql, now, news)))
  }
  return woken
}

const CHANGES: ReadonlySet<string> = new Set(['set_stage', 'add_tag', 'remove_tag', 'set_field'])
const STEERS: ReadonlySet<string> = new Set([
  'start_journey',
  'stop_journey',
  'hold_journeys',
  'release_journeys',
])
const changesCouple = ({ effects }: Taken): boolean => effects.some((effect) => CHANGES.has(effect.do))

/** Whoever changes a couple or steers their other journeys will want runs that are not in its batch. */
export const reachesCouple = ({ effects }: Taken): boolean =>
  effects.some((effect) => CHANGES.has(effect.do) || STEERS.has(effect.do))

async function changeBy(engine: Engine, sql: Sql, { after, effects }: Taken): Promise<ChangedClient> {
  const { vendor, client } = after
  let stage: string | null = null
  const fields: { [field: string]: Json } = {}
  const tags = new Map<string, boolean>()
  for (const effect of effects) {
    if (effect.do === 'set_stage') stage = effect.stage
    if (effect.do === 'add_tag') tags.set(effect.tag, true)
    if (effect.do === 'remove_tag') tags.set(effect.tag, false)
    if (effect.do === 'set_field') fields[effect.field] = effect.value
  }
  const tagged = (added: boolean): string[] =>
    [...tags].filter(([, one]) => one === added).map(([tag]) => tag)
  return {
    vendor,
    client,
    stage,
    add: tagged(true),
    remove: tagged(false),
    fields: Object.keys(fields).length > 0 ? await withFields(engine, sql, vendor, client, fields) : null,
  }
}

/** A turn may have been thought without the other fields, or while another journey set one of them: none is lost. */
async function withFields(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  set: { readonly [field: string]: Json },
): Promise<Uint8Array> {
  const sealed = await lockFields(sql, vendor, client)
  const before = sealed === null ? {} : await openFields(engine.vault, vendor, client, sealed)
  return sealFields(engine.vault, vendor, client, { ...before, ...set })
}
