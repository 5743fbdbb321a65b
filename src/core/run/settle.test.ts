import { describe, expect, test } from 'vitest'
import {
  type Answer,
  accepted,
  anna,
  ben,
  couple,
  daysBefore,
  journeyOf,
  mail,
  person,
  silent,
  tag,
  tell,
} from '../../../test/fixtures/told-run.ts'
import { withWedding } from '../wedding/example-view.ts'

const at = '2027-01-05T10:00Z'
const both = { ...couple, people: [anna, ben] }
const withoutMail = { ...both, people: [{ ...anna, reach: { sms: 'anna' } }] }
const toAnna = 'letter|1|1|0|partner_a'
const toBen = 'letter|1|1|0|partner_b'
const refused: Answer = () => ({ is: 'failed', cause: 'mailbox_gone', permanent: true })
const letter = (more: object = {}, edges: string[] = []) =>
  journeyOf([mail('letter', more), tag('next'), tag('other')], ['letter.sent>next', ...edges])

describe('one recipient', () => {
  test('a message that went leads on by its exit, with what came of it', () => {
    const run = tell(letter(), {
      at,
      answer: () => ({ is: 'done', exit: 'sent', outputs: { opened: true } }),
    })
    expect([run.tags, run.run.state.outputs]).toEqual([['next'], { letter: { opened: true } }])
  })
  test.each([
    ['continue', 'refused is connected', {}, ['letter.refused>other'], ['other']],
    ['continue', 'refused is not connected', {}, [], ['next']],
    ['branch', 'failed is connected', { onFailure: 'branch' }, ['letter.failed>other'], ['other']],
    ['task', 'and it goes on', { onFailure: 'task' }, [], ['next']],
  ] as const)('refused, %s: %s', (policy, _, more, edges, tags) => {
    const run = tell(letter(more, [...edges]), { at, answer: refused })
    expect(run.tags).toEqual(tags)
    expect(run.raised).toEqual(['failed_send'])
    expect(run.tasks).toEqual(policy === 'task' ? ['letter: mailbox_gone'] : [])
  })
  test('refused, stop: the run stands there and names the cause, and can be retried', () => {
    const run = tell(letter({ onFailure: 'stop' }), { at, answer: refused })
    expect(run.run.state.tokens).toMatchObject([{ is: 'stuck', problem: { code: 'mailbox_gone' } }])
    expect([run.raised, run.due]).toEqual([['failed_send', 'stuck'], null])
    run.answer = () => ({ is: 'done', exit: 'sent' })
    run.command({ do: 'retry' })
    expect([run.tags, run.sends.map((one) => one.visit)]).toEqual([['next'], [1, 2]])
  })
  test('nobody knows whether it arrived: shown, and the walk goes on', () => {
    const run = tell(letter(), { at, answer: () => ({ is: 'unresolved', cause: 'silence' }) })
    expect([run.tags, run.raised]).toEqual([['next'], ['unresolved']])
  })
  test.each([
    ['refused for good', refused, both, ['letter', 'text']],
    ['to nobody who has an address', accepted, withoutMail, ['text']],
    ['arrived', accepted, both, ['letter']],
    [
      'arrived or not, nobody knows',
      () => ({ is: 'unresolved', cause: 'silence' }) as const,
      both,
      ['letter'],
    ],
  ])(
    'another channel is a step of its own, taken only when the letter surely is not there: %s',
    (_, answer, view, sent) => {
      const text = mail('text', { type: 'sms', config: { text: 'Your list, please' } })
      const journey = journeyOf(
        [mail('letter', { onFailure: 'branch' }), text, tag('next')],
        ['letter.sent>next', 'letter.failed>text', 'text>next'],
      )
      const one = { ...view, people: view.people.slice(0, 1) }
      const run = tell(journey, {
        at,
        view: one,
        answer: (send) => (send.node === 'text' ? accepted(send) : answer(send)),
      })
      expect([run.sends.map(({ node }) => node), run.tags]).toEqual([sent, ['next']])
    },
  )
  test('suppressed at the last moment follows the failure policy', () => {
    const run = tell(letter({ onFailure: 'task' }), {
      at,
      answer: () => ({ is: 'suppressed', cause: 'unsubscribed' }),
    })
    expect([run.tasks, run.tags]).toEqual([['letter: unsubscribed'], ['next']])
  })
  test('a field without a value blocks the message until somebody has looked, also after its moment', () => {
    const journey = journeyOf(
      [mail('letter', { when: daysBefore(14), late: 'skip' }), tag('next')],
      ['letter>next'],
    )
    const run = tell(journey, {
      at,
      view: withWedding('2027-06-12', 'Europe/London', 1, couple),
      answer: () => ({ is: 'blocked', code: 'missing_field', message: 'No name: yet.' }),
    })
    run.until('2027-05-30T12:00Z')
    expect(run.run.state.tokens).toMatchObject([
      { is: 'stuck', problem: { code: 'missing_field', message: 'No name: yet.' } },
    ])
    run.answer = () => ({ is: 'done', exit: 'sent' })
    expect(run.command({ do: 'retry' }).tags).toEqual(['next'])
    expect(run.sends.map((one) => one.visit)).toEqual([1, 2])
  })
  test('stale: planned anew by the date as it is now', () => {
    const journey = journeyOf([mail('letter', { when: daysBefore(14) })])
    const run = tell(journey, {
      at,
      view: withWedding('2027-06-12', 'Europe/London', 1, couple),
      answer: silent,
    }).until('2027-05-29T08:00Z')
    run.view = withWedding('2027-07-03', 'Europe/London', 2, run.view)
    run.settle('letter|1|1|0|partner_a', { is: 'stale' })
    expect([run.places, run.due]).toEqual([['letter:waiting'], '2027-06-19T08:00'])
  })
  test('a failed action leads on by failed where that is connected', () => {
    const hook = { id: 'hook', kind: 'action', do: { webhook: { url: 'https://example.org/hook' } } }
    const by = (edges: string[]) =>
      tell(journeyOf([hook, tag('next'), tag('other')], edges), { at, answer: refused }).tags
    expect(by(['hook.next>next', 'hook.failed>other'])).toEqual(['other'])
    expect(by(['hook.next>next'])).toEqual(['next'])
  })
})

