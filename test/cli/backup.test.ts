import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VendorId } from '../../src/core/ids.ts'
import { journeySchema } from '../../src/core/journey/graph.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { instant } from '../../src/core/time/instant.ts'
import { type BackupTold, backup } from '../../src/engine/backup.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { findClient, namesOf } from '../../src/engine/find-clients.ts'
import { publish } from '../../src/engine/publish.ts'
import { type RestoreTold, restore, verifyBackup } from '../../src/engine/restore.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { type House, openHouse } from '../../src/main.ts'
import { openSession } from '../../src/postgres/client.ts'
import { type EmbeddedPostgres, startEmbedded } from '../../src/postgres/cluster.ts'
import { openCopySession } from '../../src/postgres/copy.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { MIGRATIONS } from '../../src/reach.ts'
import { placeOf } from '../../src/store/backup-tables.ts'
import { bootProblems } from '../../src/store/boot-check.ts'
import { allVendors } from '../../src/store/journeys.ts'
import { readMigrations } from '../../src/store/migrate.ts'
import { masterKeyOf } from '../../src/vault/master-key.ts'
import { collect, headcount, inPieces, type Place, place, silent } from './place.ts'

/** A real installation under load, backed up while it goes on, and restored into another real server. */
let here: Place
let house: House
let bytes: Buffer
let told: BackupTold
let fence: number
const servers: EmbeddedPostgres[] = []

beforeAll(async () => {
  here = place()
  house = await openHouse(here.config, silent)
  const { engine } = house
  const vendor = await addVendor(engine, {
    name: 'Lumen',
    type: 'photographer',
    zone: 'Europe/London',
    region: 'GB',
  })
  await publish(engine, vendor, { key: 'headcount', document: journeySchema.parse(headcount), by: 'test' })
  const worker = startWorker(engine, { shards: 'all' })
  let going = true
  const load = Promise.all(Array.from({ length: 4 }, (_, hand) => addUntil(vendor, hand, () => going)))
  await until(async () => (await numberOf('client')) > 80)
  await leaveOneInTheMiddle(vendor)
  const session = await openCopySession(house.target('wed_backup'))
  const before = await numberOf('client')
  bytes = await collect(backup(session, factsOf(house), (all) => (told = all)))
  await session.close()
  await until(async () => (await numberOf('client')) > before)
  going = false
  await load
  await worker.drain()
  fence = await numberIn(house.target('wed_backup'), 'select coalesce(max(fence), 0) as n from app.effect')
}, 120_000)

afterAll(async () => {
  for (const server of servers) await server.stop()
  await house?.close()
  here?.remove()
})

const factsOf = ({ key, engine, installation }: House) => ({
  key,
  now: engine.clock.now(),
  program: 'test',
  zoneData: installation.zone_data,
  salt: new Uint8Array(32).fill(1),
})

async function addUntil(vendor: VendorId, hand: number, going: () => boolean): Promise<void> {
  for (let number = 0; going(); number += 1)
    await addCouple(
      house.engine,
      vendor,
      {
        people: [
          { ref: 'partner_a', name: `Anna ${hand} ${number}`, email: `anna${hand}-${number}@example.org` },
        ],
        wedding: { on: '2030-06-12', zone: 'Europe/London' },
      },
      { source: 'test', key: `${hand}-${number}` },
    )
}

/** A send that was begun and has no outcome: what a backup taken in that very moment holds. */
async function leaveOneInTheMiddle(vendor: VendorId): Promise<void> {
  await house.engine.db.tx('test.sending', { vendors: [vendor] }, async (sql) => {
    await sql`
      update app.effect set state = 'sending', attempt = attempt + 1, fence = nextval('app.fence'), settled_at = null, due_at = null
       where vendor_id = ${vendor} and effect_id = (select effect_id from app.effect where vendor_id = ${vendor} and state = 'accepted' order by effect_id limit 1)`
  })
}

async function numberIn(target: Parameters<typeof openSession>[0], text: string): Promise<number> {
  const session = await openSession(target)
  try {
    const [row] = await session.query<{ n: number }>(text)
    return row?.n ?? -1
  } finally {
    await session.close()
  }
}
const numberOf = (table: string): Promise<number> =>
  numberIn(house.target('wed_backup'), `select count(*) as n from app.${table}`)
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function emptyServer(name: string): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ data: path.join(here.folder, name), log: silent })
  servers.push(server)
  return server
}

