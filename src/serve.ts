import { hostname } from 'node:os'
import type { Server } from 'node:http'
import { serve as listen } from '@hono/node-server'
import { app } from './api/app.ts'
import { makeMetrics } from './api/metrics.ts'
import type { Config } from './config.ts'
import { Refusal } from './core/refusal.ts'
import { type House, openHouse } from './main.ts'
import type { Log } from './ports.ts'
import { startWorker, type Worker } from './queue/worker.ts'

/** A running house: web server and worker by the role of this process, drained in order when it is told to stop. */
export type Serving = { readonly house: House; readonly address: string; drain(): Promise<void> }

const VERSION = '0.1.0'
/** A worker that has claimed or swept nothing for this long is not healthy, however alive its process is. */
const PROGRESS_WITHIN_MS = 15_000

export async function serve(config: Config, log: Log): Promise<Serving> {
  const metrics = makeMetrics()
  const house = await openHouse(config, log, { observe: metrics.observeTransaction })
  let worker: Worker | null = null
  try {
    if (config.role !== 'api') {
      worker = startWorker(house.engine, {
        shards: config.role === 'all' && house.embedded ? 'all' : 'shared',
        pid: process.pid,
        host: hostname(),
      })
      const running = worker
      metrics.watchWorker(() => running.stats)
    }
    const web = config.role === 'worker' ? null : await openWeb(config, house, worker, metrics.text)
    return {
      house,
      address: config.url,
      async drain() {
        // Nothing new comes in, what is in hand is finished, then the lines are closed.
        await web?.close()
        await worker?.drain()
        await house.close()
      },
    }
  } catch (error) {
    await worker?.drain()
    await house.close()
    throw error
  }
}

async function openWeb(
  config: Config,
  house: House,
  worker: Worker | null,
  metrics: () => Promise<string>,
): Promise<{ close(): Promise<void> }> {
  const front = app(house.engine, {
    installation: house.installation.installation_id,
    sending: house.sending,
    version: VERSION,
    database: house.embedded ? `Embedded PostgreSQL ${house.embedded.version}` : 'Your own PostgreSQL',
    progress: () => (worker ? progressOf(worker, house) : null),
    metrics,
  })
  const server = await new Promise<Server>((resolve, reject) => {
    const opened = listen({ fetch: front.fetch, port: config.port, hostname: config.host }, () =>
      resolve(opened),
    ) as Server
    opened.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Refusal(
              'setup',
              `Port ${config.port} on ${config.host} is taken. Stop what listens there, or set PORT to another.`,
            )
          : error,
      ),
    )
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function progressOf(worker: Worker, house: House): { ok: boolean; detail: string } {
  const silentMs = house.engine.clock.now() - worker.stats.sweptAt
  return {
    ok: silentMs <= PROGRESS_WITHIN_MS,
    detail: `swept ${Math.max(0, Math.round(silentMs / 1000))} s ago, ${worker.stats.turns} turns, ${worker.stats.sends} sends`,
  }
}
