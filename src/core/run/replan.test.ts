import { describe, expect, test } from 'vitest'
import {
  couple,
  daysBefore,
  journeyOf,
  mail,
  silent,
  tag,
  tell,
  wait,
} from '../../../test/fixtures/told-run.ts'
import { withWedding } from '../wedding/example-view.ts'

const at = '2027-01-05T10:00Z'
const on = (day: string | null, generation: number) => withWedding(day, 'Europe/London', generation, couple)
const june = on('2027-06-12', 1)
const fortnight = (more: object = {}) => mail('fortnight', { when: daysBefore(14), ...more })
const told = (run: ReturnType<typeof tell>) => run.told.map((one) => one.slice(-16))

describe('a wedding moves', () => {
  test('follow: the message goes along, and the old moment is forgotten', () => {
    const run = tell(journeyOf([fortnight()]), { at, view: june }).change(on('2027-07-03', 2), ['wedding'])
    expect(told(run.until('2027-08-01T00:00Z'))).toEqual(['2027-06-19T08:00'])
  })
  test('keep: the message stays', () => {
    const run = tell(journeyOf([fortnight({ move: 'keep' })]), { at, view: june }).change(
      on('2027-07-03', 2),
      ['wedding'],
    )
    expect(told(run.until('2027-08-01T00:00Z'))).toEqual(['2027-05-29T08:00'])
    expect(run.codes('fortnight')).toContain('stays')
  })
  test('a wait, a timeout and a repeat follow as well', () => {
    const journey = journeyOf(
      [
        { id: 'all', kind: 'fork', arms: ['a', 'b'] },
        wait('pause', daysBefore(14)),
        { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: daysBefore(20) },
      ],
      ['all.a>pause', 'all.b>answer'],
    )
    const run = tell(journey, { at, view: june }).change(on('2027-07-03', 2), ['wedding'])
    expect(run.due).toBe('2027-06-13T08:00')
  })
  test('what hangs on another date stays', () => {
    const run = tell(journeyOf([fortnight()]), { at, view: june })
    const before = run.run
    expect(run.change(june, ['booking']).run).toEqual(before)
  })
  test('the time to answer a question of approval moves along', () => {
    const journey = journeyOf([{ id: 'ok', kind: 'approval', ask: 'Good?', timeout: daysBefore(30) }])
    const run = tell(journey, { at, view: june }).change(on('2027-07-03', 2), ['wedding'])
    expect(run.due).toBe('2027-06-03T08:00')
  })
})

describe('ask: a person decides', () => {
  const moved = () =>
    tell(journeyOf([fortnight({ move: 'ask' }), tag('next')], ['fortnight>next']), { at, view: june }).change(
      on('2027-07-03', 2),
      ['wedding'],
    )
  const token = 1
  test('a task is opened, due at the old moment', () => {
    const run = moved()
    expect([run.tasks, run.due, run.places]).toEqual([
      ['fortnight: date_moved'],
      '2027-05-29T08:00',
      ['fortnight:gated'],
    ])
  })
  test.each([
    ['follow', ['2027-06-19T08:00']],
    ['keep', ['2027-05-29T08:00']],
    ['send_now', ['2027-01-05T10:00']],
    ['skip', []],
  ] as const)('%s', (choice, when) => {
    const run = moved().command({ do: 'decide', token, choice })
    expect(run.effects).toContainEqual({ do: 'close_task', name: 'move|fortnight|1' })
    expect(told(run.until('2027-08-01T00:00Z'))).toEqual(when)
    expect(run.tags).toEqual(['next'])
  })
  test('nobody decides: it follows when the old moment comes, and the task is closed', () => {
    const run = moved().until('2027-05-29T08:00Z')
    expect(run.effects).toContainEqual({ do: 'close_task', name: 'move|fortnight|1' })
    expect(run.due).toBe('2027-06-19T08:00')
  })
  test('the task is ticked off without a choice: it follows', () => {
    const run = moved()
    run.tell({ is: 'task_done', at: run.now, name: 'move|fortnight|1', by: 'owner' })
    expect([run.due, run.places]).toEqual(['2027-06-19T08:00', ['fortnight:waiting']])
  })
  test('moved back before anybody decided: the question is void', () => {
    const run = moved().change(on('2027-06-12', 3), ['wedding'])
    expect([run.places, run.due]).toEqual([['fortnight:waiting'], '2027-05-29T08:00'])
    expect(run.effects).toContainEqual({ do: 'close_task', name: 'move|fortnight|1' })
  })
})

