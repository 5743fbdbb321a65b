import { describe, expect, test } from 'vitest'
import {
  answer,
  daysBefore,
  draft,
  end,
  type Loose,
  mail,
  repeat,
  tagged,
  task,
  trigger,
} from '../../../test/fixtures/draft.ts'
import { generatedJourney } from '../../../test/fixtures/generated-journey.ts'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { check, errorsOf } from './check.ts'
import type { Journey } from './graph.ts'

describe('thirty-two bad journeys, and each is found', () => {
  const seeds: [code: string, node: string | undefined, journey: Journey][] = [
    ['no_trigger', undefined, draft([mail('a')], [])],
    ['second_trigger', 'two', draft([trigger, { ...trigger, id: 'two' }, mail('a')], ['begin>a', 'two>a'])],
    ['id_taken', 'a', draft([trigger, mail('a'), mail('a')], ['begin>a'])],
    ['unknown_node', 'begin', draft([trigger, mail('welcome')], ['begin>welcom', 'begin>welcome'])],
    ['into_trigger', 'a', draft([trigger, mail('a')], ['begin>a', 'a>begin'])],
    ['no_exit', 'end', draft([trigger, end, mail('a')], ['begin>end', 'end>a'])],
    [
      'unknown_exit',
      'answer',
      draft([trigger, answer, end], ['begin>answer', 'answer.happend>end', 'answer.timeout>end']),
    ],
    ['exit_unnamed', 'answer', draft([trigger, answer, end], ['begin>answer', 'answer>end'])],
    ['exit_doubled', 'begin', draft([trigger, mail('a'), mail('b')], ['begin>a', 'begin>b'])],
    ['unreachable', 'b', draft([trigger, mail('a'), mail('b')], ['begin>a'])],
    [
      'exit_taken',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [
              { exit: 'x', if: tagged('a') },
              { exit: 'x', if: tagged('b') },
            ],
          },
          end,
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>end'],
      ),
    ],
    ['fork_form', 'f', draft([trigger, { id: 'f', kind: 'fork' }], ['begin>f'])],
    ['loop_without_wait', 'a', draft([trigger, mail('a'), mail('b')], ['begin>a', 'a>b', 'b>a'])],
    [
      'loop_without_bound',
      'a',
      draft(
        [trigger, mail('a'), { id: 'd', kind: 'delay', wait: { after: { days: 2 } } }],
        ['begin>a', 'a>d', 'd>a'],
      ),
    ],
    [
      'loop_without_bound',
      'again',
      draft(
        [trigger, repeat, mail('a'), mail('b')],
        ['begin>again', 'again.again>a', 'a>again', 'again.done>b', 'b>again'],
      ),
    ],
    [
      'join_without_fork',
      'j',
      draft([trigger, { id: 'j', kind: 'join', mode: 'all' }, end], ['begin>j', 'j>end']),
    ],
    [
      'mixed_forks',
      'j',
      draft(
        [
          trigger,
          { id: 'c', kind: 'condition', cases: [{ exit: 'x', if: tagged('a') }] },
          { id: 'f', kind: 'fork', arms: ['l', 'r'] },
          { id: 'j', kind: 'join', mode: 'all' },
          end,
        ],
        ['begin>c', 'c.x>f', 'f.l>j', 'f.r>j', 'c.otherwise>j', 'j>end'],
      ),
    ],
    [
      'too_many_tokens',
      'f',
      draft(
        [
          trigger,
          { id: 'f', kind: 'fork', each: 'vendor' },
          { id: 'g', kind: 'fork', arms: ['l', 'r'] },
          mail('a'),
          mail('b'),
        ],
        ['begin>f', 'f.each>g', 'g.l>a', 'g.r>b'],
      ),
    ],
    ['unknown_module', 'a', draft([trigger, mail('a', { type: 'emial' })], ['begin>a'])],
    ['unknown_trigger', 'begin', draft([{ ...trigger, type: 'contract_sinned' }, mail('a')], ['begin>a'])],
    ['missing', 'a', draft([trigger, mail('a', { config: { subject: 'x' } })], ['begin>a'])],
    [
      'unknown_key',
      'begin',
      draft([{ ...trigger, type: 'form_submitted', config: { fomr: 'x' } }, mail('a')], ['begin>a']),
    ],
    [
      'no_such_day',
      'd',
      draft([trigger, { id: 'd', kind: 'delay', wait: { on: '2027-02-29' } }, task('t')], ['begin>d', 'd>t']),
    ],
    [
      'no_such_zone',
      'd',
      draft(
        [
          trigger,
          { id: 'd', kind: 'delay', wait: { on: '2027-02-28', zone: { fixed: 'Europe/Roma' } } },
          task('t'),
        ],
        ['begin>d', 'd>t'],
      ),
    ],
    ['repeat_not_here', 'a', draft([trigger, mail('a', { when: repeat.wait, late: 'skip' })], ['begin>a'])],
    [
      'repeat_without_pause',
      'again',
      draft(
        [trigger, { ...repeat, wait: { every: { days: 0 }, timesMax: 3 } }, mail('a'), end],
        ['begin>again', 'again.again>a', 'a>again', 'again.done>end'],
      ),
    ],
    ['each_of_nobody', 'a', draft([trigger, mail('a', { to: 'each' })], ['begin>a'])],
    [
      'unknown_fact',
      'c',
      draft(
        [
          trigger,
          { id: 'c', kind: 'condition', cases: [{ exit: 'x', if: { fact: 'client.tag', is: 'known' } }] },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>a'],
      ),
    ],
    [
      'unknown_fact',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [{ exit: 'x', if: { fact: 'outputs.b.answer', is: 'known' } }],
          },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>a'],
      ),
    ],
    [
      'starts_itself',
      's',
      draft([trigger, { id: 's', kind: 'action', do: { startJourney: 'A draft' } }], ['begin>s']),
    ],
    [
      'condition_too_large',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [
              {
                exit: 'x',
                if: {
                  any: Array.from({ length: 3 }, () => ({
                    any: Array.from({ length: 17 }, (_, i) => tagged(`t${i}`)),
                  })),
                },
              },
            ],
          },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>a'],
      ),
    ],
    [
      'condition_too_deep',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [
              {
                exit: 'x',
                if: Array.from({ length: 8 }).reduce<object>((inner) => ({ not: inner }), tagged('a')),
              },
            ],
          },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>a'],
      ),
    ],
  ]
  test.each(seeds)('%s at %s', (code, node, journey) => {
    const found = check(journey, registry).filter((problem) => problem.code === code)
    expect(found.map((problem) => [problem.severity, problem.node])).toEqual([['error', node]])
    expect(found[0]?.message).toMatch(/^[“"A-Z0-9].*[.?]$/)
    expect(found[0]?.message).not.toContain('undefined')
  })
})

