import { type Metrics, makeMetrics } from './api/metrics.ts'
import { keepBackups } from './backup-keeper.ts'
import type { Config } from './config.ts'
import { renewZoneDataSoon } from './engine/zone-data.ts'
import { type House, openHouse } from './main.ts'
import { operate } from './operate.ts'
import type { Clock, Log } from './ports.ts'
import { type Following, followLoad } from './queue/following.ts'
import { threadHeartbeat } from './queue/heartbeat.ts'
import { keepLogs } from './queue/log-keeper.ts'
import { keepPace } from './queue/pace.ts'
import { reportToSupervisor } from './queue/report.ts'
import { type Supervisor, superviseWorkers } from './queue/supervisor.ts'
import { startWorker, type Worker } from './queue/worker.ts'

/** A running house: web server and worker by the role of this process, drained in order when it is told to stop. */
export type Serving = {
  readonly house: House
  readonly address: string
  /** On an installation where nobody can sign in yet: the link by which its owner comes in, once. */
  readonly ownerLink: string | null
  drain(): Promise<void>
}

/** Without the app the mailbox is the start page. */
const NO_APP = Promise.resolve(null)
/** A worker that has claimed or swept nothing for this long is not healthy, however alive its process is. */
const PROGRESS_WITHIN_MS = 15_000

/** `built` says, once it is known, in which folder the built web app lies. */
export async function serve(
  config: Config,
  log: Log,
  options: {
    readonly webhooksToLoopback?: boolean
    readonly built?: Promise<string | null>
    readonly clock?: (real: Clock) => Clock
  } = {},
): Promise<Serving> {
  const metrics = makeMetrics()
  // A worker process beside a program with the embedded database is its guest.
  const join = config.role === 'worker' && config.databaseUrl === null
  const house = await openHouse(config, log, { ...options, observe: metrics.observeTransaction, join })
  const closers: (() => Promise<void>)[] = [() => house.close()]
  const drain = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    if (!house.joined) {
      const { clock } = house.engine
      const keeper = keepLogs(house.target('wed_migrate'), { clock, log, keepDays: config.logKeepDays })
      closers.push(() => keeper.stop())
      if (config.backups) {
        const backups = keepBackups(house, config.backups)
        closers.push(() => backups.stop())
      }
    }
    let perSecond: () => number | null = () => null
    const operating = operate(house, log)
    closers.push(async () => operating.close())
    metrics.watchOperating(operating.read)
    const worker = config.role === 'api' ? null : beginWork(config, house)
    if (worker) {
      metrics.watchWorker(() => worker.stats)
      const own = keepPace()
      perSecond = own.perSecond
      const endReports = reportToSupervisor(worker, own)
      closers.push(async () => {
        await worker.drain()
        endReports()
      })
    }
    if (config.workers > 0 && config.role !== 'worker') {
      const supervisor = superviseWorkers({ entry: ENTRY, args: ['worker'], env: process.env, log })
      closers.push(() => supervisor.stop())
      const following = await keepWorkers(config, house, supervisor, metrics, closers)
      if (following) perSecond = () => following.perSecond
    }
    let ownerLink: string | null = null
    if (config.role !== 'worker') {
      // Half of all modules there are stand behind this line, and a worker needs none of them.
      const { openWeb } = await import('./open-web.ts')
      const web = await openWeb(
        config,
        house,
        {
          progress: () => (worker ? progressOf(worker, house) : null),
          metrics: metrics.text,
          operating: operating.read,
          perSecond,
        },
        options.built ?? NO_APP,
      )
      closers.push(() => web.close())
      ownerLink = web.ownerLink
    }
    return { house, address: config.url, ownerLink, drain }
  } catch (error) {
    await drain()
    throw error
  }
}

/** The command line's entry, which children start as `worker`. */
const ENTRY = new URL('./cli/main.ts', import.meta.url)

/** As many as configured, or as many as the load asks for between two bounds. */
async function keepWorkers(
  config: Config,
  { engine: { db, clock, log } }: House,
  supervisor: Supervisor,
  metrics: Metrics,
  closers: (() => Promise<void>)[],
): Promise<Following | null> {
  const { workers: min, workersMax: max } = config
  let wanted = min
  metrics.watchWorkers(() => ({
    wanted,
    running: supervisor.running,
    restarts: supervisor.restarts,
    busyShare: supervisor.busyShare(),
    cores: supervisor.reports().reduce((sum, one) => sum + one.cores, 0),
  }))
  if (max <= min) {
    await supervisor.scale(min)
    return null
  }
  const following = followLoad({
    db,
    clock,
    log,
    supervisor,
    min,
    max,
    decided(decision) {
      wanted = decision.to
      metrics.decided(decision)
    },
  })
  closers.push(() => following.stop())
  return following
}

function beginWork(config: Config, house: House): Worker {
  renewZoneDataSoon(house.engine)
  const alone = config.role === 'all' && house.embedded !== null && config.workers === 0
  return startWorker(house.engine, {
    shards: alone ? 'all' : 'shared',
    heartbeat: threadHeartbeat(house.engine, house.target('wed_app')),
  })
}

function progressOf(worker: Worker, house: House): { ok: boolean; detail: string } {
  const silentMs = house.engine.clock.now() - worker.stats.sweptAt
  return {
    ok: silentMs <= PROGRESS_WITHIN_MS,
    detail: `swept ${Math.max(0, Math.round(silentMs / 1000))} s ago, ${worker.stats.turns} turns, ${worker.stats.sends} sends`,
  }
}