describe('several recipients', () => {
  const anniesOnly =
    (other: Answer): Answer =>
    (send) =>
      send.recipient === 'partner_a' ? { is: 'done', exit: 'sent' } : other(send)

  test('one refused and one sent: the step is done, and the refusal is told', () => {
    const run = tell(letter({}, ['letter.refused>other']), { at, view: both, answer: anniesOnly(refused) })
    expect([run.tags, run.raised]).toEqual([['next'], ['failed_send']])
  })
  test('the ordinary way is taken when one was reached, whoever answered first', () => {
    const run = tell(letter({}, ['letter.refused>other']), { at, view: both, answer: silent })
    run.settle(toBen, { is: 'done', exit: 'refused' })
    expect(run.places).toEqual(['letter:acting'])
    expect(run.settle(toAnna, { is: 'done', exit: 'sent' }).tags).toEqual(['next'])
  })
  test('one blocked, one sent: a retry writes only to the one who has not had it', () => {
    const run = tell(letter(), { at, view: both, answer: silent })
    run.settle(toBen, { is: 'blocked', code: 'missing_field', message: 'No name.' })
    expect(run.places).toEqual(['letter:acting'])
    run.settle(toAnna, { is: 'done', exit: 'sent' })
    expect(run.places).toEqual(['letter:stuck'])
    run.command({ do: 'retry' })
    expect(run.sends.slice(2)).toMatchObject([{ recipient: 'partner_b', visit: 2 }])
    expect(run.settle('letter|2|1|0|partner_b', { is: 'done', exit: 'sent' }).tags).toEqual(['next'])
  })
  test('one sent, one withdrawn by a move: only the other is planned anew, and the run does not hang', () => {
    const june = withWedding('2027-06-12', 'Europe/London', 1, both)
    const run = tell(journeyOf([mail('letter', { when: daysBefore(14) }), tag('next')], ['letter>next']), {
      at,
      view: june,
      answer: silent,
    })
    run.until('2027-05-29T08:00Z').settle(toAnna, { is: 'done', exit: 'sent' })
    run.change(withWedding('2027-07-03', 'Europe/London', 2, both), ['wedding'], { withdrawn: [toBen] })
    expect([run.places, run.due]).toEqual([['letter:waiting'], '2027-06-19T08:00'])
    run.answer = () => ({ is: 'done', exit: 'sent' })
    run.until('2027-07-01T00:00Z')
    expect(run.told).toEqual([
      'letter → partner_a 2027-05-29T08:00',
      'letter → partner_b 2027-05-29T08:00',
      'letter → partner_b 2027-06-19T08:00',
    ])
    expect(run.tags).toEqual(['next'])
  })
  test('an address they share is written to once', () => {
    const run = tell(letter(), { at, view: { ...couple, people: [anna, person('partner_b', 'anna')] } })
    expect(run.sends.map((one) => one.recipient)).toEqual(['partner_a'])
  })
  test('a partner without an address is no obstacle to the other', () => {
    const run = tell(letter(), { at, view: { ...couple, people: [person('partner_a', null), ben] } })
    expect([run.sends.map((one) => one.recipient), run.raised]).toEqual([['partner_b'], []])
  })
  test.each([
    ['no_address', person('partner_a', null)],
    ['no_consent', person('partner_a', 'anna', ['transactional'])],
  ] as const)('%s: nobody can be written to, which is told, and the walk goes on', (code, one) => {
    const run = tell(letter(), { at, view: { ...couple, people: [one] } })
    expect([run.sends, run.raised, run.tags]).toEqual([[], [code], ['next']])
  })
  test('nobody is meant: told as well', () => {
    expect(tell(letter({ to: 'planner' }), { at }).raised).toEqual(['no_recipient'])
  })
})