describe('undo', () => {
  const undoUntil = '2027-05-20T10:10Z'
  const nearer = (journey: ReturnType<typeof journeyOf>) => {
    const run = tell(journey, { at, view: june }).until('2027-05-20T10:00Z')
    const before = run.run.state.tokens
    run.change(on('2027-05-29', 2), ['wedding'], { undoUntil })
    return { run, before }
  }
  const plan = (tokens: readonly object[]) =>
    tokens.map(({ generation: _, ...token }: { generation?: number }) => token)
  test.each([
    ['a message', journeyOf([fortnight({ late: 'skip' })])],
    ['a wait', journeyOf([wait('pause', daysBefore(14)), mail('news')], ['pause>news'])],
    [
      'a timeout',
      journeyOf([{ id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: daysBefore(14) }]),
    ],
    [
      'a repeat',
      journeyOf(
        [
          wait('again', {
            every: { days: 20 },
            timesMax: 90,
            until: { before: { days: 10 }, of: 'wedding' },
          }),
          mail('news'),
        ],
        ['again.again>news', 'news>again'],
      ),
    ],
  ])('%s that the move made late is provisional, and the way back gives the first plan', (_, journey) => {
    const { run, before } = nearer(journey)
    expect(run.due).toBe('2027-05-20T10:10')
    const sent = run.sends.length
    run.at('2027-05-20T10:05Z').change(on('2027-06-12', 3), ['wedding'])
    expect(plan(run.run.state.tokens)).toEqual(plan(before))
    expect(run.sends.length).toBe(sent)
  })
  test('when the window closes, the late policy decides', () => {
    const { run } = nearer(journeyOf([fortnight({ late: 'skip' })]))
    expect(run.until('2027-05-20T10:09Z').raised).toEqual([])
    expect(run.until('2027-05-20T10:10Z').raised).toEqual(['late_skipped'])
  })
})

describe('resend', () => {
  const journey = journeyOf(
    [fortnight({ move: 'resend' }), wait('long', { after: { days: 300 } })],
    ['fortnight>long'],
  )
  const sent = () => tell(journey, { at, view: june }).until('2027-05-30T10:00Z')
  const editions = (run: ReturnType<typeof tell>) => run.sends.map((one) => one.edition)
  test('a date that really is another is told again: edition 2, then 3', () => {
    const run = sent().change(on('2027-07-03', 2), ['wedding'])
    expect(editions(run)).toEqual([1, 2])
    expect(editions(run.change(on('2027-07-10', 3), ['wedding']))).toEqual([1, 2, 3])
    expect(run.places).toEqual(['long:waiting'])
  })
  test('there and back is no news to anybody', () => {
    const run = sent().change(on('2027-07-03', 2), ['wedding'], { undoUntil: '2027-05-30T10:10Z' })
    run.at('2027-05-30T10:05Z').change(june, ['wedding'])
    expect(editions(run.change(on('2027-06-12', 3), ['wedding']).until('2027-07-01T00:00Z'))).toEqual([1])
  })
  test('two moves inside one window are told once, when the last can no longer be undone', () => {
    const run = sent().change(on('2027-07-03', 2), ['wedding'], { undoUntil: '2027-05-30T10:10Z' })
    run.at('2027-05-30T10:05Z').change(on('2027-07-10', 3), ['wedding'], { undoUntil: '2027-05-30T10:15Z' })
    expect(editions(run.until('2027-05-30T10:14Z'))).toEqual([1])
    expect(editions(run.until('2027-06-30T00:00Z'))).toEqual([1, 2])
  })
  test('moved while it was being sent: whoever got the old date gets the new one', () => {
    const run = tell(journey, { at, view: june, answer: silent }).until('2027-05-29T08:00Z')
    run.change(on('2027-07-03', 2), ['wedding'])
    run.settle('fortnight|1|1|0|partner_a', { is: 'done', exit: 'sent' })
    expect(run.sends.map((one) => one.name)).toEqual([
      'fortnight|1|1|0|partner_a',
      'fortnight|1|2|0|partner_a',
    ])
  })
  test('an update taken back before it left tells nothing, if the date is the old one again', () => {
    const run = sent()
    run.answer = silent
    run.change(on('2027-07-03', 2), ['wedding'])
    run.change(on('2027-06-12', 3), ['wedding'], { withdrawn: ['fortnight|1|2|0|partner_a'] })
    expect([editions(run), run.places]).toEqual([[1, 2], ['long:waiting']])
  })
  test('when the message is no longer in the journey, a person tells the couple, once', () => {
    const gone = journeyOf([wait('long', { after: { days: 300 } })])
    const run = sent().published(gone).change(on('2027-07-03', 2), ['wedding'])
    expect([editions(run), run.raised, run.places]).toEqual([[1], ['resend_gone'], ['long:waiting']])
    expect(run.change(on('2027-07-10', 3), ['wedding']).raised).toEqual(['resend_gone'])
  })
  test('an update that still waits goes with its message, and a person is told', () => {
    const gone = journeyOf([wait('long', { after: { days: 300 } })])
    const run = sent().change(on('2027-07-03', 2), ['wedding'], { undoUntil: '2027-05-30T10:10Z' })
    expect(run.places).toEqual(['long:waiting', 'fortnight:waiting'])
    run.published(gone)
    expect([run.places, run.raised]).toEqual([['long:waiting'], ['resend_gone']])
    expect(editions(run.until('2027-07-01T00:00Z'))).toEqual([1])
  })
  test('a held run tells the new date when it is released', () => {
    const run = sent().command({ do: 'pause' }).change(on('2027-07-03', 2), ['wedding'])
    expect(editions(run)).toEqual([1])
    expect(editions(run.command({ do: 'resume' }))).toEqual([1, 2])
  })
})