describe('what is right is left in peace', () => {
  const guarded = draft(
    [
      trigger,
      mail('welcome', { when: { after: { minutes: 10 } }, late: 'send_now' }),
      { id: 'f', kind: 'fork', each: 'vendor', atOnceMax: 4 },
      mail('arrive', daysBefore(21, { to: 'each', windows: { businessDay: 'earlier' } })),
      { id: 'j', kind: 'join', mode: 'all' },
      mail(
        'tomorrow',
        daysBefore(1, {
          class: 'transactional',
          band: 'critical',
          deadline: { before: { days: 1 }, of: 'wedding', at: '18:00' },
        }),
      ),
      { id: 'c', kind: 'condition', cases: [{ exit: 'unhappy', if: tagged('complaint') }] },
      mail('review', { when: { after: { days: 10 }, of: 'wedding' }, late: 'skip' }),
      end,
      { id: 'cancelled', kind: 'goal', for: { event: 'refund_paid' } },
    ],
    [
      'begin>welcome',
      'welcome>f',
      'f.each>arrive',
      'arrive>j',
      'j>tomorrow',
      'tomorrow>c',
      'c.unhappy>end',
      'c.otherwise>review',
    ],
  )
  test('a journey with a for-each, deadlines and a guard has no findings', () => {
    expect(check(guarded, registry)).toEqual([])
  })

  test('forks inside forks are counted arm by arm, not multiplied', () => {
    const wide = Array.from({ length: 10 }, (_, i) => `a${i}`)
    const nested = draft(
      [
        trigger,
        { id: 'f', kind: 'fork', arms: wide },
        { id: 'g', kind: 'fork', arms: ['l', 'r'] },
        ...[...wide, 'l', 'r'].map((id) => task(`t-${id}`)),
      ],
      [
        'begin>f',
        'f.a0>g',
        ...wide.slice(1).map((arm) => `f.${arm}>t-${arm}`),
        'g.l>t-l',
        'g.r>t-r',
        't-l>t-a0',
        't-r>t-a0',
      ],
    )
    expect(errorsOf(nested, registry)).toEqual([])
  })

  test('what the other journeys start is followed, but only round to this one is refused', () => {
    const starter = draft([trigger, { id: 's', kind: 'action', do: { startJourney: 'After' } }], ['begin>s'])
    expect(errorsOf(starter, registry, { journeys: new Map([['After', ['Much later']]]) })).toEqual([])
    expect(errorsOf(starter, registry, { journeys: new Map([['Aftr', []]]) })).toMatchObject([
      { code: 'unknown_journey', message: 'There is no journey "After". Did you mean "Aftr"?' },
    ])
    expect(errorsOf(starter, registry, { journeys: new Map([['After', ['A draft']]]) })).toMatchObject([
      { code: 'starts_itself', node: 's' },
    ])
  })

  test('forms and fields are judged when they are known', () => {
    const asks = draft(
      [
        { ...trigger, if: { fact: 'answers.detials.guests', is: 'known' } },
        mail('a', { config: { subject: 'x', body: '{{ client.nam }}' } }),
      ],
      ['begin>a'],
    )
    expect(errorsOf(asks, registry)).toEqual([])
    const found = errorsOf(asks, registry, { forms: ['details'], fields: ['client.name'] })
    expect(found.map((problem) => [problem.code, problem.path, problem.message])).toEqual([
      ['unknown_field', '/nodes/1/config/body', 'There is no field "client.nam".'],
      ['unknown_fact', '/nodes/0/if/fact', 'There is no form "detials". Did you mean "details"?'],
    ])
  })
})

