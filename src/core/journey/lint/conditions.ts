import { called } from '../outline.ts'
import { pointerTo } from '../pointer.ts'
import { conditionsOf, type Leaf, leavesOf } from '../written.ts'
import type { LintRule } from './rule.ts'

/** Rules about decisions that would not decide. */

const MAY_BE_MISSING = /^(client\.fields|wedding\.(guests|region)|answers|outputs)(\.|$)/

export const maybeMissing: LintRule = {
  code: 'maybe_missing',
  about: 'What may be unknown is asked for before it is compared.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      if (node.kind !== 'condition' && node.kind !== 'trigger') return []
      return conditionsOf(node).flatMap((written) =>
        leavesOf(written).flatMap(({ leaf, inside, beside }) => {
          if (!('fact' in leaf) || leaf.is === 'known' || leaf.is === 'missing') return []
          const { fact } = leaf
          const asked = beside.some((other) => 'fact' in other && other.fact === fact && other.is === 'known')
          if (asked || !MAY_BE_MISSING.test(fact)) return []
          const known: Leaf = { fact, is: 'known' }
          return [
            {
              node,
              inside,
              message: `${called(node)} compares "${fact}", which may be unknown; then the comparison is false. Ask whether it is known as well.`,
              fix: {
                label: 'Ask whether it is known',
                change: [
                  {
                    op: 'replace' as const,
                    path: pointerTo('nodes', outline.indexOf(node.id), ...inside),
                    value: { all: [known, leaf] },
                  },
                ],
              },
            },
          ]
        }),
      )
    }),
}

export const caseShadowed: LintRule = {
  code: 'case_shadowed',
  about: 'No case repeats an earlier one.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      if (node.kind !== 'condition') return []
      const texts = node.cases.map((one) => JSON.stringify(one.if))
      return node.cases.flatMap((one, index) => {
        const first = texts.indexOf(texts[index]!)
        if (first === index) return []
        const message = `The case "${one.exit}" of ${called(node)} asks the same as "${node.cases[first]!.exit}" before it, so nobody ever goes that way.`
        return [{ node, inside: ['cases', index], message }]
      })
    }),
}

export const pointlessCondition: LintRule = {
  code: 'pointless_condition',
  about: 'A decision leads to different places.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      if (node.kind !== 'condition' && node.kind !== 'split') return []
      const ways = outline.ways(node.id)
      const isOne =
        new Set(ways.map((way) => way.to)).size === 1 && ways.length === outline.exits(node).length
      if (!isOne || (node.kind === 'split' && node.measure)) return []
      return [
        {
          node,
          message: `Every exit of ${called(node)} leads to the same step. Remove it, or let it make a difference.`,
        },
      ]
    }),
}
