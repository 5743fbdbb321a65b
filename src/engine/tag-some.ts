import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { lockClients } from '../store/clients.ts'
import { clientLines } from '../store/find-clients.ts'
import { changeTraitsIn } from './change-client.ts'
import type { Engine } from './engine.ts'

/** A tag on many couples, or off them. Who has it already, or never had it, is told and not touched. */
export async function tagSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  job: string,
  { tag, on }: { readonly tag: string; readonly on: boolean },
  clients: readonly ClientId[],
): Promise<{ results: JobResult[]; wake: RunId[] }> {
  if (clients.length === 0) return { results: [], wake: [] }
  await lockClients(sql, vendor, clients)
  const lines = new Map((await clientLines(sql, vendor, clients)).map((one) => [one.client_id, one]))
  const wake: RunId[] = []
  const results: JobResult[] = []
  for (const of of clients) {
    const before = lines.get(of)
    if (!before) results.push({ of, is: 'refused', why: 'This couple is not known here.' })
    else if (before.tags.includes(tag) === on)
      results.push({
        of,
        is: 'refused',
        why: on ? 'They have this tag already.' : 'They do not have this tag.',
      })
    else {
      const tags = on ? [...before.tags, tag] : before.tags.filter((one) => one !== tag)
      const source = { source: 'job:tag', key: `${job}:${of}` }
      const { touched } = await changeTraitsIn(engine, sql, vendor, of, before, { tags }, source)
      wake.push(...touched)
      results.push({ of, is: 'done', undo: tag })
    }
  }
  return { results, wake }
}
