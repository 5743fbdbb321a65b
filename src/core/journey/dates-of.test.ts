import { expect, test } from 'vitest'
import { email, journeyOf } from '../../../test/fixtures/couple-run.ts'
import { datesOf } from './dates-of.ts'

test('a journey names the dates it hangs on: in waits, ends of repeats, deadlines, conditions and its beginning', () => {
  const graph = journeyOf(
    [
      {
        id: 'begin',
        kind: 'trigger',
        type: 'date',
        config: { when: { after: { days: 2 }, of: 'meeting:discovery_call' } },
      },
      {
        id: 'dunning',
        kind: 'delay',
        wait: { every: { days: 7 }, until: { before: { days: 1 }, of: 'due:balance' }, timesMax: 3 },
      },
      email('details', {
        when: { after: { days: 2 }, of: 'now' },
        deadline: { before: { days: 1 }, of: 'custom:rehearsal' },
        config: { subject: 'Before', body: 'Hello', of: 'booking', before: 1 },
      }),
      {
        id: 'near',
        kind: 'condition',
        cases: [{ exit: 'soon', if: { not: { daysUntil: 'wedding', is: 'at_least', value: 30 } } }],
      },
    ],
    [
      { from: 'begin', to: 'dunning' },
      { from: 'dunning', exit: 'again', to: 'details' },
      { from: 'dunning', exit: 'done', to: 'near' },
    ],
  )
  expect([...datesOf(graph)].sort()).toEqual([
    'custom:rehearsal',
    'due:balance',
    'meeting:discovery_call',
    'wedding',
  ])
})
