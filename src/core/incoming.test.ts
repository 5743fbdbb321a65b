import { expect, test } from 'vitest'
import { becomesSchema, readCall, valueAt } from './incoming.ts'

const becomes = becomesSchema.parse({
  type: 'inquiry_received',
  couple: { by: 'email', at: 'form.email' },
  add: { name: 'form.name', phone: 'form.tel', wedding: 'form.day' },
  fields: [
    { name: 'guests', at: 'form.guests', sealed: false },
    { name: 'wishes', at: 'form.wishes', sealed: false },
    { name: 'message', at: 'form.message' },
    { name: 'first_room', at: 'rooms.0.name', sealed: false },
    { name: 'colour', at: 'form.colour' },
  ],
})
const form = {
  email: ' anna@example.org ',
  name: 'Anna Ashworth',
  day: '2027-06-12T00:00:00Z',
  tel: '+44 20 7946 0018',
}

test('a website form is read: whom it is about, what conditions may ask for, and what is kept sealed', () => {
  const wishes = 'x'.repeat(501)
  const body = { form: { ...form, guests: 90, message: 'Hello', wishes }, rooms: [{ name: 'Barn' }] }
  expect(readCall(becomes, body)).toEqual({
    read: {
      whom: { by: 'email', value: 'anna@example.org' },
      add: {
        name: 'Anna Ashworth',
        email: 'anna@example.org',
        phone: '+44 20 7946 0018',
        wedding: '2027-06-12',
      },
      data: { guests: 90, first_room: 'Barn' },
      // Too long to be a fact: kept all the same.
      personal: { wishes, message: 'Hello' },
    },
  })
})

test('what is no day and no number is left out of a new couple, and nothing is made up', () => {
  const read = readCall(becomes, { form: { ...form, day: '2027-02-30', tel: 'call me', name: 7 } })
  expect('read' in read && read.read.add).toEqual({
    name: '7',
    email: 'anna@example.org',
    phone: null,
    wedding: null,
  })
})

test.each([
  ['couple_missing', {}],
  ['couple_missing', { form: { email: '' } }],
  ['couple_missing', { form: { email: { of: 'Anna' } } }],
  ['couple_unreadable', { form: { email: 'Anna' } }],
])('%s: a call that names nobody is refused with the field it is about', (why, body) => {
  expect(readCall(becomes, body)).toEqual({ refused: { why, field: 'form.email' } })
})

test.each([[null], ['text'], [7], [[form]]])('%j is no call', (body) => {
  expect(readCall(becomes, body)).toEqual({ refused: { why: 'unreadable', field: null } })
})

test('only what a body has itself is found in it', () => {
  for (const at of ['constructor', 'toString.name', 'form.__proto__', 'form.length.x', 'list.length'])
    expect(valueAt({ form: 'text', list: {} }, at)).toBeUndefined()
  expect(valueAt({ list: [1, 2] }, 'list.1')).toBe(2)
})
