import { expect, test } from 'vitest'
import { BLANK, done } from '../../../../test/fixtures/blank-journey.ts'
import type { NodeId } from '../../../core/ids.ts'
import { insert, remove, removeBranch } from '../../../core/journey/edit/edits.ts'
import { newSteps } from '../../../core/journey/edit/new-step.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { registry } from './registry.ts'
import { type Asking, wouldGo } from './removing.ts'

const clip = (key: string) => newSteps(registry).find((one) => one.key === key)!.clip
const put = (journey: typeof BLANK, from: string, exit: string, key: string) =>
  done(insert(journey, registry, { from: from as NodeId, exit }, clip(key)))
/** begin, a question, an email on its first way, a wait on the other. */
const asked = put(BLANK, 'begin', 'next', 'condition')
const fork = asked.nodes.find(({ kind }) => kind === 'condition')!.id
const outline = outlineOf(asked, registry)
const [first = '', other = ''] = outline.exits(outline.node(fork)!)
const whole = put(put(asked, fork, first, 'module:email'), fork, other, 'wait')
const before = outlineOf(whole, registry)

test.each<[string, Asking]>([
  ['a branch', { is: 'branch', place: { from: fork, exit: other } }],
  ['a step whose first way stays', { is: 'step', id: fork, keep: first }],
  ['a step whose other way stays', { is: 'step', id: fork, keep: other }],
])('of %s just those are marked that go when it is confirmed', (_, asking) => {
  const after =
    asking.is === 'step'
      ? done(remove(whole, registry, asking.id, asking.keep))
      : done(removeBranch(whole, registry, asking.place, null))
  const left = new Set(after.nodes.map(({ id }) => id))
  const gone = whole.nodes.map(({ id }) => id).filter((id) => !left.has(id))
  expect(gone.length).toBeGreaterThan(0)
  expect([...wouldGo(before, asking)].toSorted()).toEqual(gone.toSorted())
})
