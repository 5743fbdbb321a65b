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
import type { NodeId } from '../ids.ts'
import { instantFrom } from '../time/instant.ts'
import { withWedding } from '../wedding/example-view.ts'

const at = '2027-01-05T10:00Z'
const june = withWedding('2027-06-12', 'Europe/London', 1, couple)
const simple = journeyOf(
  [wait('pause', { after: { days: 2 } }), mail('news', { late: 'skip' }), tag('after')],
  ['pause>news', 'news>after'],
)
const refused = (run: ReturnType<typeof tell>) =>
  run.because
    .filter((one) => one.code === 'ignored_event')
    .map((one) => one.values?.why ?? one.values?.status)

test('words are changed of a message that is still to come, and refused of one they do not come to again', () => {
  const journey = journeyOf(
    [mail('first'), wait('pause', { after: { days: 2 } }), mail('last')],
    ['first>pause', 'pause>last'],
  )
  const run = tell(journey, { at })
  run.command({ do: 'edit', node: 'last' as NodeId, edit: 'words' })
  expect(refused(run)).toEqual([])
  run.command({ do: 'edit', node: 'first' as NodeId, edit: 'words' })
  expect(refused(run)).toEqual(['They do not come to this message any more.'])
})

test('a command that names its step leaves whoever has gone on alone, and finds its branch where there are several', () => {
  const journey = journeyOf(
    [
      { id: 'both', kind: 'fork', arms: ['left', 'right'] },
      wait('walk', { after: { days: 2 } }),
      wait('rest', { after: { days: 9 } }),
      tag('walked'),
      tag('rested'),
    ],
    ['both.left>walk', 'both.right>rest', 'walk>walked', 'rest>rested'],
  )
  const run = tell(journey, { at })
  expect(refused(run.command({ do: 'skip' }))).toEqual([
    'The run stands in 2 places; say which branch is meant.',
  ])
  run.command({ do: 'skip', node: 'walk' as NodeId })
  expect([run.tags, run.places]).toEqual([['walked'], ['rest:waiting']])
  run.command({ do: 'skip', node: 'walk' as NodeId })
  expect([run.tags, run.places]).toEqual([['walked'], ['rest:waiting']])
  expect(refused(run).at(-1)).toBe('They do not stand at this step any more.')
})

describe('pause and resume', () => {
  test('nothing starts while paused, and what fell due meanwhile follows its late policy', () => {
    const run = tell(simple, { at }).command({ do: 'pause' })
    expect([run.run.status, run.due]).toEqual(['paused', null])
    run.tell({ is: 'due', at: instantFrom('2027-01-20T10:00Z') })
    expect(run.places).toEqual(['pause:waiting'])
    run.command({ do: 'resume' })
    expect([run.raised, run.tags, run.tasks]).toEqual([['late_skipped'], ['after'], []])
  })
  test('a pause that ends in time changes nothing', () => {
    const run = tell(simple, { at })
      .command({ do: 'pause' })
      .at('2027-01-06T10:00Z')
      .command({ do: 'resume' })
      .until('2027-01-20T00:00Z')
    expect(run.told).toEqual(['news → partner_a 2027-01-07T10:00'])
  })
  test('many steps that fell due in a pause come as one catch-up a day, never as a burst', () => {
    const arms = ['a', 'b', 'c', 'd']
    const journey = journeyOf(
      [
        { id: 'all', kind: 'fork', arms },
        ...arms.map((arm) => mail(`news_${arm}`, { when: { after: { days: 3 } }, late: 'send_now' })),
      ],
      arms.map((arm) => `all.${arm}>news_${arm}`),
    )
    const run = tell(journey, { at })
      .command({ do: 'pause' })
      .at('2027-02-01T10:00Z')
      .command({ do: 'resume' })
      .until('2027-03-01T00:00Z')
    const on = run.sends.map((one) => new Date(one.at).toISOString().slice(0, 10))
    expect(on).toEqual(['2027-02-01', '2027-02-02', '2027-02-03', '2027-02-04'])
  })
  test('a timeout that passed in a pause makes what follows late, not a matter of an outage', () => {
    const journey = journeyOf(
      [
        { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 2 } } },
        mail('remind', { reminds: true }),
      ],
      ['answer.timeout>remind'],
    )
    const run = tell(journey, { at })
      .command({ do: 'pause' })
      .at('2027-02-01T10:00Z')
      .command({ do: 'resume' })
    expect([run.raised, run.tasks, run.run.status]).toEqual([['late_skipped'], [], 'completed'])
  })
  test('an answer that comes in a pause is heard', () => {
    const journey = journeyOf(
      [
        { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 2 } } },
        tag('thanks'),
      ],
      ['answer.happened>thanks'],
    )
    const run = tell(journey, { at }).command({ do: 'pause' }).happens('form_submitted')
    expect(run.tags).toEqual([])
    expect(run.command({ do: 'resume' }).tags).toEqual(['thanks'])
  })
  test.each([
    [
      'a date that moves',
      (run: ReturnType<typeof tell>) =>
        run.change(withWedding('2027-01-10', 'Europe/London', 2, couple), ['wedding']),
    ],
    [
      'a send that became stale',
      (run: ReturnType<typeof tell>) => run.settle('news|1|1|0|partner_a', { is: 'stale' }),
    ],
  ])('%s sends nothing while the run is held', (_, what) => {
    const journey = journeyOf([mail('news', { when: daysBefore(14), late: 'send_now' })])
    const run = tell(journey, { at: '2027-05-29T08:00Z', view: june, answer: silent }).command({
      do: 'pause',
    })
    const sent = run.sends.length
    what(run)
    expect(run.sends.length).toBe(sent)
    expect(run.run.status).toBe('paused')
  })
  test('a late message planned while paused goes only after the resume', () => {
    const journey = journeyOf([mail('news', { when: daysBefore(14), late: 'send_now' })])
    const run = tell(journey, { at, view: june }).command({ do: 'pause' })
    run.change(withWedding('2027-01-10', 'Europe/London', 2, couple), ['wedding'])
    expect(run.sends).toEqual([])
    expect(run.at('2027-01-06T10:00Z').command({ do: 'resume' }).told).toEqual([
      'news → partner_a 2027-01-06T10:00',
    ])
  })
})

