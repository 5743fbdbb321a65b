import { afterAll, beforeAll, expect, test } from 'vitest'
import { useInvitation } from '../../src/contract/accounts.ts'
import { changeMember, invite, listMembers, removeMember } from '../../src/contract/members.ts'
import { changeWedding, readWedding, undoWedding } from '../../src/contract/weddings.ts'
import type { VendorId } from '../../src/core/ids.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { keepVendorViews } from '../../src/engine/vendor-views.ts'
import { readVendors } from '../../src/store/views.ts'
import { PASSWORD } from '../accounts/office.ts'
import { openStudio, type Studio } from './studio.ts'

/** A worker of another process keeps what it knows of a business, under the revision that stands with its runs. */
const kept = keepVendorViews()
let s: Studio
let vendor: VendorId
beforeAll(async () => {
  s = await openStudio('Kept in Mind')
  vendor = s.vendor as VendorId
}, 60_000)
afterAll(() => s.close())

const asAWorkerSees = () =>
  s.office.house.engine.db.read('test.worker', { vendors: [vendor] }, async (sql) => {
    const [row] = await readVendors(sql, [vendor])
    return (await kept.find(sql, [{ vendor, rev: row!.rev }])).get(vendor)!
  })
const roles = async () => (await asAWorkerSees()).members.map((one) => one.role).sort()

test('who joins, changes their role or leaves is known to every worker at the next turn', async () => {
  const { params } = s
  expect(await roles()).toEqual(['owner'])
  await s.api(invite, { params, body: { email: 'sam@example.org', role: 'viewer' } })
  const link = await s.office.linkIn('sam@example.org')
  await s.office.browser().api(useInvitation, { body: { link, person: { name: 'Sam', password: PASSWORD } } })
  expect(await roles()).toEqual(['owner', 'viewer'])
  const sam = (await s.api(listMembers, { params })).data.items.find((one) => one.role === 'viewer')!
  const here = { ...params, member: sam.id }
  const changed = await s.api(changeMember, {
    params: here,
    body: { role: 'assistant' },
    ifMatch: sam.etag,
  })
  expect(await roles()).toEqual(['assistant', 'owner'])
  await s.api(removeMember, { params: here, ifMatch: changed.etag! })
  expect(await roles()).toEqual(['owner'])
})

test('a wedding that is called off is a day of work no more, and one again when that is taken back', async () => {
  const day = '2028-06-10' as LocalDate
  const works = async () => (await asAWorkerSees()).view.weddingDays.has(day)
  expect(await works()).toBe(false)
  const { wedding } = await s.couple('Off Andon')
  expect(await works()).toBe(true)
  const params = { ...s.params, wedding }
  const { etag } = await s.api(readWedding, { params })
  const off = await s.api(changeWedding, { params, body: { status: 'cancelled' }, ifMatch: etag! })
  expect(await works()).toBe(false)
  await s.api(undoWedding, { params: { ...params, change: off.data.lastChange!.id } })
  expect(await works()).toBe(true)
})

test('of this moment it is read once, and again only when it has changed', async () => {
  const { db } = s.office.house.engine
  const asked: string[] = []
  const now = () =>
    db.read('test.now', { vendors: [vendor] }, (sql) => {
      const counting = ((text: TemplateStringsArray, ...values: unknown[]) => {
        asked.push(/from (app\.\w+)/.exec(text.join('?'))?.[1] ?? '')
        return sql(text, ...values)
      }) as typeof sql
      return kept.now(counting, vendor)
    })
  const before = await now()
  asked.length = 0
  expect(await now()).toBe(before)
  expect(asked).toEqual(['app.vendor'])
  await s.couple('One More', { wedding: { on: '2028-09-02', zone: 'Europe/Rome' } })
  expect((await now())!.view.weddingDays.has('2028-09-02' as LocalDate)).toBe(true)
})
