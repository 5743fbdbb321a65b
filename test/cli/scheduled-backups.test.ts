import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backupIsWell } from '../../src/api/operating.ts'
import { backupIfDue } from '../../src/backup-keeper.ts'
import { makeBackup } from '../../src/backups.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { type House, openHouse } from '../../src/main.ts'
import { backupState } from '../../src/operate.ts'
import { openSession } from '../../src/postgres/client.ts'
import { allVendors } from '../../src/store/journeys.ts'
import { type Place, place, silent } from './place.ts'

/** Backups that the program makes by itself, on a real server, and one of them restored by the command. */
let here: Place
let house: House
beforeAll(async () => {
  here = place()
  house = await openHouse(here.config, silent)
}, 60_000)
afterAll(async () => {
  await house?.close()
  here?.remove()
})

test('by itself it makes one when the last is old enough, proves it, keeps the last two and touches nothing else', async () => {
  const folder = path.join(here.folder, 'data-backups')
  expect(here.config.backups).toEqual({ folder, everyHours: 24, keep: 7 })
  const schedule = { folder, everyHours: 24, keep: 2 }
  const ours = () => readdirSync(folder).filter((name) => name.endsWith('.wedbak'))
  const admin = await openSession(house.target('wed_admin' as never))
  const aDayPasses = () => admin.exec(`update app.backup set at = at - interval '25 hours'`)
  const state = () => backupState(house.engine, house.config)

  expect([await backupIfDue(house, schedule), backupIsWell(await state())], 'nothing to lose').toEqual([
    'not_due',
    true,
  ])
  await addVendor(house.engine, { name: 'Lumen', type: 'photographer', zone: 'Europe/London', region: 'GB' })
  // Where the folder should be lies a file.
  writeFileSync(folder, '')
  expect(await backupIfDue(house, schedule)).toBe('failed')
  expect(await state()).toMatchObject({ ageMs: null, trouble: expect.stringContaining('EEXIST') })
  expect(await backupIfDue(house, schedule), 'it is not tried again at once').toBe('not_due')
  await aDayPasses()
  rmSync(folder)

  const both = await Promise.all([backupIfDue(house, schedule), backupIfDue(house, schedule)])
  expect(both.filter((one) => one === 'made')).toHaveLength(1)
  expect(await state()).toMatchObject({ proved: true, trouble: null })
  expect(backupIsWell(await state())).toBe(true)
  expect(await backupIfDue(house, schedule)).toBe('not_due')
  const [first = ''] = ours()
  const there = here.beside('restored')
  expect((await there.wedsync('restore', path.join(folder, first))).code).toBe(0)
  const restored = await openHouse(there.config, silent)
  expect((await allVendors(restored.engine.db)).map((one) => one.name)).toEqual(['Lumen'])
  await restored.close()

  const strangers = ['wedsync-by-hand.wedbak', 'notes.txt']
  for (const name of strangers) writeFileSync(path.join(folder, name), '')
  writeFileSync(path.join(folder, `${first}.unfinished-1`), 'cut off')
  // Older than any of today, by its name.
  writeFileSync(path.join(folder, 'wedsync-20200101T020000Z.wedbak'), '')
  await aDayPasses()
  expect(backupIsWell(await state()), 'a day later').toBe(true)
  await admin.exec(`update app.backup set at = at - interval '2 hours'`)
  expect(backupIsWell(await state()), 'and two hours').toBe(false)
  expect(await backupIfDue(house, schedule)).toBe('made')
  expect(readdirSync(folder)).toHaveLength(4)
  expect(readdirSync(folder)).toEqual(expect.arrayContaining([first, ...strangers]))

  // What cannot be written is told, and ends nothing but this backup.
  const nowhere = path.join(folder, 'nowhere', 'one.wedbak')
  await expect(makeBackup(house, nowhere, { verify: true })).rejects.toThrow('ENOENT')
  // Somebody is told to stop in the middle: nothing is left, and it is nobody's trouble.
  await aDayPasses()
  await expect(backupIfDue(house, schedule, AbortSignal.abort())).rejects.toThrow()
  expect(readdirSync(folder)).toHaveLength(4)
  expect((await state()).trouble).toBe(null)
  await admin.close()
}, 120_000)