const NOW = (): ReturnType<typeof instant> => instant(Date.now() + 60_000)
async function restoreInto(
  server: EmbeddedPostgres,
  file: Buffer,
  options: { stopped?: boolean; hold?: boolean } = {},
): Promise<RestoreTold> {
  const session = await openCopySession(server.target('wed_migrate'))
  try {
    return await restore(session, () => inPieces(file), {
      key: house.key,
      now: NOW(),
      migrations: await readMigrations(MIGRATIONS),
      uuid: () => crypto.randomUUID(),
      stopped: options.stopped ?? false,
      hold: options.hold ?? false,
    })
  } finally {
    await session.close()
  }
}

test('a backup taken under load is whole and can be proved without a database', async () => {
  const proved = await verifyBackup(inPieces(bytes), house.key)
  expect(proved).toEqual(told)
  expect(told.tables.find((one) => one.name === 'client')?.rows).toBeGreaterThan(80)
  expect(bytes.includes('anna0-1')).toBe(false)
})

describe('restored into an empty installation', () => {
  let server: EmbeddedPostgres
  let restored: RestoreTold
  const count = (text: string): Promise<number> => numberIn(server.target('wed_backup'), text)

  beforeAll(async () => {
    server = await emptyServer('restored')
    restored = await restoreInto(server, bytes)
  }, 60_000)

  test('every row is there, and it is another installation that may send nothing', async () => {
    for (const table of told.tables.filter((one) => one.name !== 'notice' && one.name !== 'run_inbox'))
      expect([table.name, await count(`select count(*) as n from ${placeOf(table.name)}`)]).toEqual([
        table.name,
        table.rows,
      ])
    expect(restored.installation).not.toBe(told.header.installation)
    expect(
      await count(
        `select count(*) as n from app.installation where installation_id = '${restored.installation}' and not sending`,
      ),
    ).toBe(1)
  })

  test('it is a state the system could have been in: letters, logs, events and messages fit together', async () => {
    const wrong = {
      inbox: `select count(*) as n from app.run r where inbox <> (select count(*) from app.run_inbox i where i.vendor_id = r.vendor_id and i.run_id = r.run_id)`,
      log: `select count(*) as n from app.run r where rev < (select max(l.rev) from app.run_log l where l.run_id = r.run_id)`,
      begun: `select count(*) as n from app.run r where not exists (select from app.run_log l where l.run_id = r.run_id and l.rev = 1)`,
      history: `select count(*) as n from app.event e, jsonb_array_elements(e.history -> 'started') s where not exists (select from app.run r where r.run_id = (s ->> 'run')::uuid)`,
      told: `select count(*) as n from app.client c where not exists (select from app.event e where e.vendor_id = c.vendor_id and e.client_id = c.client_id)`,
      acting: `select count(*) as n from app.run r where r.state like '%"is":"acting"%' and not exists (select from app.effect e where e.vendor_id = r.vendor_id and e.run_id = r.run_id)`,
      content: `select count(*) as n from app.effect e where e.state in ('accepted', 'unknown') and e.attempt > 0 and not exists (select from app.effect_content c where c.vendor_id = e.vendor_id and c.effect_id = e.effect_id)`,
    }
    for (const [name, text] of Object.entries(wrong)) expect([name, await count(text)]).toEqual([name, 0])
  })

  test('what was on its way is unknown, and nothing of it is simply sent again', async () => {
    expect(restored.unknown).toBeGreaterThanOrEqual(1)
    expect(
      await count(`select count(*) as n from app.effect where state = 'unknown' and cause = 'restored'`),
    ).toBe(restored.unknown)
    expect(
      await count(
        `select count(*) as n from app.effect where state = 'sending' or (state in ('planned', 'retryable') and due_at is not null)`,
      ),
    ).toBe(0)
    expect(
      await count(
        `select count(*) as n from app.effect where state = 'unknown' and (key_expires_at is null or send_deadline is null or fence is null)`,
      ),
    ).toBe(0)
  })

  test('fences and places in line go on above everything that came in', async () => {
    const session = await openSession(server.target('wed_app'))
    const [row] = await session.query<{ n: number }>(`select nextval('app.fence') as n`)
    await session.close()
    expect(row?.n).toBeGreaterThan(await count('select max(fence) as n from app.effect'))
    expect(fence).toBeGreaterThan(0)
  })

  test('vendors are kept apart again', async () => {
    const session = await openSession(server.target('wed_app'))
    const problems = await bootProblems(session, { embedded: true, judged: 'who logged in' })
    await session.close()
    expect(problems.filter((one) => one.severity === 'refuse')).toEqual([])
  })

  test('it is not restored over what is there', async () => {
    await expect(restoreInto(server, bytes)).rejects.toThrow('There are vendors here already')
  })
})

