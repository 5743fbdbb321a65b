import { expect, test } from 'vitest'
import { BLANK, done } from '../../../../test/fixtures/blank-journey.ts'
import type { NodeId } from '../../../core/ids.ts'
import { insert } from '../../../core/journey/edit/edits.ts'
import { newSteps } from '../../../core/journey/edit/new-step.ts'
import { judge } from './judge.ts'
import { registry } from './registry.ts'

const email = newSteps(registry).find(({ key }) => key === 'module:email')!.clip
const drawn = done(insert(BLANK, registry, { from: 'begin' as NodeId, exit: 'next' }, email))
const letter = drawn.nodes.find(({ kind }) => kind === 'module')!.id
const journey = {
  ...drawn,
  nodes: drawn.nodes.map((node) => (node.id === letter ? { ...node, class: 'marketing' as const } : node)),
} as typeof drawn

test('a letter that advertises is marked on its step until the business says where it can be written to', () => {
  const codes = (postalAddress: boolean | undefined) =>
    judge(journey, postalAddress === undefined ? {} : { postalAddress })
      .of(letter)
      .map(({ code }) => code)
  expect(codes(undefined)).not.toContain('postal_address_missing')
  expect(codes(false)).toContain('postal_address_missing')
  expect(codes(true)).not.toContain('postal_address_missing')
})
