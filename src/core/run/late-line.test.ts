import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { couple, daysBefore, journeyOf, mail, tell, wait } from '../../../test/fixtures/told-run.ts'
import { instantFrom } from '../time/instant.ts'
import { withWedding } from '../wedding/example-view.ts'

const june = withWedding('2027-06-12', 'Europe/London', 1, couple)
const by = (days: number) => ({ deadline: { before: { days }, of: 'wedding' } })
const late = (id: string, days: number, more: object = {}) =>
  mail(id, { when: daysBefore(days), late: 'compress', ...more })
const inLine = (...nodes: { id: string }[]) =>
  journeyOf(
    nodes,
    nodes.slice(1).map(({ id }, place) => `${nodes[place]!.id}>${id}`),
  )
/** Twenty days before the wedding, in the morning. */
const start = { at: '2027-05-23T09:00Z', view: june }
const days = (run: ReturnType<typeof tell>): string[] =>
  run.sends.map((one) => `${new Date(one.at).toISOString().slice(8, 10)} ${one.node}`)

describe('letters that are late together', () => {
  test('go one a day in their order, until one behind has to be there sooner', () => {
    const easy = tell(inLine(late('a', 80), late('b', 70), late('c', 60)), start)
    expect(days(easy.until('2027-06-20T00:00Z'))).toEqual(['23 a', '24 b', '25 c'])
    const hard = tell(inLine(late('a', 80), late('b', 70), late('c', 60, by(19))), start)
    expect(days(hard.until('2027-06-20T00:00Z'))).toEqual(['23 a', '24 c', '25 b'])
    expect(hard.run.status).toBe('completed')
  })

  test('the walk goes on behind the one that went first, and waits for nobody it has passed', () => {
    const run = tell(inLine(late('a', 80), late('b', 70, by(20)), mail('next')), start)
    expect(days(run.until('2027-06-20T00:00Z'))).toEqual(['23 b', '23 next', '24 a'])
    expect(run.codes('a').filter((code) => code === 'overtaken')).toHaveLength(1)
  })

  test('a wait between them that is over keeps nobody', () => {
    const journey = inLine(
      late('a', 80),
      wait('pause', daysBefore(70)),
      mail('b', { late: 'compress', ...by(20) }),
    )
    expect(days(tell(journey, start).until('2027-06-20T00:00Z'))).toEqual(['23 b', '24 a'])
  })

  test.each([['what asks what became of the letter', ['a>b', 'a.refused>other']]])(
    'nobody is passed by %s',
    (_, edges) => {
      const nodes = [late('a', 80), late('b', 70, by(20)), mail('other')]
      const run = tell(journeyOf(nodes, edges), start).until('2027-06-20T00:00Z')
      expect([days(run), run.tasks]).toEqual([['23 a'], ['b: late_task']])
    },
  )

  test('nor by an answer that is waited for, nor in a line whose letters go at once', () => {
    const asked = inLine(
      late('a', 80),
      { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: daysBefore(75) } as never,
      late('b', 70, by(20)),
    )
    const atOnce = inLine(late('a', 80, { late: 'send_now' }), late('b', 70, by(20)))
    for (const journey of [asked, atOnce])
      expect(days(tell(journey, start).until('2027-06-20T00:00Z'))[0]).toBe('23 a')
  })

  test('in the branches of a fork the deadline is first as well, whichever branch is walked first', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['one', 'two'] },
        late('a', 80),
        late('b', 70, by(20)),
        { id: 'end', kind: 'join', mode: 'all' },
        mail('then'),
      ],
      ['both.one>a', 'both.two>b', 'a>end', 'b>end', 'end>then'],
    )
    const run = tell(journey, start).until('2027-06-20T00:00Z')
    expect(days(run)).toEqual(['23 b', '24 a', '24 then'])
  })

  test.each([
    ['the deadline of the day goes first', by(19), ['23 now', '24 b', '25 a']],
    ['the one it was promised to keeps its day', {}, ['23 now', '24 a', '25 b']],
  ])('after an outage of hours they are spread anew: %s', (_, deadline, told) => {
    const journey = journeyOf(
      [
        mail('now', { when: daysBefore(90), late: 'send_now' }),
        { id: 'both', kind: 'fork', arms: ['one', 'two'] },
        late('a', 80),
        late('b', 70, deadline),
      ],
      ['now>both', 'both.one>a', 'both.two>b'],
    )
    const run = tell(journey, start).downUntil('2027-05-24T13:00Z').until('2027-06-20T00:00Z')
    expect(days(run)).toEqual(told)
  })

  test('a wedding that moves away meanwhile gives the one that was passed its own day back', () => {
    const run = tell(
      inLine(late('a', 80), late('b', 70, by(20)), mail('end', { when: daysBefore(2) })),
      start,
    )
    expect(days(run)).toEqual(['23 b'])
    run.change(withWedding('2027-10-12', 'Europe/London', 2, couple), ['wedding']).until('2027-11-01T00:00Z')
    expect(run.told.slice(1)).toEqual(['a → partner_a 2027-07-24T08:00', 'end → partner_a 2027-10-10T08:00'])
    expect(run.run.status).toBe('completed')
  })

  test('held and released, nothing is lost and nothing doubled', () => {
    const run = tell(inLine(late('a', 80), late('b', 70, by(20)), late('c', 60)), start)
    run.tell({ is: 'held', at: instantFrom('2027-05-23T10:00Z'), reason: 'pause' })
    run.at('2027-05-26T10:00Z').tell({ is: 'released', at: run.now, reason: 'pause' })
    expect(days(run.until('2027-06-20T00:00Z'))).toEqual(['23 b', '26 a', '27 c'])
  })
})

test('whatever the line: each goes once or is a human’s, one a day, and no deadline is missed for one that can wait', () => {
  const anyLine = fc.array(
    fc.record({
      policy: fc.constantFrom('compress', 'send_now'),
      deadline: fc.option(fc.integer({ min: 12, max: 20 })),
    }),
    { minLength: 1, maxLength: 7 },
  )
  fc.assert(
    fc.property(anyLine, (line) => {
      const nodes = line.map(({ policy, deadline }, place) =>
        late(`n${place}`, 90 - place, { late: policy, ...(deadline === null ? {} : by(deadline)) }),
      )
      const run = tell(inLine(...nodes), start).until('2027-06-20T00:00Z')
      const told = days(run)
      expect(
        [...run.sends.map((one) => one.node), ...run.tasks.map((task) => task.split(':')[0])].sort(),
      ).toEqual(nodes.map(({ id }) => id).sort())
      expect(new Set(told.map((one) => one.slice(0, 2))).size).toBe(told.length)
      for (const one of run.sends) if (one.deadline !== null) expect(one.at).toBeLessThanOrEqual(one.deadline)
      expect(run.run.status).toBe('completed')
      // Where all make way, as many deadlines are met as any order could meet: each day one, the nearest first.
      if (line.some((one) => one.policy !== 'compress')) return
      const lastDays = line
        .flatMap(({ deadline }) => (deadline === null ? [] : [20 - deadline]))
        .sort((a, b) => a - b)
      let day = 0
      for (const last of lastDays) if (last >= day) day++
      expect(run.sends.filter((one) => one.deadline !== null)).toHaveLength(day)
    }),
    { numRuns: 80 },
  )
})
