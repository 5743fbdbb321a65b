import { describe, expect, test } from 'vitest'
import {
  answer,
  daysBefore,
  draft,
  end,
  mail,
  repeat,
  tagged,
  task,
  trigger,
} from '../../../test/fixtures/draft.ts'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { check } from './check.ts'
import type { Journey } from './graph.ts'
import { LINT_RULES } from './lint.ts'
import { parse } from './parse.ts'
import { applyPatch, type Patch } from './patch.ts'

describe('what is not wrong, but would be regretted, is found by the linter', () => {
  const seeds: [code: string, node: string | undefined, journey: Journey][] = [
    ['class_missing', 'a', draft([trigger, mail('a', { class: undefined })], ['begin>a'])],
    ['late_missing', 'a', draft([trigger, mail('a', daysBefore(30, { late: undefined }))], ['begin>a'])],
    ['review_unguarded', 'ask-review', draft([trigger, mail('ask-review')], ['begin>ask-review'])],
    ['marketing_unasked', 'a', draft([trigger, mail('a', { class: 'marketing' })], ['begin>a'])],
    [
      'marketing_in_wedding_week',
      'a',
      draft(
        [{ ...trigger, if: tagged('consent') }, mail('a', daysBefore(5, { class: 'marketing' }))],
        ['begin>a'],
      ),
    ],
    [
      'same_day_twice',
      'b',
      draft(
        [trigger, mail('a', daysBefore(30)), mail('b', daysBefore(30, { to: 'partner_a' }))],
        ['begin>a', 'a>b'],
      ),
    ],
    ['back_to_back', 'b', draft([trigger, mail('a'), mail('b')], ['begin>a', 'a>b'])],
    [
      'sms_at_night',
      'a',
      draft(
        [
          trigger,
          mail('a', {
            type: 'sms',
            config: { text: 'Hi' },
            when: { before: { days: 30 }, of: 'wedding', at: '21:30' },
            late: 'skip',
          }),
        ],
        ['begin>a'],
      ),
    ],
    ['on_wedding_day', 'a', draft([trigger, mail('a', daysBefore(0))], ['begin>a'])],
    ['sells_on', 'begin', draft([{ ...trigger, type: 'inquiry_received' }, mail('a')], ['begin>a'])],
    [
      'deadline_missing',
      'a',
      draft([trigger, mail('a', daysBefore(3, { class: 'transactional' }))], ['begin>a']),
    ],
    [
      'deadline_too_early',
      'a',
      draft(
        [trigger, mail('a', daysBefore(3, { deadline: { before: { days: 5 }, of: 'wedding' } }))],
        ['begin>a'],
      ),
    ],
    [
      'times_backwards',
      'b',
      draft([trigger, mail('a', daysBefore(14)), mail('b', daysBefore(30))], ['begin>a', 'a>b']),
    ],
    [
      'weekend_for_business',
      'a',
      draft([trigger, mail('a', daysBefore(14, { to: { vendorOf: 'venue' } }))], ['begin>a']),
    ],
    [
      'band_after_wedding',
      'a',
      draft(
        [trigger, mail('a', { when: { after: { days: 3 }, of: 'wedding' }, late: 'skip', band: 'high' })],
        ['begin>a'],
      ),
    ],
    [
      'delay_before_message',
      'd',
      draft(
        [trigger, { id: 'd', kind: 'delay', wait: { after: { days: 3 } }, late: 'skip' }, mail('a')],
        ['begin>d', 'd>a'],
      ),
    ],
    [
      'empty_wait',
      'd',
      draft(
        [trigger, { id: 'd', kind: 'delay', wait: { after: { days: 0 } } }, task('t')],
        ['begin>d', 'd>t'],
      ),
    ],
    [
      'empty_wait',
      'answer',
      draft(
        [trigger, { ...answer, timeout: { after: { hours: 0 } } }, end],
        ['begin>answer', 'answer.happened>end', 'answer.timeout>end'],
      ),
    ],
    [
      'gate_without_due',
      't',
      draft([trigger, task('t', { do: { task: { title: 'Pick ten pictures', gate: true } } })], ['begin>t']),
    ],
    [
      'exit_unconnected',
      'answer',
      draft([trigger, answer, mail('a')], ['begin>answer', 'answer.happened>a']),
    ],
    [
      'exit_unconnected',
      'yes',
      draft(
        [
          trigger,
          { id: 'yes', kind: 'approval', ask: 'Send it?', timeout: { after: { days: 2 } } },
          mail('a'),
        ],
        ['begin>yes', 'yes.approved>a'],
      ),
    ],
    [
      'repeat_without_return',
      'again',
      draft([trigger, repeat, mail('a'), end], ['begin>again', 'again.again>a', 'again.done>end']),
    ],
    [
      'arm_misses_join',
      'f',
      draft(
        [
          trigger,
          { id: 'f', kind: 'fork', arms: ['l', 'm', 'r'] },
          task('x'),
          { id: 'j', kind: 'join', mode: 'all' },
          end,
        ],
        ['begin>f', 'f.l>j', 'f.m>j', 'f.r>x', 'j>end'],
      ),
    ],
    [
      'hold_without_release',
      'h',
      draft([trigger, { id: 'h', kind: 'action', do: { holdJourneys: 'date' } }], ['begin>h']),
    ],
    ['once_only', undefined, draft([{ ...trigger, type: 'payment_received' }, mail('a')], ['begin>a'])],
    [
      'starts_again',
      's',
      draft(
        [
          { ...trigger, type: 'stage_changed', config: { to: 'booked' } },
          { id: 's', kind: 'action', do: { setStage: 'booked' } },
        ],
        ['begin>s'],
        { reentry: 'after_finish' },
      ),
    ],
    [
      'stays_when_cancelled',
      undefined,
      draft([trigger, mail('a')], ['begin>a'], { onWeddingCancelled: 'stay' }),
    ],
    [
      'maybe_missing',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [{ exit: 'x', if: { fact: 'wedding.guests', is: 'more', value: 100 } }],
          },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.otherwise>a'],
      ),
    ],
    [
      'case_shadowed',
      'c',
      draft(
        [
          trigger,
          {
            id: 'c',
            kind: 'condition',
            cases: [
              { exit: 'x', if: tagged('a') },
              { exit: 'y', if: tagged('a') },
            ],
          },
          end,
          mail('a'),
        ],
        ['begin>c', 'c.x>end', 'c.y>end', 'c.otherwise>a'],
      ),
    ],
    [
      'pointless_condition',
      'c',
      draft(
        [trigger, { id: 'c', kind: 'condition', cases: [{ exit: 'x', if: tagged('a') }] }, end],
        ['begin>c', 'c.x>end', 'c.otherwise>end'],
      ),
    ],
  ]
  test.each(seeds)('%s at %s', (code, node, journey) => {
    const found = check(journey, registry)
    expect(found.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(found.map((problem) => [problem.code, problem.node])).toEqual([[code, node]])
    const fix = found[0]?.fix
    if (!fix) return
    const mended = parse(applyPatch(journey, fix.change as Patch))
    expect(mended.ok && check(mended.journey, registry)).toEqual([])
  })

  test('every rule has a seed of its own', () => {
    expect(new Set(seeds.map(([code]) => code))).toEqual(new Set(LINT_RULES.map((rule) => rule.code)))
    expect(LINT_RULES.length).toBeGreaterThanOrEqual(15)
  })
})
