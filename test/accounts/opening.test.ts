import { afterAll, beforeAll, expect, test } from 'vitest'
import { askForOpening, openBusiness, whoAmI } from '../../src/contract/accounts.ts'
import { Refused } from '../../src/contract/connect.ts'
import { readVendor } from '../../src/contract/vendors.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { place } from '../cli/place.ts'
import { type Office, openOffice, PASSWORD } from './office.ts'

/** Where sign-up is open, and where a business was there before anybody could sign in. */
let office: Office
beforeAll(async () => {
  office = await openOffice({ signUpOpen: true })
}, 60_000)
afterAll(() => office.close())

const request = (link: string, email: string) => ({
  body: {
    link,
    person: { name: 'Nora New', email, password: PASSWORD },
    business: { name: 'Nora Cakes', type: 'caterer', zone: 'Europe/Rome', region: 'IT' },
  },
})
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.problem.code : String(error)),
  )

test('who asks for a link has it mailed, and only who reads that mail can use it', async () => {
  const asked = await office.browser().api(askForOpening, { body: { email: 'Nora@example.org' } })
  expect([asked.response.status, asked.data]).toEqual([202, null])
  const link = await office.linkIn('nora@example.org')
  expect(await codeOf(office.browser().api(openBusiness, request(link, 'eve@example.org')))).toBe('link_over')
  expect(await codeOf(office.browser().api(openBusiness, request(link, 'nora@example.org')))).toBe('done')
  // Who has a business already hears the same; a second one is opened with the same password.
  await office.browser().api(askForOpening, { body: { email: 'nora@example.org' } })
  const second = await office.linkIn('nora@example.org')
  const wrong = request(second, 'nora@example.org')
  wrong.body.person.password = 'not her passphrase'
  expect(await codeOf(office.browser().api(openBusiness, wrong))).toBe('unauthorised')
  expect(await codeOf(office.browser().api(openBusiness, request(second, 'nora@example.org')))).toBe('done')
  const nora = office.browser()
  await nora.signIn('nora@example.org')
  expect((await nora.api(whoAmI, {})).data.memberships.map((one) => one.role)).toEqual(['owner', 'owner'])
})

test('where it is closed nobody gets one', async () => {
  const closed = await openOffice()
  try {
    expect(await codeOf(closed.browser().api(askForOpening, { body: { email: 'nora@example.org' } }))).toBe(
      'forbidden',
    )
    expect(await closed.accounts.letters.captured(10)).toEqual([])
  } finally {
    await closed.close()
  }
}, 60_000)

test('a business that was there before anybody signed in gets its owner, and stays as it is', async () => {
  const business = { name: 'Old Barn', type: 'venue', zone: 'Europe/London', region: 'GB' }
  const vendor = await addVendor(office.house.engine, business)
  const link = (await office.accounts.makeOpening(null, vendor)).split('#')[1] ?? ''
  const { data } = await office.browser().api(openBusiness, request(link, 'barn@example.org'))
  expect(data.vendor).toBe(vendor)
  const owner = office.browser()
  await owner.signIn('barn@example.org')
  expect((await owner.api(readVendor, { params: { vendor } })).data).toMatchObject(business)
})

test('the command prints a link for a business that is there', async () => {
  const here = place()
  try {
    const business = ['Old Barn', '--type', 'venue', '--zone', 'Europe/London', '--region', 'GB', '--json']
    const { vendor } = (await here.wedsync('vendor', 'add', ...business)).json<{ vendor: string }>()
    const said = await here.wedsync('owner-link', '--vendor', 'old barn', '--json')
    expect([said.code, said.json<{ link: string; vendor: string }>()]).toEqual([
      0,
      { link: expect.stringMatching(/\/open#[A-Za-z0-9_-]{43}$/), vendor },
    ])
  } finally {
    here.remove()
  }
}, 60_000)
