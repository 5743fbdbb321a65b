import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { type MovePreview, previewMove } from '../core/run/preview-move.ts'
import type { Zone } from '../core/time/local.ts'
import { bumpVendor, lockWeddings, readWeddings, saveWeddings } from '../store/clients.ts'
import { liveRunsOfWeddings, readRuns } from '../store/runs.ts'
import { applyChange, type DetailsChange, movesWork, mustHaveBelievableDates } from './change-details.ts'
import type { Engine } from './engine.ts'
import { loadRuns } from './turns.ts'
import { homeZone } from './vendor-views.ts'

/**
 * What a change of a wedding's details would do to each run that hangs on it, told step by step with what a person
 * could choose: the views are read as they would be after it, and the change is taken back.
 */
export type RunPreview = {
  readonly run: RunId
  readonly client: ClientId
  readonly journey: string
  readonly zone: Zone
  readonly zoneAfter: Zone
  readonly preview: MovePreview
}

class OnlyLooking extends Error {}

export async function previewRuns(
  engine: Engine,
  vendor: VendorId,
  change: DetailsChange,
): Promise<{ zone: Zone; zoneAfter: Zone; runs: RunPreview[] }> {
  let told: { zone: Zone; zoneAfter: Zone; runs: RunPreview[] } | null = null
  await engine.db
    .tx('details.preview_runs', { vendors: [vendor] }, async (sql) => {
      const now = engine.clock.now()
      mustHaveBelievableDates(now, change)
      const [row] = await readWeddings(sql, vendor, [change.wedding])
      if (!row) throw new Refusal('not_found', 'There is no wedding here with this id.')
      const refs = await liveRunsOfWeddings(sql, vendor, [change.wedding])
      const rows = await readRuns(sql, refs)
      const before = await loadRuns(engine, sql, now, rows)
      await lockWeddings(sql, vendor, [change.wedding])
      const changed = applyChange(row, change)
      await saveWeddings(sql, vendor, [changed])
      if (movesWork(row, changed)) await bumpVendor(sql, vendor)
      const after = new Map((await loadRuns(engine, sql, now, rows)).map((one) => [one.run.id, one]))
      const home = await homeZone(engine, sql, vendor)
      const zone = (row.zone ?? home) as Zone
      const zoneAfter = (change.zone ?? row.zone ?? home) as Zone
      told = {
        zone,
        zoneAfter,
        runs: before.map((one) => ({
          run: one.run.id,
          client: one.run.client,
          journey: one.graph.journey.name,
          zone,
          zoneAfter,
          preview: previewMove(one.graph, one.run, one.view, after.get(one.run.id)!.view, now, {
            assume: { is: 'silent' },
            choices: change.choices instanceof Map ? (change.choices.get(one.run.id) ?? {}) : {},
          }),
        })),
      }
      throw new OnlyLooking()
    })
    .catch((error: unknown) => {
      if (!(error instanceof OnlyLooking)) throw error
    })
  return told!
}
