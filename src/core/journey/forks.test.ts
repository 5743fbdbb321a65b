import fc from 'fast-check'
import { expect, test } from 'vitest'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { journey, type Path } from './builder.ts'
import { errorsOf } from './check.ts'
import { type Journey, journeySchema, TOKENS_MAX } from './graph.ts'

/** A journey as a person would draw it on a napkin: steps, and forks whose arms are drawn the same way. */
type Drawing = readonly ('step' | readonly Drawing[])[]

const drawings: fc.Arbitrary<Drawing> = fc
  .letrec<{ drawing: Drawing }>((tie) => ({
    drawing: fc.array(
      fc.oneof(
        { maxDepth: 4, depthSize: 'medium' },
        { arbitrary: fc.constant('step' as const), weight: 2 },
        { arbitrary: fc.array(tie('drawing'), { minLength: 2, maxLength: 4 }), weight: 1 },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }))
  .drawing.filter((drawing) => JSON.stringify(drawing).split('[').length < 150)

/** How many walk at once: those of the widest moment, one arm after the other added up. */
const width = (drawing: Drawing): number =>
  Math.max(
    1,
    ...drawing.map((item) => (item === 'step' ? 1 : item.reduce((sum, arm) => sum + width(arm), 0))),
  )

function build(drawing: Drawing): Journey {
  let count = 0
  const walk =
    (items: Drawing) =>
    (path: Path): Path =>
      items.reduce((here, item) => {
        const n = ++count
        if (item === 'step') return here.task(`step-${n}`, 'Look')
        const arms = Object.fromEntries(item.map((arm, index) => [`arm_${index}`, walk(arm)]))
        return here.fork(`fork-${n}`, arms, { id: `join-${n}`, mode: 'all' })
      }, path)
  return walk(drawing)(journey('Drawn', { category: 'x', reentry: 'never' }).on('contract_signed')).build()
}

test('a journey is refused exactly when more than sixteen would walk at once', () => {
  fc.assert(
    fc.property(drawings, (drawing) => {
      const codes = new Set(errorsOf(build(drawing), registry).map((problem) => problem.code))
      expect(codes).toEqual(new Set(width(drawing) > TOKENS_MAX ? ['too_many_tokens'] : []))
    }),
    { numRuns: 300 },
  )
})

test('whatever the edges, a check ends and names places that exist', () => {
  const ids = Array.from({ length: 9 }, (_, index) => `n${index}`)
  const node = fc.constantFrom<object>(
    { kind: 'trigger', type: 'manual' },
    { kind: 'delay', wait: { after: { days: 1 } } },
    { kind: 'delay', wait: { every: { days: 1 }, timesMax: 3 } },
    { kind: 'await', for: { event: 'x' }, timeout: { after: { days: 1 } } },
    { kind: 'fork', arms: ['a', 'b', 'c'] },
    { kind: 'fork', each: 'vendor' },
    { kind: 'join', mode: 'all' },
    { kind: 'end' },
    { kind: 'module', type: 'email', version: 1, config: {}, to: 'each' },
    { kind: 'module', type: 'nobody_knows', version: 1, config: {} },
  )
  const exit = fc.constantFrom(
    'next',
    'again',
    'done',
    'a',
    'b',
    'each',
    'happened',
    'timeout',
    'sent',
    undefined,
  )
  const edge = fc.record({ from: fc.constantFrom(...ids, 'gone'), exit, to: fc.constantFrom(...ids, 'gone') })
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 1, maxLength: 9 }),
      fc.array(edge, { maxLength: 24 }),
      (nodes, edges) => {
        const document = journeySchema.parse({
          format: 1,
          name: 'Drawn blind',
          category: 'x',
          reentry: 'never',
          nodes: nodes.map((one, index) => ({ id: ids[index], ...one })),
          edges: edges.map(({ exit, ...rest }) => (exit === undefined ? rest : { ...rest, exit })),
        })
        for (const problem of errorsOf(document, registry)) {
          const index = /^\/(nodes|edges)\/(\d+)/.exec(problem.path)
          if (index) expect(Number(index[2])).toBeLessThan(index[1] === 'nodes' ? nodes.length : edges.length)
          expect(problem.message).not.toContain('undefined')
        }
      },
    ),
    { numRuns: 500 },
  )
})
