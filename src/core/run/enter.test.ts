import { describe, expect, test } from 'vitest'
import {
  couple,
  daysBefore,
  hasTag,
  journeyOf,
  mail,
  tag,
  tell,
  wait,
} from '../../../test/fixtures/told-run.ts'
import { withWedding } from '../wedding/example-view.ts'

const june = withWedding('2027-06-12', 'Europe/London', 1, couple)
const ask = (more: object = {}) => ({
  id: 'answer',
  kind: 'await',
  for: { event: 'form_submitted' },
  timeout: { after: { days: 5 } },
  ...more,
})

describe('a couple walks', () => {
  test('from the contract to the end, and the run is completed', () => {
    const run = tell(journeyOf([mail('welcome'), { id: 'end', kind: 'end' }], ['welcome>end']), {
      at: '2027-01-05T10:00Z',
    })
    expect(run.told).toEqual(['welcome → partner_a 2027-01-05T10:00'])
    expect(run.run.status).toBe('completed')
    expect(run.turn.due).toBeNull()
  })

  test('a path without successor ends there', () => {
    expect(tell(journeyOf([tag('booked')]), { at: '2027-01-05T10:00Z' }).run.status).toBe('completed')
  })

  test('by the first case that holds, and otherwise by otherwise', () => {
    const journey = journeyOf(
      [
        {
          id: 'which',
          kind: 'condition',
          cases: [
            { exit: 'a', if: hasTag('vip') },
            { exit: 'b', if: hasTag('local') },
          ],
        },
        tag('at_a'),
        tag('at_b'),
        tag('at_otherwise'),
      ],
      ['which.a>at_a', 'which.b>at_b', 'which.otherwise>at_otherwise'],
    )
    const where = (tags: string[]) =>
      tell(journey, {
        at: '2027-01-05T10:00Z',
        view: { ...couple, client: { ...couple.client, tags } },
      }).tags.at(-1)
    expect(where(['local', 'vip'])).toBe('at_a')
    expect(where(['local'])).toBe('at_b')
    expect(where([])).toBe('at_otherwise')
  })

  test('always the same arm of a split', () => {
    const journey = journeyOf(
      [
        {
          id: 'arms',
          kind: 'split',
          arms: [
            { exit: 'warm', weight: 1 },
            { exit: 'brief', weight: 1 },
          ],
        },
        tag('warm'),
        tag('brief'),
      ],
      ['arms.warm>warm', 'arms.brief>brief'],
    )
    const once = () => tell(journey, { at: '2027-01-05T10:00Z' }).tags
    expect(once()).toHaveLength(1)
    expect(once()).toEqual(once())
  })

  test('past a trigger whose condition holds, and not at all where it does not', () => {
    const journey = journeyOf(
      [{ id: 'begin', kind: 'trigger', type: 'contract_signed', if: hasTag('wedding') }, mail('welcome')],
      ['begin>welcome'],
    )
    const refused = tell(journey, { at: '2027-01-05T10:00Z' })
    expect([refused.run.status, refused.codes()]).toEqual(['cancelled', ['started', 'trigger_filter_failed']])
    const let_in = tell(journey, {
      at: '2027-01-05T10:00Z',
      view: { ...couple, client: { ...couple.client, tags: ['wedding'] } },
    })
    expect(let_in.told).toHaveLength(1)
  })
})

describe('waiting for an answer', () => {
  const journey = journeyOf(
    [ask(), tag('thanks'), mail('remind')],
    ['answer.happened>thanks', 'answer.timeout>remind'],
  )

  test('an answer on the last day wakes the run, and what was answered can be asked for', () => {
    const run = tell(journey, { at: '2027-01-05T10:00Z' })
      .at('2027-01-10T09:59Z')
      .happens('form_submitted', { guests: 80 })
    expect([run.tags, run.told]).toEqual([['thanks'], []])
    expect(run.run.state.outputs).toEqual({ answer: { guests: 80 } })
  })
  test('nobody answers: the timeout leads on, at its moment', () => {
    const run = tell(journey, { at: '2027-01-05T10:00Z' }).until('2027-02-01T00:00Z')
    expect(run.told).toEqual(['remind → partner_a 2027-01-10T10:00'])
  })
  test('another event leaves it waiting', () => {
    const run = tell(journey, { at: '2027-01-05T10:00Z' }).happens('payment_received')
    expect(run.places).toEqual(['answer:awaiting'])
  })
  test('an answer that does not fit the pattern leaves it waiting', () => {
    const picky = journeyOf([
      ask({ for: { event: 'form_submitted', if: { fact: 'event.form', is: 'equal', value: 'details' } } }),
    ])
    const run = tell(picky, { at: '2027-01-05T10:00Z' }).happens('form_submitted', { form: 'other' })
    expect(run.places).toEqual(['answer:awaiting'])
    expect(run.happens('form_submitted', { form: 'details' }).run.status).toBe('completed')
  })
  test('an answer that came earlier counts where the step says so, and only there', () => {
    const early = (more: object) =>
      tell(
        journeyOf(
          [wait('pause', { after: { days: 1 } }), ask(more), tag('thanks')],
          ['pause>answer', 'answer.happened>thanks'],
        ),
        {
          at: '2027-01-05T10:00Z',
        },
      )
        .happens('form_submitted', { form: 'details' })
        .until('2027-01-06T10:00Z')
    expect(early({ alsoPast: true }).tags).toEqual(['thanks'])
    expect(early({}).places).toEqual(['answer:awaiting'])
  })
  test('who answers this very question before it is asked is not asked, whatever else was answered', () => {
    const details = { event: 'form_submitted', if: { fact: 'event.form', is: 'equal', value: 'details' } }
    const walk = [wait('pause', { after: { days: 1 } }), ask({ alsoPast: true, for: details }), tag('thanks')]
    const early = (...forms: string[]) => {
      const run = tell(journeyOf(walk, ['pause>answer', 'answer.happened>thanks']), {
        at: '2027-01-05T10:00Z',
        by: { type: 'form_submitted', data: { form: 'inquiry' } },
      })
      for (const form of forms) run.happens('form_submitted', { form })
      return run.until('2027-01-06T10:00Z')
    }
    expect(early('playlist').places).toEqual(['answer:awaiting'])
    const answered = early('details', 'playlist')
    expect([answered.tags, answered.run.state.outputs]).toEqual([['thanks'], { answer: { form: 'details' } }])
  })
  test('the event that began the run counts as past, if it fits', () => {
    const journey = (value: string) =>
      journeyOf(
        [
          ask({
            alsoPast: true,
            for: { event: 'contract_signed', if: { fact: 'event.package', is: 'equal', value } },
          }),
          tag('thanks'),
        ],
        ['answer.happened>thanks'],
      )
    const by = { data: { package: 'full' } }
    expect(tell(journey('full'), { at: '2027-01-05T10:00Z', by }).tags).toEqual(['thanks'])
    expect(tell(journey('half'), { at: '2027-01-05T10:00Z', by }).places).toEqual(['answer:awaiting'])
  })
  test('a timeout that lies in the past already is over at once', () => {
    const late = journeyOf([ask({ timeout: daysBefore(30) }), tag('too_late')], ['answer.timeout>too_late'])
    expect(tell(late, { at: '2027-06-01T10:00Z', view: june }).tags).toEqual(['too_late'])
  })
  test('a timeout on an unknown date waits for the answer alone until the date is known', () => {
    const open = journeyOf([ask({ timeout: daysBefore(30) }), tag('too_late')], ['answer.timeout>too_late'])
    const run = tell(open, { at: '2027-01-05T10:00Z', view: withWedding(null, 'Europe/London', 1, couple) })
    expect([run.places, run.due]).toEqual([['answer:awaiting'], null])
    run.change(june, ['wedding'])
    expect(run.due).toBe('2027-05-13T08:00')
  })
})