describe('holds', () => {
  const held = { ...couple, client: { ...couple.client, holds: ['hold:date'] } }
  test('a run that begins while its client is held waits for the release', () => {
    const run = tell(journeyOf([mail('news')]), { at, view: held })
    expect([run.run.status, run.due, run.sends]).toEqual(['paused', null, []])
    expect(run.tell({ is: 'released', at: run.now, reason: 'hold:date' }).sends).toHaveLength(1)
  })
  test('two reasons are two holds', () => {
    const run = tell(journeyOf([mail('news')]), { at, view: held }).command({ do: 'pause' })
    run.tell({ is: 'released', at: run.now, reason: 'hold:date' })
    expect(run.run.status).toBe('paused')
    expect(run.command({ do: 'resume' }).sends).toHaveLength(1)
  })
  test('the same reason twice is one hold, and an unknown release changes nothing', () => {
    const run = tell(simple, { at })
    run
      .tell({ is: 'held', at: run.now, reason: 'hold:date' })
      .tell({ is: 'held', at: run.now, reason: 'hold:date' })
    run.tell({ is: 'released', at: run.now, reason: 'hold:other' })
    expect(run.run.state.holds).toEqual(['hold:date'])
    expect(run.tell({ is: 'released', at: run.now, reason: 'hold:date' }).run.state.holds).toBeUndefined()
  })
})