test('nothing that was cut off or changed is restored, and nothing is changed by trying', async () => {
  const server = await emptyServer('damaged')
  const cuts = [0, 10, 200, Math.floor(bytes.length / 2), bytes.length - 1]
  for (const at of cuts)
    await expect(verifyBackup(inPieces(bytes.subarray(0, at)), house.key)).rejects.toThrow('damaged')
  for (const at of [3, 30, 700, Math.floor(bytes.length / 2), bytes.length - 5]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await expect(restoreInto(server, changed)).rejects.toThrow(Refusal)
  }
  await expect(
    verifyBackup(inPieces(Buffer.concat([bytes, Buffer.from('more')])), house.key),
  ).rejects.toThrow('follows after its end')
  await expect(verifyBackup(inPieces(bytes), masterKeyOf(new Uint8Array(32)))).rejects.toThrow('master key')
  await restoreInto(server, bytes)
})

test('a kill in the middle of a restore leaves an empty installation, into which it can be restored', async () => {
  const server = await emptyServer('killed')
  const file = path.join(here.folder, 'killed.wedbak')
  const keyFile = path.join(here.folder, '.data.wedsync-key')
  writeFileSync(file, bytes)
  const program = path.join(import.meta.dirname, 'restore-program.ts')
  const args = [
    '--disable-warning=ExperimentalWarning',
    program,
    JSON.stringify(server.target('wed_migrate')),
    keyFile,
    file,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  expect(String((await once(child.stdout, 'data'))[0])).toBe('in the middle\n')
  child.kill('SIGKILL')
  await once(child, 'close')

  const restored = await restoreInto(server, bytes, { hold: true })
  expect(restored.rows).toBe(told.rows)
  const session = await openSession(server.target('wed_backup'))
  const [row] = await session.query<{ held: number; living: number }>(
    `select count(*) filter (where inbox > 0)::int as held, count(*)::int as living from app.run where status in ('active', 'waiting')`,
  )
  await session.close()
  expect(row?.held).toBe(row?.living)
  expect(restored.overdue).toBe(row?.living)
}, 60_000)

test('by the command line it becomes an installation that goes on: names open, letters go to the captured mailbox', async () => {
  const file = path.join(here.folder, 'command.wedbak')
  writeFileSync(file, bytes)
  const there = here.beside('continued')
  const said = await there.wedsync('restore', file, '--json')
  expect([said.code, said.json<{ rows: number }>().rows]).toEqual([0, told.rows])
  // It is the next thing one is told to ask.
  const { findings } = (await there.wedsync('doctor', '--json')).json<{
    findings: { about: string; is: string }[]
  }>()
  expect(findings.filter((one) => one.is === 'mend').map((one) => one.about)).toEqual(['backup'])

  const next = await openHouse(there.config, silent)
  const worker = startWorker(next.engine, { shards: 'all' })
  try {
    const [vendor] = await allVendors(next.engine.db)
    const anna = await findClient(next.engine, vendor!.vendor_id, 'anna0-1@example.org')
    expect(namesOf(anna)).toBe('Anna 0 1')
    const zoe = await addCouple(
      next.engine,
      vendor!.vendor_id,
      { people: [{ ref: 'partner_a', name: 'Zoe', email: 'zoe@example.org' }] },
      { source: 'test', key: 'after' },
    )
    const captured = `select count(*) as n from app.captured_message m join app.effect e using (vendor_id, effect_id) where e.client_id = '${zoe.client}'`
    await until(async () => (await numberIn(next.target('wed_backup'), captured)) === 1)
    const twice =
      'select count(*) as n from (select from app.captured_message group by vendor_id, effect_id having count(*) > 1) as t'
    expect(await numberIn(next.target('wed_backup'), twice)).toBe(0)
  } finally {
    await worker.drain()
    await next.close()
  }
}, 60_000)

test('an installation that was stopped before its backup still sends what it had planned', async () => {
  const server = await emptyServer('stopped')
  const restored = await restoreInto(server, bytes, { stopped: true })
  const planned = await numberIn(
    server.target('wed_backup'),
    `select count(*) as n from app.effect where state in ('planned', 'retryable') and due_at is not null`,
  )
  const cautious = await numberIn(
    servers[0]!.target('wed_backup'),
    `select count(*) as n from app.effect where cause = 'restored'`,
  )
  expect(restored.unknown).toBeGreaterThanOrEqual(1)
  expect(restored.unknown + planned).toBe(cautious)
})