describe('ways out', () => {
  const long = [wait('long', { after: { days: 100 } }), mail('late')]
  test('a goal completes the run from anywhere', () => {
    const journey = journeyOf(
      [...long, { id: 'paid', kind: 'goal', for: { event: 'payment_received' } }],
      ['long>late'],
    )
    const run = tell(journey, { at: '2027-01-05T10:00Z' }).happens('payment_received')
    expect([run.run.status, run.codes().includes('goal_reached'), run.due]).toEqual(['completed', true, null])
  })
  test('walking into a goal completes the run, and takes back what other arms had asked for', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['a', 'b'] },
        mail('letter'),
        { id: 'paid', kind: 'goal', for: { event: 'payment_received' } },
      ],
      ['both.a>letter', 'both.b>paid'],
    )
    const run = tell(journey, { at: '2027-01-05T10:00Z', answer: () => null })
    expect(run.run.status).toBe('completed')
    expect(run.effects.at(-1)).toMatchObject({ do: 'cancel_sends', names: 'all' })
  })
  test.each(['completed', 'cancelled'] as const)('an event of leaveOn ends the run as %s', (as) => {
    const journey = journeyOf(long, ['long>late'], { leaveOn: [{ on: { event: 'unsubscribed' }, as }] })
    expect(tell(journey, { at: '2027-01-05T10:00Z' }).happens('unsubscribed').run.status).toBe(as)
  })
})

describe('a step that repeats', () => {
  const weekly = (more: object = {}) =>
    journeyOf(
      [wait('again', { every: { days: 7 }, timesMax: 3, at: '10:00', ...more }), mail('remind'), tag('over')],
      ['again.again>remind', 'remind>again', 'again.done>over'],
    )
  test('comes as often as it says and then goes on', () => {
    const run = tell(weekly(), { at: '2027-01-05T10:00Z' }).until('2027-03-01T00:00Z')
    expect(run.told.map((one) => one.slice(-16))).toEqual([
      '2027-01-12T10:00',
      '2027-01-19T10:00',
      '2027-01-26T10:00',
    ])
    expect([run.tags, run.run.status]).toEqual([['over'], 'completed'])
    expect(run.run.state.rounds).toBeUndefined()
  })
  test('stops at its bound, which moves with the wedding', () => {
    const until = weekly({ timesMax: 50, until: { before: { days: 60 }, of: 'wedding' } })
    const run = tell(until, { at: '2027-03-20T10:00Z', view: june }).until('2027-04-01T00:00Z')
    run.change(withWedding('2027-06-26', 'Europe/London', 2, couple), ['wedding'])
    run.until('2027-12-01T00:00Z')
    expect(run.told.map((one) => one.slice(-16, -6))).toEqual([
      '2027-03-27',
      '2027-04-03',
      '2027-04-10',
      '2027-04-17',
      '2027-04-24',
    ])
    expect(run.tags).toEqual(['over'])
  })
  test('rounds swallowed by a pause are not made up for', () => {
    const run = tell(weekly(), { at: '2027-01-05T10:00Z' }).command({ do: 'pause' })
    run.until('2027-01-20T10:00Z')
    run.command({ do: 'resume' }).until('2027-01-20T23:00Z')
    const sameDay = run.told.filter((one) => one.includes('2027-01-20'))
    expect(sameDay.length).toBeLessThanOrEqual(1)
    run.until('2027-03-01T00:00Z')
    expect(run.run.status).toBe('completed')
    expect(run.told.length).toBeLessThanOrEqual(2)
  })
})
