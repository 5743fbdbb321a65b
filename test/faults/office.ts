import { randomBytes } from 'node:crypto'
import type { ClientId, VendorId, WeddingId } from '../../src/core/ids.ts'
import { type Instant, plusMs } from '../../src/core/time/instant.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { addApiKey } from '../../src/engine/api-keys.ts'
import { changeDetails } from '../../src/engine/change-details.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { type Engine, SETTINGS } from '../../src/engine/engine.ts'
import { keepGraphs } from '../../src/engine/graphs.ts'
import { publish } from '../../src/engine/publish.ts'
import type { Senders } from '../../src/engine/senders.ts'
import { keepVendorViews } from '../../src/engine/vendor-views.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { definitions } from '../../src/modules/definitions.ts'
import { registryOf } from '../../src/modules/registry.ts'
import type { Log } from '../../src/ports.ts'
import type { Target } from '../../src/postgres/client.ts'
import { startClock } from '../../src/postgres/clock.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { systemRng } from '../../src/postgres/rng.ts'
import { inProcessDoorbell } from '../../src/queue/in-process.ts'
import { databaseKeyStore } from '../../src/store/keys.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'
import type { MasterKey } from '../../src/vault/master-key.ts'
import { createVault } from '../../src/vault/vault.ts'
import { calledOn, inquiry, welcome } from './journeys.ts'

/**
 * The vendor's own hands: an engine beside the town's, on the same database, that adds couples and publishes. It
 * sends nothing and takes no turns.
 */
export type Office = {
  readonly vendor: VendorId
  readonly apiKey: string
  /** Adds a couple whose waits end so many seconds from now. The same key again gives the same couple. */
  addCouple(key: string, wedding: boolean, soonMs: number, laterMs: number): Promise<Added>
  /** The wedding moves by weeks and the couple's later moment to another. Returns when the move is committed. */
  move(wedding: WeddingId, later: Instant): Promise<void>
  now(): Instant
  close(): Promise<void>
}

export type Added = {
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly later: Instant
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const nobody = (): never => {
  throw new Error('The office sends nothing.')
}
const noSenders: Senders = { prepare: nobody, send: nobody, provider: nobody }
const CLOCK_READY_MS = 10_000

export async function openOffice(
  target: Target,
  master: MasterKey,
  hookUrl: string | null = null,
): Promise<Office> {
  const clock = startClock(target, silent)
  await clock.ready(CLOCK_READY_MS)
  const db = openDb(target, { log: silent, name: 'storm office' })
  const keyDb = openDb(target, { log: silent, name: 'storm office keys', connectionsMax: 3 })
  const rng = systemRng()
  const vault = createVault({ store: databaseKeyStore(keyDb), masters: [master] })
  const registry = registryOf(definitions, triggerTypes)
  const engine: Engine = {
    db,
    clock,
    rng,
    vault,
    registry,
    log: silent,
    doorbell: inProcessDoorbell(),
    bus: { publish: () => undefined },
    senders: noSenders,
    graphs: keepGraphs(vault, registry),
    vendorViews: keepVendorViews(),
    settings: { ...SETTINGS, workerId: rng.uuid7(clock.now()) },
  }
  const vendor = await addVendor(engine, {
    name: 'Storm Photography',
    type: 'photographer',
    zone: 'Europe/London',
    region: 'GB',
  })
  const apiKey = await addApiKey(engine, vendor, 'storm', ['events:write'], randomBytes(24))
  await publish(engine, vendor, { key: 'welcome', document: welcome, by: 'storm' })
  await publish(engine, vendor, { key: 'inquiry', document: inquiry, by: 'storm' })
  if (hookUrl !== null)
    await publish(engine, vendor, { key: 'called-on', document: calledOn(hookUrl), by: 'storm' })

  return {
    vendor,
    apiKey,
    async addCouple(key, wedding, soonMs, laterMs) {
      const now = clock.now()
      const moment = (ms: number) => ({ is: 'moment', at: plusMs(now, Math.round(ms)) }) as const
      const moments = { 'custom:soon': moment(soonMs), 'custom:later': moment(laterMs) }
      // With a wedding the moments are its own, and move with it; without, the couple's.
      const dates = wedding
        ? { wedding: { on: dayAfter(now, 1), zone: 'Europe/London', anchors: moments } }
        : { anchors: moments }
      const added = await addCouple(
        engine,
        vendor,
        {
          people: [{ ref: 'partner_a', name: 'Anna Ashworth', email: `${key}@couple.test` }],
          ...dates,
        },
        { source: 'storm', key },
      )
      return { client: added.client, wedding: added.wedding, later: moments['custom:later'].at }
    },
    async move(wedding, later) {
      const day = { is: 'day', on: dayAfter(clock.now(), WEEKS_LATER_DAYS) as LocalDate } as const
      const anchors = { wedding: day, 'custom:later': { is: 'moment', at: later } as const }
      await changeDetails(engine, vendor, [{ wedding, anchors }], 'storm')
    },
    now: () => clock.now(),
    async close() {
      await Promise.all([clock.close(), db.close(), keyDb.close()])
    },
  }
}

const WEEKS_LATER_DAYS = 40
const dayAfter = (now: Instant, days: number): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10)
