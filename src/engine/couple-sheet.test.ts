import { expect, test } from 'vitest'
import { readCsv, type Sheet } from '../core/csv.ts'
import type { LocalDate } from '../core/time/local.ts'
import { type DateOrder, mapColumns, readCouples } from './couple-sheet.ts'

const sheetOf = (text: string): Sheet => {
  const read = readCsv(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.sheet
}
const read = (text: string, dates: DateOrder | null = null, told = {}) => {
  const sheet = sheetOf(text)
  const { mapping, problems } = mapColumns(sheet, told)
  const couples = readCouples(sheet, mapping, dates, '2027-01-05' as LocalDate)
  return {
    couples: couples.rows.map((row) => row.couple),
    problems: [...problems, ...couples.problems].map((one) => `${one.path} ${one.message}`),
    ignored: mapping.ignored,
  }
}

test('a book as a vendor keeps it is understood by the names of its columns', () => {
  const { couples, problems, ignored } = read(
    'Partner 1;E-Mail;Partner 2;Wedding Date;Ceremony time;Country;Guest count;Status;Tags;Colour\nAnna A;Anna@Example.org;Ben B;2027-06-12;3:30 pm;it;80;Contract signed;vip, garden;red',
  )
  expect(problems).toEqual([])
  expect(ignored).toEqual(['Colour'])
  expect(couples).toEqual([
    {
      people: [
        { ref: 'partner_a', name: 'Anna A', email: 'Anna@Example.org' },
        { ref: 'partner_b', name: 'Ben B' },
      ],
      stage: 'contract_signed',
      tags: ['vip', 'garden'],
      wedding: { on: '2027-06-12', at: '15:30', region: 'IT', guests: 80 },
    },
  ])
})

test('two names in one cell are two people, and first and last names are one', () => {
  expect(read('Name\nAnna A & Ben B').couples[0]?.people.map((one) => one.name)).toEqual(['Anna A', 'Ben B'])
  expect(read('First name,Surname\nAnna,Ashworth').couples[0]?.people.map((one) => one.name)).toEqual([
    'Anna Ashworth',
  ])
})

test('a date that could be two days is asked about, and read as told', () => {
  const days = (text: string, order: DateOrder | null) =>
    read(`Name,Date\nAnna,${text}`, order).couples[0]?.wedding?.on ?? null
  expect(read('Name,Date\nAnna,03/04/2027').problems).toEqual([
    '2:6 "03/04/2027" may be two days. Say --dates dmy (day first) or --dates mdy (month first).',
  ])
  expect([days('03/04/2027', 'dmy'), days('03/04/2027', 'mdy')]).toEqual(['2027-04-03', '2027-03-04'])
  expect([days('25/12/2027', null), days('12/25/2027', null), days('3.4.2027', null)]).toEqual([
    '2027-12-25',
    '2027-12-25',
    '2027-04-03',
  ])
  expect(days('tbc', null)).toBeNull()
})

test('every bad cell is named with its line and column, all at once', () => {
  const { couples, problems } = read(
    'Name,Email,Date,Guests,Zone\n,x,2027-02-30,many,Nowhere/Land\nZoe,zoe@example.org,,,\nZoe,ZOE@example.org,,,',
  )
  expect(couples.length).toBe(1)
  expect(problems).toEqual([
    '2:2 "x" is not an email address.',
    '2:1 A couple needs a name.',
    '2:4 "2027-02-30" is not a date such as 2027-06-12.',
    '2:20 "Nowhere/Land" is not a zone such as Europe/Rome.',
    '2:15 "many" is not a number of guests.',
    '4:5 The address zoe@example.org is in line 3 already.',
  ])
})

test('what a column means may be told; what is told wrongly is said', () => {
  expect(
    read('Braut,Notiz\nAnna,"loves peonies"', null, { Braut: 'partner_a', Notiz: 'field:note' }).couples[0],
  ).toMatchObject({
    people: [{ name: 'Anna' }],
    fields: { note: 'loves peonies' },
  })
  expect(
    read('Name,X\nAnna,1', null, { X: 'shoes', Y: 'email' }).problems.map((one) => one.slice(0, 40)),
  ).toEqual(['1:6 "shoes" is no column of couples. The', '1:1 There is no column "y" to map.'])
  expect(read('Email\nanna@example.org').problems[0]).toContain('No column names the couple')
})

test('a year that nobody meant is told by its cell, and weddings of long ago come in', () => {
  const told = read('Name,Date\nAnna,9999-06-12\nBea,12.06.0202\nCora,1998-06-12\nDora,2027-06-12')
  expect(told.couples.map(({ wedding }) => wedding?.on)).toEqual(['1998-06-12', '2027-06-12'])
  expect(told.problems).toEqual([
    expect.stringContaining('9999-06-12 is more than 10 years ahead: is the year right?'),
    expect.stringContaining('"12.06.0202" is not a date'),
  ])
})
