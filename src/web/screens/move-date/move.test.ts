import { expect, test } from 'vitest'
import { changeOf, choicesOf, type Row, stillToChoose, usualChoice, type WeddingDocument } from './move.ts'

const wedding: WeddingDocument = {
  id: '01900000-0000-7000-8000-000000000001',
  on: '2027-07-17',
  status: 'confirmed',
  zone: 'Europe/Rome',
  region: null,
  guests: null,
  anchors: {
    wedding: { value: { is: 'hour', on: '2027-07-17', at: '16:00', zone: 'Europe/Rome' }, generation: 1 },
  },
  lastChange: null,
}
const to = (on: string | null, more: object = {}) =>
  changeOf(wedding, { on, at: '16:00', zone: 'Europe/Rome', hold: false, ...more })

test('what would be the same is no change; another hour, another place and no date yet are', () => {
  expect(to('2027-07-17')).toBeNull()
  expect(to('2027-09-04')).toEqual({
    anchors: { wedding: { is: 'hour', on: '2027-09-04', at: '16:00', zone: 'Europe/Rome' } },
  })
  expect(to('2027-09-04', { at: null })).toEqual({ anchors: { wedding: { is: 'day', on: '2027-09-04' } } })
  expect(to('2027-07-17', { zone: 'Europe/Athens' })).toEqual({ zone: 'Europe/Athens' })
  expect(to(null, { hold: true })).toEqual({ anchors: { wedding: null } })
  expect(
    changeOf({ ...wedding, on: null, anchors: {} }, { on: null, at: null, zone: null, hold: true }),
  ).toBeNull()
})

const row = (is: Row['is'], choices: string[], more: Partial<Row> = {}): Row => ({
  run: '01900000-0000-7000-8000-000000000002',
  key: `r|${more.node ?? 'a'}`,
  node: 'a',
  name: 'A',
  kind: 'module',
  is,
  from: '2027-06-17T14:00:00.000Z',
  to: null,
  zone: 'Europe/Rome',
  why: '',
  choices,
  chosen: null,
  ...more,
})

test('only what differs from the usual travels, and keeping says where', () => {
  const moves = row('moves', ['follow', 'keep', 'skip'])
  expect(usualChoice(moves)).toBe('follow')
  expect(choicesOf([moves], {})).toEqual([])
  expect(choicesOf([moves], { 'r|a': 'follow' })).toEqual([])
  expect(choicesOf([moves], { 'r|a': 'keep' })).toEqual([
    { run: moves.run, node: 'a', choice: 'keep', at: moves.from },
  ])
  // Chosen for another date, and not on offer for this one.
  expect(choicesOf([moves], { 'r|a': 'send_now' })).toEqual([])
})

test('what needs a person is counted until it is answered by something that is on offer', () => {
  const asks = row('needs_you', ['follow', 'keep'], { node: 'b' })
  expect(stillToChoose([asks], {})).toBe(1)
  expect(stillToChoose([asks], { 'r|b': 'send_now' })).toBe(1)
  expect(stillToChoose([asks], { 'r|b': 'follow' })).toBe(0)
  expect(choicesOf([asks], { 'r|b': 'follow' })).toHaveLength(1)
})