test('an answer that comes twice, or after its step was skipped, changes nothing', () => {
  const run = tell(letter(), { at, view: both, answer: silent }).settle(toAnna, { is: 'done', exit: 'sent' })
  const before = run.run
  run.settle(toAnna, { is: 'failed', cause: 'late', permanent: true })
  expect([run.run, run.raised]).toEqual([before, []])
  run.command({ do: 'skip' })
  expect(run.settle(toBen, { is: 'done', exit: 'sent' }).codes().at(-1)).toBe('ignored_event')
})

describe('a message that asks for a yes first', () => {
  const journey = journeyOf(
    [mail('letter', { approval: { timeout: { after: { days: 2 } } } }), tag('next')],
    ['letter>next'],
  )
  const gate = 'approval|letter|1'
  const answer = (run: ReturnType<typeof tell>, said: 'approved' | 'skipped') =>
    run.tell({ is: 'approval_answered', at: run.now, name: gate, answer: said, by: 'owner' })

  test('approved: it goes; skipped: it does not', () => {
    expect(answer(tell(journey, { at }), 'approved').told).toHaveLength(1)
    const skipped = answer(tell(journey, { at }), 'skipped')
    expect([skipped.sends, skipped.tags]).toEqual([[], ['next']])
  })
  test('no answer in time: it does not go, the question is closed and told', () => {
    const run = tell(journey, { at }).until('2027-01-07T10:00Z')
    expect([run.sends, run.tags, run.raised]).toEqual([[], ['next'], ['approval_timed_out']])
    expect(run.effects).toContainEqual({ do: 'close_approval', name: gate })
  })
  test('a yes at night waits for the morning', () => {
    const view = {
      ...couple,
      vendor: { ...couple.vendor, openHours: { email: { from: '08:00', to: '20:00' } as never } },
    }
    const run = answer(tell(journey, { at, view }).at('2027-01-05T23:00Z'), 'approved')
    expect(run.until('2027-01-07T00:00Z').told).toEqual(['letter → partner_a 2027-01-06T08:00'])
  })
  test('the wedding moves while the yes is waited for: the approved message waits for its new moment', () => {
    const dated = journeyOf([
      mail('letter', { when: daysBefore(14), approval: { timeout: { after: { days: 2 } } } }),
    ])
    const run = tell(dated, { at, view: withWedding('2027-06-12', 'Europe/London', 1, couple) }).until(
      '2027-05-29T09:00Z',
    )
    run.change(withWedding('2027-07-03', 'Europe/London', 2, couple), ['wedding'])
    answer(run, 'approved').until('2027-07-01T00:00Z')
    expect(run.told).toEqual(['letter → partner_a 2027-06-19T08:00'])
  })
  test.each(['approved', 'skipped', 'timeout'] as const)('an approval of its own leads on by %s', (exit) => {
    const own = journeyOf(
      [
        { id: 'ok', kind: 'approval', ask: 'Good?', timeout: { after: { days: 2 } } },
        tag('approved'),
        tag('skipped'),
        tag('timeout'),
      ],
      ['ok.approved>approved', 'ok.skipped>skipped', 'ok.timeout>timeout'],
    )
    const run = tell(own, { at })
    if (exit === 'timeout') run.until('2027-01-08T00:00Z')
    else run.tell({ is: 'approval_answered', at: run.now, name: 'approval|ok|1', answer: exit, by: 'owner' })
    expect(run.tags).toEqual([exit])
  })
})

