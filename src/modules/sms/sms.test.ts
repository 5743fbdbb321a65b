import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unsendable } from '../../channels/sms/sms.ts'
import type { JsonObject } from '../../core/ids.ts'
import { merge, type RenderParts, scopeOf } from '../../core/merge.ts'
import { configProblems } from '../registry.ts'
import { sms } from './definition.ts'
import { mayText, phoneOf, wordOf } from './phone.ts'
import { runSms } from './run.ts'
import { segmentsOf } from './segments.ts'

const render: RenderParts = async (parts, facts) =>
  Object.fromEntries(
    Object.entries(parts).map(([part, { template, target }]) => [
      part,
      merge(template, scopeOf(facts), target),
    ]),
  )
const prepare = (
  body: string,
  facts: JsonObject,
  messageClass: 'relationship' | 'marketing' = 'relationship',
) =>
  runSms.prepare(
    {
      config: { body },
      facts,
      class: messageClass,
      language: 'en',
      vendor: { name: 'Lumen', postalAddress: null },
      unsubscribeUrl: null,
    },
    render,
  )

describe('how many messages a text makes', () => {
  test.each([
    ['', 0, 'GSM-7'],
    ['a'.repeat(160), 1, 'GSM-7'],
    ['a'.repeat(161), 2, 'GSM-7'],
    ['é'.repeat(160), 1, 'GSM-7'],
    // The euro sign takes two places.
    ['€'.repeat(81), 2, 'GSM-7'],
    ['ł'.repeat(70), 1, 'UCS-2'],
    ['ł'.repeat(71), 2, 'UCS-2'],
    ['🥂'.repeat(35), 1, 'UCS-2'],
    ['🥂'.repeat(36), 2, 'UCS-2'],
  ])('%j makes %i (%s)', (body, segments, encoding) => {
    expect(segmentsOf(body)).toMatchObject({ segments, encoding })
  })
})

const problems = (body: string) =>
  configProblems(sms, { body }, { fields: [] }).map(
    ({ path, code, severity }) => `${path} ${code} ${severity}`,
  )

test('what costs much is a warning; what cannot go is an error', () => {
  expect(problems('Hi {{ client.names }}')).toEqual([])
  expect(problems('Hi {{ wedding.venue }}')).toEqual(['/body field_may_be_missing error'])
  expect(problems(`${'ł'.repeat(67 * 3 + 1)}`)).toEqual(['/body text_long warning'])
  expect(problems('ł'.repeat(67 * 10 + 1))).toEqual(['/body text_too_long error'])
})

test('what advertises says how to end it; what must arrive does not', async () => {
  expect(await prepare('News from us', {}, 'marketing')).toMatchObject({
    content: { body: 'News from us\nReply STOP to end.' },
  })
  expect(await prepare('See you', {})).toMatchObject({ content: { body: 'See you', segments: 1 } })
})

test('no words whatever break out of a text: one message, which any provider takes', async () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.constantFrom('a\r\nTo: +1900', '{{ 7 | times: 7 }}', '\u202eSTOP', 'STOP', '\u0000', '&From=+1'),
  )
  await fc.assert(
    fc.asyncProperty(any, async (words) => {
      fc.pre(scopeOf({ words }).words !== undefined)
      const draft = await prepare('Dear {{ client.names }}!', { client: { names: words } })
      if (draft.is !== 'ready') throw new Error(JSON.stringify(draft))
      const { body } = draft.content
      expect(unsendable({ to: '+447700900123', body })).toBeNull()
      expect(body.startsWith('Dear ')).toBe(true)
      expect(body.endsWith('!')).toBe(true)
      expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
      const form = new URLSearchParams(new URLSearchParams({ To: '+1', Body: body }).toString())
      expect([...form]).toEqual([
        ['To', '+1'],
        ['Body', body],
      ])
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['07700 900123', 'GB', '+447700900123'],
  ['0044 7700 900123', 'GB', '+447700900123'],
  ['+39 347 1234567', 'GB', '+393471234567'],
  ['347 1234567', 'IT', '+393471234567'],
  ['(415) 867-5309', 'US', '+14158675309'],
  ['415 867 5309', 'US-CA', '+14158675309'],
  ['12', 'GB', undefined],
  ['07700 900123', '', undefined],
])('%s in %s is %s', (written, region, e164) => {
  expect(phoneOf(written, region)?.e164).toBe(e164)
})

test('numbers that cost a fortune, and countries nobody named, are asked nobody', () => {
  const may = (number: string, countries: string[] = []) => {
    const phone = phoneOf(number, undefined)
    return phone !== null && mayText(phone, 'GB', countries)
  }
  expect(may('+447400123456')).toBe(true)
  expect(may('+449012345678')).toBe(false)
  expect(may('+37253123456')).toBe(false)
  expect(may('+37253123456', ['EE'])).toBe(true)
  expect(may('+447400123456', ['EE'])).toBe(false)
})

test.each([
  ['STOP', 'stop'],
  [' stop. ', 'stop'],
  ['Stop all', 'stop'],
  ['unsubscribe', 'stop'],
  ['START', 'start'],
  ['help', 'help'],
  ['Please stop by at noon', null],
  ['Yes we will be there', null],
])('%j is heard as %s', (body, word) => {
  expect(wordOf(body)).toBe(word)
})
