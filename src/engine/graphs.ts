import type { VendorId } from '../core/ids.ts'
import {
  type Graph,
  graphOf,
  type Journey,
  journeySchema,
  NotKnownHere,
  type Registry,
} from '../core/journey/graph.ts'
import type { Sql, Vault } from '../ports.ts'
import type { RunRow } from '../store/runs.ts'
import { readVersion } from '../store/views.ts'
import type { Engine } from './engine.ts'

/** Published versions, opened and made ready to run. They never change (I7), so they may be kept; the oldest used go. */
export type Graphs = {
  find(sql: Sql, vendor: VendorId, journey: string, version: number): Promise<Graph>
}

const GRAPHS_KEPT_MAX = 2_000

export function keepGraphs(vault: Vault, registry: Registry): Graphs {
  const kept = new Map<string, Graph>()
  return {
    async find(sql, vendor, journey, version) {
      const key = `${vendor}|${journey}|${version}`
      const known = kept.get(key)
      if (known) return known
      const row = await readVersion(sql, vendor, journey, version)
      if (!row) throw new Error(`version ${version} of journey ${journey} is missing`)
      const graph = graphOf(await openDocument(vault, vendor, journey, version, row.document), registry)
      if (kept.size >= GRAPHS_KEPT_MAX) kept.delete(kept.keys().next().value as string)
      kept.set(key, graph)
      return graph
    },
  }
}

const placeOf = (vendor: VendorId, journey: string, version: number) =>
  ({
    vendor,
    subject: null,
    table: 'journey_version',
    row: `${journey}/${version}`,
    column: 'document',
  }) as const

/** Those of these runs whose every step this process knows. The others are a newer release's: they are left as they are. */
export async function knownHere<Row extends Pick<RunRow, 'vendor_id' | 'journey_id' | 'version'>>(
  engine: Pick<Engine, 'graphs' | 'log'>,
  sql: Sql,
  rows: readonly Row[],
): Promise<Row[]> {
  const found = await Promise.allSettled(
    rows.map((row) => engine.graphs.find(sql, row.vendor_id, row.journey_id, row.version)),
  )
  return rows.filter((row, at) => {
    const one = found[at]!
    if (one.status === 'fulfilled') return true
    if (!(one.reason instanceof NotKnownHere)) throw one.reason
    tellOnce(engine, `${row.journey_id}|${row.version}`, one.reason)
    return false
  })
}

const told = new WeakMap<Graphs, Set<string>>()
function tellOnce({ graphs, log }: Pick<Engine, 'graphs' | 'log'>, version: string, why: NotKnownHere): void {
  const known = told.get(graphs) ?? new Set()
  told.set(graphs, known)
  if (known.has(version) || known.size >= GRAPHS_KEPT_MAX) return
  known.add(version)
  log.warn('a journey asks for what only a newer release knows; it is left to one', { why: why.message })
}

export async function openDocument(
  vault: Vault,
  vendor: VendorId,
  journey: string,
  version: number,
  sealed: Uint8Array,
): Promise<Journey> {
  const plain = await vault.open(placeOf(vendor, journey, version), sealed)
  const read = journeySchema.safeParse(JSON.parse(new TextDecoder().decode(plain)))
  // What was published was sound to whoever published it.
  if (!read.success) throw new NotKnownHere(`version ${version} of journey ${journey} cannot be read here`)
  return read.data
}

export async function sealDocument(
  vault: Vault,
  vendor: VendorId,
  journey: string,
  version: number,
  document: Journey,
): Promise<Uint8Array> {
  return vault.seal(placeOf(vendor, journey, version), new TextEncoder().encode(JSON.stringify(document)))
}