describe('what changes our own house', () => {
  test.each([
    [{ setStage: 'planning' }, { do: 'set_stage', stage: 'planning' }],
    [{ addTag: 'vip' }, { do: 'add_tag', tag: 'vip' }],
    [{ removeTag: 'vip' }, { do: 'remove_tag', tag: 'vip' }],
    [
      { setField: 'rain', value: true },
      { do: 'set_field', field: 'rain', value: true },
    ],
    [{ startJourney: 'after' }, { do: 'start_journey', journey: 'after', name: 'act|1' }],
    [{ stopJourney: 'before' }, { do: 'stop_journey', journey: 'before', name: 'act|1' }],
    [{ holdJourneys: 'date' }, { do: 'hold_journeys', reason: 'date' }],
    [{ releaseJourneys: 'date' }, { do: 'release_journeys', reason: 'date' }],
  ])('%j', (action, effect) => {
    const run = tell(journeyOf([{ id: 'act', kind: 'action', do: action }, tag('next')], ['act>next']), {
      at,
    })
    expect(run.effects[0]).toEqual(effect)
    expect(run.run.status).toBe('completed')
  })
  test('a note to the team and a signed webhook are sent like messages', () => {
    const journey = journeyOf(
      [
        { id: 'note', kind: 'action', do: { notify: { text: 'They booked!' } } },
        { id: 'hook', kind: 'action', do: { webhook: { url: 'https://example.org/h' } } },
      ],
      ['note>hook'],
    )
    expect(tell(journey, { at }).sends).toMatchObject([
      { recipient: 'member:owner', kind: { is: 'notify' } },
      { recipient: 'house', channel: 'webhook' },
    ])
  })
  test('a task lets the walk go on; a gate holds it until it is done', () => {
    const task = (gate: boolean) =>
      journeyOf(
        [{ id: 'call', kind: 'action', do: { task: { title: 'Call', gate } } }, tag('next')],
        ['call>next'],
      )
    expect(tell(task(false), { at }).tags).toEqual(['next'])
    const run = tell(task(true), { at })
    expect([run.tags, run.due]).toEqual([[], null])
    expect(run.tell({ is: 'task_done', at: run.now, name: 'task|call|1', by: 'owner' }).tags).toEqual([
      'next',
    ])
  })
})