describe('a date to be confirmed', () => {
  test('parks what hangs on it and nothing else; a date lets it go', () => {
    const journey = journeyOf(
      [{ id: 'both', kind: 'fork', arms: ['a', 'b'] }, fortnight(), tag('now')],
      ['both.a>fortnight', 'both.b>now'],
    )
    const run = tell(journey, { at, view: on(null, 1) })
    expect([run.places, run.due, run.tags]).toEqual([['fortnight:waiting'], null, ['now']])
    run.change(on('2027-06-12', 2), ['wedding'])
    expect(told(run.until('2027-07-01T00:00Z'))).toEqual(['2027-05-29T08:00'])
  })
  test('a known date that becomes unknown parks again, and back again', () => {
    const run = tell(journeyOf([fortnight()]), { at, view: june }).change(on(null, 2), ['wedding'])
    expect(run.due).toBeNull()
    expect(run.change(on('2027-06-12', 3), ['wedding']).due).toBe('2027-05-29T08:00')
  })
})

test('a cancelled wedding ends the run and takes back what has not left, unless the journey is about just that', () => {
  const cancelled = { ...june, wedding: { ...june.wedding!, status: 'cancelled' as const } }
  const run = tell(journeyOf([mail('letter')]), { at, view: june, answer: silent }).change(cancelled, [])
  expect([run.run.status, run.effects.at(-1)]).toMatchObject([
    'cancelled',
    { do: 'cancel_sends', names: 'all' },
  ])
  const about = journeyOf([wait('pause', { after: { days: 1 } })], [], { onWeddingCancelled: 'stay' })
  expect(tell(about, { at, view: june }).change(cancelled, []).run.status).toBe('waiting')
})

test('as long as a cancelled wedding can be taken back its run is held with all it had planned', () => {
  const cancelled = { ...june, wedding: { ...june.wedding!, status: 'cancelled' as const } }
  const letter = mail('letter', { when: { before: { days: 14 }, of: 'wedding', at: '09:00' } })
  const undoUntil = '2027-01-05T10:10Z'
  const run = tell(journeyOf([letter]), { at, view: june })
  const [{ status, state }, { due }] = [run.run, run]
  run.change(cancelled, [], { undoUntil })
  expect([run.run.status, run.due, run.run.state.tokens]).toEqual([
    'paused',
    '2027-01-05T10:10',
    state.tokens,
  ])
  // Whatever else is said about the wedding meanwhile does not put it off.
  run.change({ ...cancelled, wedding: { ...cancelled.wedding, guests: 90 } }, [], {
    undoUntil: '2027-01-05T10:15Z',
  })
  expect(run.due).toBe('2027-01-05T10:10')
  run.change(june, [], { takesBack: at })
  expect([run.run.status, run.due, run.run.state]).toEqual([status, due, state])
  run.change(cancelled, [], { undoUntil }).until('2027-01-05T10:11Z')
  expect([run.run.status, run.run.state.endsAt]).toEqual(['cancelled', undefined])
})

describe('a run that begins with a date', () => {
  const journey = journeyOf(
    [
      {
        id: 'begin',
        kind: 'trigger',
        type: 'date',
        config: { when: { before: { days: 14 }, of: 'wedding', at: '09:00' } },
      },
      mail('news', { reminds: true }),
    ],
    ['begin>news'],
  )
  test('waits on its trigger, moves with the date, and is late for those who book too late', () => {
    const run = tell(journey, { at, view: june, by: null }).change(on('2027-07-03', 2), ['wedding'])
    expect(told(run.until('2027-08-01T00:00Z'))).toEqual(['2027-06-19T08:00'])
    const late = tell(journey, { at: '2027-06-05T10:00Z', view: june, by: null })
    expect([late.sends, late.raised]).toEqual([[], ['late_skipped']])
  })
})
