import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  anyEvent,
  coupleView,
  identity,
  live,
  liveFrom,
  variedJourney,
} from '../../../test/fixtures/couple-run.ts'
import { HOUR_MS, type Instant, instantFrom, plusMs } from '../time/instant.ts'
import { replay } from './replay.ts'

const graph = variedJourney()
const begins = instantFrom('2027-01-11T09:00:00Z')
const view = coupleView('2027-06-12')

test('whatever has happened to a run, its log makes the same run again, decision by decision', () => {
  const dice = fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 0, max: 400 })), { maxLength: 60 })
  fc.assert(
    fc.property(dice, (rolls) => {
      const lived = liveFrom(graph, begins, view)
      let at: Instant = begins
      for (const [roll, hours] of rolls) {
        at = plusMs(at, hours * HOUR_MS)
        live(lived, graph, anyEvent(lived.run, at, roll), view)
      }
      const again = replay(graph, identity, lived.log, () => view)
      expect(again).toEqual({ run: lived.run, differs: null, stoppedAt: null })
    }),
  )
})

test('the first line that comes out differently is named', () => {
  const lived = liveFrom(graph, begins, view)
  live(lived, graph, { is: 'due', at: plusMs(begins, HOUR_MS) }, view)
  const forged = lived.log.map((row) => (row.rev === 3 ? { ...row, because: [] } : row))
  expect(replay(graph, identity, forged, () => view).differs).toMatchObject({ rev: 3, logged: [] })
})

test('a line no event made ends the replay where it stands', () => {
  const lived = liveFrom(graph, begins, view)
  const log = [
    ...lived.log,
    { rev: 3, at: begins, event: { is: 'undone', at: begins } as const, because: [] },
  ]
  expect(replay(graph, identity, log, () => view).stoppedAt).toBe(3)
  expect(() => replay(graph, identity, [], () => view)).toThrow('a log begins with')
})
