import { afterAll, beforeAll, expect, test } from 'vitest'
import { whoAmI } from '../../src/contract/accounts.ts'
import { addClient, listClients } from '../../src/contract/clients.ts'
import { type Office, openOffice } from './office.ts'

/** From nothing to a list of couples, as a photographer's browser does it, over a real PostgreSQL. */
let office: Office
beforeAll(async () => {
  office = await openOffice()
}, 60_000)
afterAll(() => office.close())

test('a photographer opens a business, signs in, adds a couple and finds it again', async () => {
  const { browser, vendor } = await office.business()
  const me = await browser.api(whoAmI, {})
  expect(me.data.memberships).toMatchObject([{ vendor, name: 'Lumen Photography', role: 'owner' }])
  expect((await browser.api(listClients, { params: { vendor } })).data).toEqual({ items: [], next: null })
  const anna = await browser.api(addClient, {
    params: { vendor },
    body: {
      people: [
        { ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' },
        { ref: 'partner_b', name: 'Ben Brook' },
      ],
      wedding: { on: '2027-06-12', zone: 'Europe/London' },
    },
  })
  const found = await browser.api(listClients, { params: { vendor }, query: { search: 'ashworth' } })
  const { fields, ...listed } = anna.data
  expect(found.data.items).toEqual([listed])
  expect(fields).toEqual({})
  expect(anna.data).toMatchObject({ name: 'Anna Ashworth & Ben Brook', wedding: { on: '2027-06-12' } })
})
