import { expect, test } from 'vitest'
import { addClient, listClients } from '../contract/clients.ts'
import { permissionsOf, type Role } from '../contract/permission.ts'
import type { WhoIsHere } from './api.ts'
import { sessionOf } from './session.ts'

const works = (vendor: string, name: string, role: Role) => ({
  vendor,
  name,
  member: `${vendor}-member`,
  role,
  may: [...permissionsOf(role)],
})
const who = (...memberships: ReturnType<typeof works>[]): WhoIsHere => ({
  person: { id: 'p', name: 'Sam Okafor', email: 'sam@example.org', secondFactor: false },
  csrf: 't',
  since: '2027-06-10T08:00:00.000Z',
  cursor: '1.1:1:',
  memberships,
})
const ALDER = works('alder', 'Alder & Lane', 'viewer')
const FILMS = works('films', 'Okafor Films', 'owner')

test('the address says for whom, and nobody comes into another business than it says', () => {
  expect(sessionOf(who(ALDER, FILMS), 'films')?.business).toBe('Okafor Films')
  expect(sessionOf(who(ALDER, FILMS), undefined)?.business).toBe('Alder & Lane')
  expect(sessionOf(who(ALDER), 'films')).toBeNull()
  expect(sessionOf(who(), 'films')).toBeNull()
})

test('what one may is another thing for each business', () => {
  expect(sessionOf(who(ALDER, FILMS), 'alder')?.may(addClient)).toBe(false)
  expect(sessionOf(who(ALDER, FILMS), 'alder')?.may(listClients)).toBe(true)
  expect(sessionOf(who(ALDER, FILMS), 'films')?.may(addClient)).toBe(true)
})
