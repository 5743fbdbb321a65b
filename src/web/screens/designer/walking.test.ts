import { expect, test } from 'vitest'
import photographer from '../../../../examples/photographer-booked-to-wedding.json' with { type: 'json' }
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { plain, TEMPLATES } from '../../../templates/templates.ts'
import { isDrawable } from './drawable.ts'
import { layout } from './layout.ts'
import { registry } from './registry.ts'
import { type Arrow, inOrder, stepFrom } from './walking.ts'
import { exitWord, nameOf, sentenceParts } from './words.ts'

const journey = photographer as unknown as Journey
const outline = outlineOf(journey, registry)
const drawn = layout(outline)
const from = (id: string | null, arrow: Arrow) => stepFrom(outline, drawn, id as NodeId | null, arrow)

test('the arrows walk along the ways, and sideways to the neighbour', () => {
  expect(from(null, 'ArrowDown')).toBe('begin')
  expect(from('begin', 'ArrowDown')).toBe('booked')
  expect(from('booked', 'ArrowUp')).toBe('begin')
  const down = from('side-by-side', 'ArrowDown')
  expect(from(down, 'ArrowUp')).toBe('side-by-side')
  expect(from(from(down, 'ArrowRight'), 'ArrowLeft')).toBe(down)
})

test('every step can be walked to, and the list reads each once, from top to bottom', () => {
  const reached = new Set<NodeId>(['begin' as NodeId])
  for (const id of reached)
    for (const arrow of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const) {
      const next = from(id, arrow)
      if (next !== null) reached.add(next)
    }
  expect(reached.size).toBe(journey.nodes.length)
  expect(new Set(inOrder(drawn)).size).toBe(journey.nodes.length)
})

test('every step of the examples has a name, a sentence, and words for its ways', () => {
  for (const node of journey.nodes) {
    expect(nameOf(node)).not.toBe('')
    expect(sentenceParts(node, outline).length).toBeGreaterThan(0)
    for (const exit of outline.exits(node)) expect(exitWord(node, exit)).not.toMatch(/undefined|_/)
  }
})

test('no two ways out of a decision are called the same', () => {
  for (const template of TEMPLATES.map((one) => plain(one)))
    for (const node of template.nodes.filter(({ kind }) => kind === 'condition')) {
      const words = outlineOf(template, registry)
        .exits(node)
        .map((exit) => exitWord(node, exit))
      expect(new Set(words).size, `${template.name}, ${node.id}: ${words.join(', ')}`).toBe(words.length)
    }
})

test('a half written draft is drawn; one without bones is not', () => {
  const withTask = {
    ...journey,
    nodes: [{ id: 'a', kind: 'action', do: { task: { title: '' } } }],
    edges: [],
  }
  expect(isDrawable(withTask)).toBe(true)
  expect(isDrawable({ ...journey, name: '' })).toBe(true)
  for (const nodes of [[{ id: 'a', kind: 'delay' }], [{ id: 'a', kind: 'toString' }], [null], 'none'])
    expect(isDrawable({ ...journey, nodes })).toBe(false)
  for (const other of [null, [], 'x', {}]) expect(isDrawable(other)).toBe(false)
})
