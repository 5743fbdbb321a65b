import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../core/ids.ts'
import type { Condition } from '../core/journey/condition.ts'
import { evaluate } from '../core/journey/evaluate.ts'
import { valueAt } from '../core/journey/pointer.ts'
import { judge } from './assets/judge.js'

/** The page shows and hides by the same verdict by which the server asks: whatever the condition, whatever was answered. */
const fact = fc.constantFrom('answers.a', 'answers.b', 'answers.c')
const text = fc.constantFrom('soft', 'Soft', 'of', 'bright', '')
const scalar = fc.oneof(text, fc.integer({ min: -3, max: 3 }), fc.boolean())
const leaf = fc.oneof(
  fc.record({ fact, is: fc.constantFrom('equal', 'not_equal'), value: scalar }),
  fc.record({
    fact,
    is: fc.constantFrom('less', 'at_most', 'more', 'at_least'),
    value: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({
    fact,
    is: fc.constantFrom('one_of', 'none_of'),
    value: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ fact, is: fc.constantFrom('contains', 'lacks', 'starts_with'), value: text }),
  fc.record({ fact, is: fc.constantFrom('known', 'missing') }),
)
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf as fc.Arbitrary<Condition>,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}))
const answer: fc.Arbitrary<Json> = fc.oneof(scalar, fc.array(text, { minLength: 1, maxLength: 3 }))
const answers = fc.dictionary(fc.constantFrom('a', 'b', 'c'), answer)

test('the script of the page judges as the server does', () => {
  fc.assert(
    fc.property(condition, answers, (asked, given) => {
      const roots = { answers: given }
      const { verdict } = evaluate(asked, {
        fact: (path) => valueAt(roots, path.split('.')) as Json | undefined,
        daysUntil: () => null,
        happened: () => 0,
      })
      expect(judge(asked, given)).toBe(verdict)
    }),
    { numRuns: 2_000 },
  )
})
