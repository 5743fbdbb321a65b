import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'

import { backup } from '../../src/engine/backup.ts'
import { restore } from '../../src/engine/restore.ts'
import { accountsOf, openHouse } from '../../src/main.ts'
import { startEmbedded } from '../../src/postgres/cluster.ts'
import { openCopySession } from '../../src/postgres/copy.ts'
import { MIGRATIONS } from '../../src/reach.ts'
import { membershipsOf } from '../../src/store/members.ts'
import { readMigrations } from '../../src/store/migrate.ts'
import { collect, inPieces } from '../cli/place.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'
import { openOffice, PASSWORD, URL_HERE } from './office.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('after a restore people sign in as before, but nobody is signed in and no old link works', async () => {
  const office = await openOffice()
  const { browser, email, vendor } = await office.business()
  await office.accounts.makeOpening('somebody@example.org')
  const { house } = office
  const saving = await openCopySession(house.target('wed_backup'))
  const file = await collect(
    backup(
      saving,
      {
        key: house.key,
        now: house.engine.clock.now(),
        program: 'test',
        zoneData: 'test',
        salt: new Uint8Array(32).fill(1),
      },
      () => undefined,
    ),
  )
  await saving.close()
  if (!('file' in house.config.key)) throw new Error('the test house has a key file')
  copyFileSync(house.config.key.file, path.join(folder, '.data.wedsync-key'))
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  expect(await office.accounts.visit(new Headers({ cookie }))).not.toBeNull()
  await office.close()

  const data = path.join(folder, 'data')
  const server = await startEmbedded({ data, log: silent })
  const session = await openCopySession(server.target('wed_migrate'))
  await restore(session, () => inPieces(file), {
    key: house.key,
    now: house.engine.clock.now(),
    migrations: await readMigrations(MIGRATIONS),
    uuid: () => crypto.randomUUID(),
    stopped: false,
    hold: false,
  })
  await session.close()
  await server.stop()

  const again = await openHouse(readConfig({ WEDSYNC_DATA: data, WEDSYNC_URL: URL_HERE }), silent)
  const accounts = await accountsOf(again)
  try {
    expect(await accounts.anybody()).toBe(true)
    expect(await accounts.visit(new Headers({ cookie }))).toBeNull()
    expect(await accounts.letters.captured(10)).toEqual([])
    const signed = await accounts.signIn({ email, password: PASSWORD }, new Headers())
    expect(signed.is).toBe('signed_in')
    const fresh = signed.cookies.map((one) => one.split(';')[0]).join('; ')
    const who = await accounts.visit(new Headers({ cookie: fresh }))

    expect(
      (await membershipsOf(again.engine.db, who!.person.login)).map((one) => [one.vendor_id, one.role]),
    ).toEqual([[vendor, 'owner']])
  } finally {
    await accounts.close()
    await again.close()
  }
}, 60_000)