describe('size costs no patience', () => {
  const timed = <T>(work: () => T): { answer: T; ms: number } => {
    work()
    const runs = Array.from({ length: 30 }, () => {
      const from = performance.now()
      work()
      return performance.now() - from
    })
    return { answer: work(), ms: Math.min(...runs) }
  }

  test('two hundred nodes with sixty branches are checked within 20 ms', () => {
    const journey = generatedJourney({ nodes: 200, branches: 60 })
    const { answer, ms } = timed(() => check(journey, registry))
    expect(answer).toEqual([])
    expect(journey.nodes).toHaveLength(200)
    expect(ms).toBeLessThan(20)
  })

  test('five hundred nodes and a thousand edges, 2^16 diamonds and long circles are linear', () => {
    const diamonds: Loose[] = []
    const edges: string[] = ['begin>c0']
    for (let i = 0; i < 160; i++) {
      const next = i === 159 ? 'end' : `c${i + 1}`
      diamonds.push(
        { id: `c${i}`, kind: 'condition', cases: [{ exit: 'x', if: tagged(`t${i}`) }] },
        task(`l${i}`),
        task(`r${i}`),
      )
      edges.push(`c${i}.x>l${i}`, `c${i}.otherwise>r${i}`, `l${i}>${next}`, `r${i}>${next}`)
    }
    const chain = draft([trigger, ...diamonds, end], edges)
    const { answer, ms } = timed(() => check(chain, registry))
    expect(answer).toEqual([])
    expect(ms).toBeLessThan(100)
    const circle = {
      ...chain,
      edges: [
        ...chain.edges.filter((edge) => edge.to !== 'end'),
        { from: chain.nodes.at(-2)!.id, to: chain.nodes[1]!.id },
      ],
    }
    expect(errorsOf(circle, registry).map((problem) => problem.code)).toContain('loop_without_wait')
  })

  test('a line of ten thousand nodes is refused unread, and quickly', () => {
    const long = draft([trigger], [])
    const nodes = Array.from({ length: 10_000 }, (_, i) => ({
      ...end,
      id: `n${i}`,
    })) as unknown as Journey['nodes']
    const { answer, ms } = timed(() => check({ ...long, nodes }, registry))
    expect(answer).toMatchObject([{ code: 'too_many', path: '/nodes' }])
    expect(ms).toBeLessThan(5)
  })
})
