import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import { instant } from '../core/time/instant.ts'
import { readArray, readerOf, readInt8, readTimestamptz } from './row-types.ts'
import { SCOPE_VENDORS_MAX, vendorIdsSetting } from './scope.ts'
import { encode, isRetryable, json, nameFor, statement, ts, Unstorable } from './sql.ts'

const take = (strings: TemplateStringsArray, ...values: unknown[]) => statement(strings, values, 'text')

test('a template becomes text with numbered parameters and a name that depends on the text alone', () => {
  const made = take`select ${1}::int, ${'a'}::text`
  expect(made).toEqual({
    text: 'select $1::int, $2::text',
    name: nameFor('select $1::int, $2::text'),
    values: ['1', 'a'],
  })
  expect(take`select ${2}::int, ${'b'}::text`.name).toBe(made.name)
  expect(take`select ${1}::int`.name).not.toBe(made.name)
})

test('what cannot be stored as it is, is refused with the place and the reason', () => {
  expect(() => take`select ${1}, ${undefined}`).toThrow('Parameter $2: undefined is not a value; null is.')
  for (const bad of ['a\0b', '\ud800', Number.NaN, new Date(0), [[1]], Symbol.iterator, ['x\0']])
    expect(() => encode(bad)).toThrow(Unstorable)
  for (const bad of [{ a: '\0' }, { a: '\ud800' }, ['\\\0'], { '\0': 1 }])
    expect(() => json(bad)).toThrow(Unstorable)
  expect(() => json(undefined)).toThrow(Unstorable)
})

test('text that only looks like an escape is stored', () => {
  for (const fine of ['\\u0000', '\\\\ud800', '😀', 'é', '\u007f'])
    expect(JSON.parse(json({ fine }))).toEqual({ fine })
})

test('any array of texts comes back as it went', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0')))),
      (values) => {
        expect(readArray(encode(values) as string, (text) => text)).toEqual(values)
      },
    ),
  )
})

test('numbers, booleans, bytes and JSON come back from arrays', () => {
  expect(readerOf(1007)(encode([1, null, -3]) as string)).toEqual([1, null, -3])
  expect(readerOf(1001)(encode([new Uint8Array([0, 255])]) as string)).toEqual([Buffer.from([0, 255])])
  expect(readerOf(3807)(encode([{ a: 'x"\\' }]) as string)).toEqual([{ a: 'x"\\' }])
  expect(readerOf(1000)('{t,f,NULL}')).toEqual([true, false, null])
})

test('an instant goes out and comes back to the millisecond, between the years 1 and 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
      const asServerPrints = ts(instant(ms)).replace('T', ' ').replace('Z', '+00')
      expect(readTimestamptz(asServerPrints)).toBe(ms)
    }),
  )
  expect(readTimestamptz('2027-05-01 08:00:00+00')).toBe(Date.UTC(2027, 4, 1, 8))
  expect(readTimestamptz('2027-05-01 08:00:00.1+00')).toBe(Date.UTC(2027, 4, 1, 8, 0, 0, 100))
  expect(readTimestamptz('2027-05-01 08:00:00.123999+00')).toBe(Date.UTC(2027, 4, 1, 8, 0, 0, 123))
  expect(ts([instant(0), null]).text).toBe(`{"1970-01-01T00:00:00.000Z",NULL}`)
  for (const text of [
    'infinity',
    '2027-05-01 08:00:00+02',
    '10000-01-01 00:00:00+00',
    '0044-03-15 00:00:00+00 BC',
  ])
    expect(() => readTimestamptz(text)).toThrow(RangeError)
  expect(() => ts(instant(Number.POSITIVE_INFINITY))).toThrow(Unstorable)
})

test('an int8 that would lose digits is an error, not a wrong number', () => {
  expect(readInt8('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => readInt8('9007199254740993')).toThrow('Select it as text')
})

test('a scope names its vendors and nothing that is not an id', () => {
  const vendor = '0198c000-0000-7000-8000-000000000001' as VendorId
  expect(vendorIdsSetting({ vendors: [vendor, vendor] })).toBe(`{${vendor},${vendor}}`)
  expect(vendorIdsSetting('claim')).toBe('{}')
  expect(vendorIdsSetting('platform')).toBe('{}')
  expect(() => vendorIdsSetting({ vendors: ["x'; drop table run" as VendorId] })).toThrow(TypeError)
  expect(() => vendorIdsSetting({ vendors: Array(SCOPE_VENDORS_MAX + 1).fill(vendor) })).toThrow(RangeError)
})

test('only what certainly did not happen is retryable', () => {
  expect(['40001', '40P01', '55P03', '23505', '57014', '08006'].map((code) => isRetryable({ code }))).toEqual(
    [true, true, true, false, false, false],
  )
  expect(isRetryable(new Error('x'))).toBe(false)
})
