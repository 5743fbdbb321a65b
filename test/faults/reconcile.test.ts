import { expect, test } from 'vitest'
import { type Books, type EffectFacts, reconcile } from './reconcile.ts'

/** A judge that never says no is no judge: each thing it is there to find is planted once. */
const effect = (over: Partial<EffectFacts> = {}): EffectFacts => ({
  id: 'e1',
  messageId: '<one@x>',
  run: 'r1',
  node: 'welcome',
  kind: 'email@1',
  state: 'accepted',
  attempts: 1,
  resends: 0,
  deadLetter: false,
  notice: false,
  captured: false,
  ...over,
})
const accepted = { id: '<one@x>', to: 'a@x', at: 0, how: 'well' }
const books = (over: Partial<Books> = {}): Books => ({
  entries: [accepted],
  effects: [effect()],
  runs: [{ id: 'r1', journey: 'welcome', status: 'completed', client: 'c1', undecided: false }],
  events: [{ key: 'k1', event: 'v1' }],
  leftOut: [],
  acknowledged: [{ key: 'k1', event: 'v1' }],
  couples: ['c1'],
  moves: [],
  forged: 0,
  repeats: 0,
  expected: { welcome: [['welcome']] },
  ...over,
})
const nothing = {
  lost: [],
  silentDuplicates: [],
  unknownShown: 0,
  unknownHidden: [],
  unfinished: [],
  surprises: [],
  recordedResends: 0,
}

test('what is well is called well', () => {
  expect(reconcile(books())).toEqual(nothing)
})

test('a letter that was never sent is lost, whatever its row says', () => {
  for (const state of ['planned', 'sending', 'retryable', 'cancelled', 'accepted', 'delivered'])
    expect(reconcile(books({ entries: [], effects: [effect({ state })] })).lost).toHaveLength(1)
})

test('a letter that was given up is lost unless a dead letter tells of it', () => {
  const failed = (deadLetter: boolean) =>
    reconcile(books({ entries: [], effects: [effect({ state: 'failed', deadLetter })] }))
  expect(failed(false).lost).toHaveLength(1)
  expect(failed(true)).toEqual(nothing)
})

test('a letter that was accepted twice is a silent duplicate unless a resend was recorded', () => {
  expect(reconcile(books({ entries: [accepted, accepted] })).silentDuplicates).toHaveLength(1)
  const recorded = reconcile(books({ entries: [accepted, accepted], effects: [effect({ resends: 1 })] }))
  expect(recorded).toEqual({ ...nothing, recordedResends: 1 })
})

test("a letter that is nobody's is a silent duplicate", () => {
  expect(
    reconcile(books({ entries: [accepted, { ...accepted, id: '<other@x>' }] })).silentDuplicates,
  ).toHaveLength(1)
})

test('an accepted letter that is called anything certain but accepted is a hidden unknown', () => {
  for (const state of ['planned', 'sending', 'retryable', 'rejected', 'failed', 'cancelled'])
    expect(reconcile(books({ effects: [effect({ state, deadLetter: true })] })).unknownHidden).toHaveLength(1)
})

test('an open question is shown by its row, and once it is left open for good by a notice and a dead letter', () => {
  expect(reconcile(books({ effects: [effect({ state: 'unknown' })] }))).toEqual({
    ...nothing,
    unknownShown: 1,
  })
  const unresolved = (notice: boolean) =>
    reconcile(books({ effects: [effect({ state: 'unresolved', deadLetter: true, notice })] }))
  expect(unresolved(true)).toEqual({ ...nothing, unknownShown: 1 })
  expect(unresolved(false).unknownHidden).toHaveLength(1)
})

test('an acknowledged event that is not there, or is another, is lost', () => {
  expect(reconcile(books({ events: [] })).lost).toHaveLength(1)
  expect(reconcile(books({ events: [{ key: 'k1', event: 'v2' }] })).lost).toHaveLength(1)
})

test('a run that ended without its letter, and a couple without its run, have lost something', () => {
  expect(reconcile(books({ entries: [], effects: [] })).lost).toHaveLength(1)
  expect(reconcile(books({ entries: [], effects: [], leftOut: [{ run: 'r1', node: 'welcome' }] }))).toEqual(
    nothing,
  )
  expect(reconcile(books({ couples: ['c1', 'c2'] })).lost).toHaveLength(1)
})

test('a run that has not ended is unfinished unless it stands before an open question', () => {
  const runs = [{ id: 'r1', journey: 'welcome', status: 'waiting', client: 'c1', undecided: false }]
  expect(reconcile(books({ runs })).unfinished).toHaveLength(1)
  expect(reconcile(books({ runs, effects: [effect({ state: 'unknown' })] })).unfinished).toEqual([])
})

test('what a moved wedding took back is replaced, or it is lost', () => {
  const withdrawn = effect({ id: 'e0', messageId: '<old@x>', state: 'cancelled', attempts: 0 })
  expect(reconcile(books({ effects: [withdrawn, effect()] }))).toEqual(nothing)
  expect(reconcile(books({ effects: [withdrawn], entries: [] })).lost).toHaveLength(1)
  const sent = { ...accepted, id: '<old@x>' }
  expect(
    reconcile(books({ effects: [withdrawn, effect()], entries: [accepted, sent] })).unknownHidden,
  ).toHaveLength(1)
})

test('a letter that follows the old date after a confirmed move is a surprise, and so is a forged call', () => {
  const farewell = effect({ node: 'farewell' })
  const moved = (until: number) =>
    reconcile(
      books({ effects: [farewell], entries: [{ ...accepted, at: 5_000 }], moves: [{ client: 'c1', until }] }),
    )
  expect(moved(5_000).surprises).toEqual([])
  expect(moved(9_000).surprises).toHaveLength(1)
  expect(reconcile(books({ forged: 1 })).surprises).toHaveLength(1)
})

test('a run that stands still is unfinished, unless its late step waits until a move is for good', () => {
  const standing = (undecided: boolean) =>
    reconcile(books({ runs: [{ id: 'r1', journey: 'welcome', status: 'waiting', client: 'c1', undecided }] }))
  expect(standing(false).unfinished).toHaveLength(1)
  expect(standing(true).unfinished).toEqual([])
})
