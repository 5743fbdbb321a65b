import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, readConfig } from '../../src/config.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { type House, openHouse } from '../../src/main.ts'
import { openSession } from '../../src/postgres/client.ts'
import { type EmbeddedPostgres, startEmbedded } from '../../src/postgres/cluster.ts'
import { MIGRATIONS, prepareDatabase, reach } from '../../src/reach.ts'
import { readMigrations } from '../../src/store/migrate.ts'
import { type Place, place, silent } from './place.ts'

/** The key is lost, or another one lies in its place: nothing starts, nothing is changed, and it says what to do. */
const KEY = Buffer.alloc(32, 1).toString('base64')
const OTHER = Buffer.alloc(32, 2).toString('base64')
const LUMEN = { name: 'Lumen', type: 'photographer', zone: 'Europe/London', region: 'GB' } as const

let here: Place
beforeAll(() => {
  here = place()
})
afterAll(() => here?.remove())

/** A couple of a business of its own: names are sealed. */
async function addAnna({ engine }: House): Promise<unknown> {
  const vendor = await addVendor(engine, LUMEN)
  const people = [{ ref: 'partner_a', name: 'Anna', email: 'anna@example.org' }]
  const wedding = { on: '2030-06-12', zone: 'Europe/London' }
  return addCouple(engine, vendor, { people, wedding }, { source: 'test', key: 'anna' })
}

async function inHouse<T>(config: Config, work: (house: House) => Promise<T>): Promise<T> {
  const house = await openHouse(config, silent)
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

test('on the embedded database, where a key is made only while nothing is sealed', async () => {
  const file = path.join(here.folder, '.data.wedsync-key')
  const apart = path.join(here.folder, 'copy-of-the-key')
  await inHouse(here.config, async () => undefined)
  // Nothing is sealed yet: another key is as good.
  rmSync(file)
  await inHouse(here.config, async (house) => {
    expect(house.notes.join()).toContain('A master key was made')
    await addAnna(house)
    renameSync(file, apart)
    // A guest that made another key would leave it to the next start.
    await expect(openHouse(here.config, silent, { join: true })).rejects.toThrow(
      `The key file ${file} is not there`,
    )
  })
  await expect(openHouse(here.config, silent)).rejects.toThrow(/is not there.*put it back/is)
  const doctor = await here.wedsync('doctor', '--json')
  expect([doctor.code, doctor.json<{ findings: unknown[] }>().findings]).toEqual([
    1,
    expect.arrayContaining([
      expect.objectContaining({ about: 'key', is: 'mend', says: expect.stringContaining(file) }),
    ]),
  ])
  const verify = await here.wedsync('backup', 'verify', apart)
  expect([verify.code, verify.err]).toEqual([expect.any(Number), expect.stringContaining(file)])
  expect(existsSync(file), 'a new key was made where there are data').toBe(false)

  writeFileSync(file, OTHER, { mode: 0o600 })
  await expect(openHouse(here.config, silent)).rejects.toThrow(`The key in ${file} is not the one`)
  rmSync(file)
  renameSync(apart, file)
  await inHouse(here.config, async (house) => expect(await addAnna(house)).toBeTruthy())
}, 120_000)

test('on a database of your own no role gets another password', async () => {
  const server = await startEmbedded({ data: path.join(here.folder, 'own'), log: silent })
  try {
    const admin = await openSession(server.target('wed_admin'))
    // Not a superuser: what hosted databases give one.
    await admin.exec(`create role keeper login createrole password 'keeper';
      grant wed_migrate, wed_app, wed_accounts, wed_backup to keeper with admin option, inherit false, set false;
      alter database wedsync owner to keeper`)
    const passwords = async () => admin.query('select rolname, rolpassword from pg_authid order by rolname')
    const configs = (user: string) =>
      [KEY, OTHER].map((key) =>
        readConfig({ DATABASE_URL: urlOf(server, user), WEDSYNC_KEY: key, WEDSYNC_DATA: here.folder }),
      ) as [Config, Config]
    const [right, wrong] = configs('keeper')
    // Two at once take turns, and each tells only what it ran itself.
    const reached = await reach(right, silent)
    const bringUp = () => prepareDatabase(reached.target, false, right.logKeepDays, silent)
    const ran = await Promise.all([bringUp(), bringUp()])
    expect(ran.map((one) => one.length).sort((a, b) => a - b)).toEqual([
      0,
      (await readMigrations(MIGRATIONS)).length,
    ])
    await inHouse(right, addAnna)
    const before = await passwords()
    for (const config of [wrong, configs('wed_admin')[1]])
      await expect(openHouse(config, silent)).rejects.toThrow('WEDSYNC_KEY is not the one')
    expect(await passwords()).toEqual(before)
    expect(
      await admin.query(
        "select from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = 'keeper'",
      ),
    ).toHaveLength(4)
    await inHouse(right, async (house) => expect(await addAnna(house)).toBeTruthy())
    await admin.close()
  } finally {
    await server.stop()
  }
}, 120_000)

function urlOf(server: EmbeddedPostgres, user: string): string {
  const { host = '', port, database, password } = server.target('wed_admin')
  const word = user === 'wed_admin' ? String(password) : user
  return `postgres://${user}:${encodeURIComponent(word)}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`
}