describe('one step', () => {
  test('snoozed: it goes when the person said', () => {
    const journey = journeyOf([mail('news', { when: { after: { days: 1 } } })])
    const run = tell(journey, { at }).command({ do: 'snooze', until: instantFrom('2027-01-12T09:00Z') })
    expect(run.until('2027-02-01T00:00Z').told).toEqual(['news → partner_a 2027-01-12T09:00'])
  })
  test('a snoozed repeat goes on repeating', () => {
    const journey = journeyOf(
      [wait('again', { every: { days: 7 }, timesMax: 2, at: '10:00' }), mail('remind')],
      ['again.again>remind', 'remind>again'],
    )
    const run = tell(journey, { at })
      .command({ do: 'snooze', until: instantFrom('2027-01-14T10:00Z') })
      .until('2027-03-01T00:00Z')
    expect(run.told.map((one) => one.slice(-16, -6))).toEqual(['2027-01-14', '2027-01-19'])
  })
  test('skipped: the walk goes on without it', () => {
    const run = tell(
      journeyOf([mail('news', { when: { after: { days: 1 } } }), tag('after')], ['news>after']),
      { at },
    ).command({ do: 'skip' })
    expect([run.sends, run.tags]).toEqual([[], ['after']])
  })
  test('a message on its way is taken back when it is skipped', () => {
    const run = tell(journeyOf([mail('news'), tag('after')], ['news>after']), { at, answer: silent }).command(
      { do: 'skip' },
    )
    expect(run.effects).toContainEqual({ do: 'cancel_sends', names: ['news|1|1|0|partner_a'], why: 'person' })
    expect(run.tags).toEqual(['after'])
  })
  test('a skipped approval is no yes', () => {
    const journey = journeyOf(
      [{ id: 'ok', kind: 'approval', ask: 'Good?', timeout: { after: { days: 2 } } }, tag('yes'), tag('no')],
      ['ok.approved>yes', 'ok.skipped>no'],
    )
    const run = tell(journey, { at }).command({ do: 'skip' })
    expect(run.tags).toEqual(['no'])
    expect(run.effects).toContainEqual({ do: 'close_approval', name: 'approval|ok|1' })
  })
  test('a skipped round is counted and left out', () => {
    const journey = journeyOf(
      [wait('again', { every: { days: 7 }, timesMax: 2, at: '10:00' }), mail('remind')],
      ['again.again>remind', 'remind>again'],
    )
    const run = tell(journey, { at }).command({ do: 'skip' }).until('2027-03-01T00:00Z')
    expect(run.told.map((one) => one.slice(-16, -6))).toEqual(['2027-01-19'])
  })
  test('done now: a wait is over, a message goes', () => {
    expect(tell(simple, { at }).command({ do: 'do_now' }).told).toEqual(['news → partner_a 2027-01-05T10:00'])
    const own = journeyOf([mail('news', { when: daysBefore(14) })])
    expect(tell(own, { at, view: june }).command({ do: 'do_now' }).told).toHaveLength(1)
  })
  test('jump: elsewhere at once, without the lateness of what is left behind', () => {
    const run = tell(simple, { at }).command({ do: 'jump', to: 'after' as never })
    expect([run.tags, run.sends, run.run.status]).toEqual([['after'], [], 'completed'])
  })
  test('which of several places is meant must be said', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['a', 'b'] },
        wait('one', { after: { days: 1 } }),
        wait('two', { after: { days: 1 } }),
      ],
      ['both.a>one', 'both.b>two'],
    )
    const run = tell(journey, { at }).command({ do: 'skip' })
    expect(refused(run)).toEqual(['The run stands in 2 places; say which branch is meant.'])
    run.command({ do: 'skip', token: run.run.state.tokens[0]!.id })
    expect(run.places).toEqual(['two:waiting'])
  })
})

describe('refused, with a reason', () => {
  test.each([
    [{ do: 'resume' }, 'The run is not paused.'],
    [{ do: 'snooze', until: instantFrom('2027-01-01T00:00Z') }, 'Snooze needs a moment in the future.'],
    [{ do: 'jump', to: 'nowhere' as never }, 'This version has no step nowhere.'],
    [{ do: 'retry' }, 'Only a stuck step can be retried.'],
    [{ do: 'decide', token: 1, choice: 'keep' }, 'This step asks for no decision.'],
    [{ do: 'skip', token: 9 }, 'The run has no branch 9.'],
  ] as const)('%j', (command, why) => {
    const run = tell(simple, { at })
    const before = run.run
    expect(refused(run.command(command))).toEqual([why])
    expect(run.run).toEqual(before)
  })
  test('a step is not done now while the run is held, nor paused twice', () => {
    const run = tell(simple, { at })
      .command({ do: 'pause' })
      .command({ do: 'do_now' })
      .command({ do: 'pause' })
    expect(refused(run)).toEqual(['The run is held; release it first.', 'The run is paused already.'])
  })
})

describe('the whole run', () => {
  test('stop: cancelled, gates closed, and nothing moves it any more', () => {
    const journey = journeyOf([{ id: 'call', kind: 'action', do: { task: { title: 'Call', gate: true } } }])
    const run = tell(journey, { at }).command({ do: 'stop', reason: 'they asked' })
    expect([run.run.status, run.effects.at(-1)]).toEqual([
      'cancelled',
      { do: 'close_task', name: 'task|call|1' },
    ])
    const before = run.run
    run
      .command({ do: 'resume' })
      .happens('form_submitted')
      .tell({ is: 'due', at: instantFrom('2027-03-01T00:00Z') })
    expect([run.run, refused(run)]).toEqual([before, ['cancelled', 'cancelled', 'cancelled']])
  })
  test('restart: from the beginning, under new names, also when it was finished', () => {
    const run = tell(journeyOf([mail('news')]), { at }).command({ do: 'restart' })
    expect(run.sends.map((one) => one.name)).toEqual(['news|1|1|0|partner_a', 'news|2|1|0|partner_a'])
    expect(run.run.status).toBe('completed')
  })
  test('a restart does not get round a hold of the client', () => {
    const run = tell(journeyOf([mail('news')]), { at })
    run.view = { ...run.view, client: { ...run.view.client, holds: ['hold:date'] } }
    run.command({ do: 'restart' })
    expect([run.run.status, run.sends.length]).toEqual(['paused', 1])
  })
})
