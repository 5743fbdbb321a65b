import { Hono } from 'hono'
import type { Engine } from '../../engine/engine.ts'
import { zoneDataOf } from '../../engine/zone-data.ts'
import { type Operating, operatingParts } from '../operating.ts'

/**
 * Liveness asks nobody: a process that answers is alive, and restarting it would not mend a database. Readiness
 * asks every dependency and says how long each took. Health is progress made, not a process that is up (I12).
 */
export type HealthParts = {
  readonly installation: string
  readonly sending: boolean
  readonly version: string
  readonly database: string
  /** Whether the worker in this process, if there is one, has made progress lately. */
  readonly progress: () => { readonly ok: boolean; readonly detail: string } | null
  /** What is told beside it; it decides nothing about being ready. */
  readonly operating?: () => Promise<Operating>
}

const READY_WITHIN_MS = 2_000

export function health(engine: Engine, parts: HealthParts): Hono {
  return new Hono()
    .get('/live', (c) => c.json({ status: 'live' }))
    .get('/ready', async (c) => {
      const [database, beside] = await Promise.all([
        timed(() => engine.db.tx('health', 'platform', (sql) => sql`select 1 as one`)),
        besides(parts),
      ])
      const zones = database.ok ? await zoneDataOf(engine).catch(() => null) : null
      const progress = parts.progress()
      const ok = database.ok && (progress?.ok ?? true) && engine.clock.uncertaintyMs() <= 250
      return c.json(
        {
          status: ok ? 'ready' : 'not ready',
          installation: parts.installation,
          sending: parts.sending,
          parts: {
            database,
            clock: {
              ok: engine.clock.uncertaintyMs() <= 250,
              uncertaintyMs: Math.round(engine.clock.uncertaintyMs()),
            },
            ...(zones ? { zoneData: { ok: zones.is !== 'older', ...zones } } : {}),
            ...(progress ? { worker: progress } : {}),
            ...beside,
          },
        },
        ok ? 200 : 503,
      )
    })
}

async function besides({ operating }: HealthParts): Promise<Partial<ReturnType<typeof operatingParts>>> {
  if (!operating) return {}
  try {
    return operatingParts(await soon(operating()))
  } catch {
    // The database says its own trouble.
    return {}
  }
}

function soon<Value>(work: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`no answer in ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS).unref(),
  )
  return Promise.race([work, late])
}

async function timed(work: () => Promise<unknown>): Promise<{ ok: boolean; ms: number; error?: string }> {
  const startedAt = performance.now()
  try {
    await soon(work())
    return { ok: true, ms: Math.round((performance.now() - startedAt) * 10) / 10 }
  } catch (error) {
    return {
      ok: false,
      ms: Math.round(performance.now() - startedAt),
      error: error instanceof Error ? error.message : 'failed',
    }
  }
}
