import { describe, expect, test } from 'vitest'
import photographer from '../../examples/photographer-booked-to-wedding.json' with { type: 'json' }
import { BLANK, done } from '../../test/fixtures/blank-journey.ts'
import type { NodeId } from '../core/ids.ts'
import { check } from '../core/journey/check.ts'
import { insert } from '../core/journey/edit/edits.ts'
import type { Journey } from '../core/journey/graph.ts'
import { outlineOf } from '../core/journey/outline.ts'
import { reachable } from '../core/journey/walk.ts'
import { definitions } from '../modules/definitions.ts'
import { registryOf } from '../modules/registry.ts'
import { triggerTypes } from '../triggers/definitions.ts'
import { PIECES } from './pieces.ts'

const registry = registryOf(definitions, triggerTypes)
const begin = { from: 'begin' as NodeId, exit: 'next' }
/** Only the author knows which form. */
const KNOWN_ONLY_TO_THE_AUTHOR = /\/config\/form$/

describe.each(PIECES)('$label', (piece) => {
  test('put into an empty journey, nothing is left to mend but what only its author can know', () => {
    const found = check(done(insert(BLANK, registry, begin, piece.clip)), registry)
    const left = found.filter(({ path }) => !KNOWN_ONLY_TO_THE_AUTHOR.test(path))
    expect(left.map((one) => `${one.code} ${one.path}: ${one.message}`)).toEqual([])
    expect(found.length - left.length).toBe(piece.key === 'piece:form' ? 1 : 0)
  })

  test('put twice into the middle of a long journey, every step is reached and no step is lost', () => {
    const before = photographer as unknown as Journey
    const trigger = before.nodes.find(({ kind }) => kind === 'trigger')!
    const place = { from: trigger.id, exit: 'next' }
    const once = done(insert(before, registry, place, piece.clip))
    const twice = done(insert(once, registry, place, piece.clip))
    expect(twice.nodes).toHaveLength(before.nodes.length + 2 * piece.clip.nodes.length)
    const outline = outlineOf(twice, registry)
    const reached = reachable([trigger.id], (id) => outline.ways(id).map(({ to }) => to))
    expect(
      twice.nodes.filter(({ id, kind }) => kind !== 'goal' && !reached.has(id)).map(({ id }) => id),
    ).toEqual([])
  })
})
