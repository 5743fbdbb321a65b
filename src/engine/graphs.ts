import type { VendorId } from '../core/ids.ts'
import { type Graph, graphOf, type Journey, journeySchema, type Registry } from '../core/journey/graph.ts'
import type { Sql, Vault } from '../ports.ts'
import { readVersion } from '../store/views.ts'

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

export async function openDocument(
  vault: Vault,
  vendor: VendorId,
  journey: string,
  version: number,
  sealed: Uint8Array,
): Promise<Journey> {
  const plain = await vault.open(placeOf(vendor, journey, version), sealed)
  return journeySchema.parse(JSON.parse(new TextDecoder().decode(plain)))
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
