import { randomBytes } from 'node:crypto'
import { readConfig } from '../../src/config.ts'
import type { VendorId } from '../../src/core/ids.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { type House, openHouse } from '../../src/main.ts'
import type { Bus, Log } from '../../src/ports.ts'
import type { World } from '../harness/system.ts'

/** The house as it is delivered, over the measurement's own database, with one vendor in it. */
export type Bench = { readonly house: House; readonly engine: Engine; readonly vendor: VendorId }

/** What must not go unseen in a measurement; the rest of the log would be its noise. */
export const quiet: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, details) => console.error(message, details),
}

/** Where the time of transactions goes, by their names; printed by `bench/profile.ts`. */
export const transactions = new Map<string, { count: number; ms: number }>()
function note(name: string, ms: number): void {
  const known = transactions.get(name) ?? { count: 0, ms: 0 }
  transactions.set(name, { count: known.count + 1, ms: known.ms + ms })
}

export type Opening = {
  readonly bus?: Bus
  readonly env?: Readonly<Record<string, string>>
  readonly observe?: (name: string, ms: number, failed: boolean) => void
}

export function openOn(world: World, { bus, env = {}, observe }: Opening = {}): Promise<House> {
  const config = readConfig({
    DATABASE_URL: world.databaseUrl,
    WEDSYNC_KEY: randomBytes(32).fill(9).toString('base64'),
    WEDSYNC_DATA: world.scratch,
    ...env,
  })
  return openHouse(config, quiet, {
    ...(bus ? { bus } : {}),
    observe: (name, ms, failed) => {
      note(name, ms)
      observe?.(name, ms, failed)
    },
  })
}

export async function openBench(world: World, opening: Opening = {}): Promise<Bench> {
  const house = await openOn(world, opening)
  world.later(() => house.close())
  return { house, engine: house.engine, vendor: await anotherVendor(house.engine) }
}

export const anotherVendor = (engine: Engine): Promise<VendorId> =>
  addVendor(engine, {
    name: 'Lumen Photography',
    type: 'photographer',
    zone: 'Europe/London',
    region: 'GB',
    rules: {},
  })
