import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLANK, done } from '../../../../test/fixtures/blank-journey.ts'
import { registry } from '../../../../test/fixtures/journey-registry.ts'
import type { NodeId } from '../../ids.ts'
import { errorsOf } from '../check.ts'
import type { Journey, Node } from '../graph.ts'
import { outlineOf } from '../outline.ts'
import { reachable } from '../walk.ts'
import { clipOf, clipText, readClip } from './clip.ts'
import {
  change,
  connect,
  insert,
  lostWith,
  remove,
  removeAll,
  removeBranch,
  rename,
  renameExit,
} from './edits.ts'
import { newSteps } from './new-step.ts'
import { branchAt, type Edited, mainExit, type Place } from './places.ts'

const id = (name: string): NodeId => name as NodeId
const at = (from: string, exit = 'next'): Place => ({ from: id(from), exit })

const steps = newSteps(registry)
const clip = (key: string) => steps.find((one) => one.key === key)!.clip
const why = (edited: Edited): string => (edited.ok ? 'it was done' : edited.why)
const ways = (journey: Journey): string[] =>
  journey.edges.map((edge) => `${edge.from}.${edge.exit ?? ''} ${edge.to}`)
const reached = (journey: Journey): Set<NodeId> => {
  const outline = outlineOf(journey, registry)
  return reachable([id('begin')], (one) => outline.ways(one).map((way) => way.to))
}
const add = (journey: Journey, place: Place, key: string): Journey =>
  done(insert(journey, registry, place, clip(key)))

describe('adding', () => {
  test('a step on an edge: what followed follows after it', () => {
    const one = add(BLANK, at('begin'), 'module:email')
    expect(ways(one)).toEqual(['begin.next email', 'email.sent end'])
    const two = add(one, at('email', 'sent'), 'wait')
    expect(ways(two)).toEqual(['begin.next email', 'email.sent wait', 'wait.next end'])
    expect(two.nodes.map((node) => node.id)).toEqual(['begin', 'email', 'wait', 'end'])
  })

  test('all ways of a decision lead on, so that no couple is lost by adding one', () => {
    expect(ways(add(BLANK, at('begin'), 'condition'))).toEqual([
      'begin.next if',
      'if.yes end',
      'if.otherwise end',
    ])
    expect(ways(add(BLANK, at('begin'), 'await'))).toEqual([
      'begin.next await',
      'await.happened end',
      'await.timeout end',
    ])
  })

  test('branches side by side come with the place where they meet', () => {
    const forked = add(BLANK, at('begin'), 'fork')
    expect(ways(forked)).toEqual([
      'begin.next side-by-side',
      'side-by-side.a together',
      'side-by-side.b together',
      'together.next end',
    ])
    expect(errorsOf(forked, registry)).toEqual([])
  })

  test('the same again gets an id of its own', () => {
    const twice = add(add(BLANK, at('begin'), 'wait'), at('begin'), 'wait')
    expect(twice.nodes.map((node) => node.id)).toEqual(['begin', 'wait-2', 'wait', 'end'])
  })

  test('a goal stands beside the path', () => {
    const goal = add(BLANK, at('begin'), 'goal')
    expect(ways(goal)).toEqual(['begin.next end'])
    expect(errorsOf(goal, registry)).toEqual([])
  })

  test('what is refused says why', () => {
    const waited = add(BLANK, at('begin'), 'wait')
    expect(why(insert(waited, registry, at('begin'), clip('end')))).toMatch(
      /"end-2" ends the path, and steps follow/,
    )
    expect(why(insert(waited, registry, at('begin'), clip('join')))).toMatch(/joins|fork/i)
    expect(why(insert(waited, registry, at('gone'), clip('wait')))).toMatch(/no longer there/)
  })
})

describe('connecting', () => {
  const two = add(add(BLANK, at('begin'), 'wait'), at('wait'), 'module:email')

  test.each([
    ['into the beginning', at('email', 'sent'), 'begin', /No path leads into the trigger/],
    ['to itself', at('email', 'sent'), 'email', /cannot follow itself/],
    ['round in a circle for ever', at('email', 'sent'), 'wait', /for ever/],
  ])('%s is refused with the reason', (_, place, to, reason) => {
    expect(why(connect(two, registry, place, id(to)))).toMatch(reason)
  })

  test('a repeat may be led back to', () => {
    const repeated = add(BLANK, at('begin'), 'repeat')
    const lettered = add(repeated, at('repeat', 'again'), 'module:email')
    const round = done(connect(lettered, registry, at('email', 'sent'), id('repeat')))
    expect(errorsOf(round, registry).filter((one) => one.code.startsWith('loop'))).toEqual([])
  })
})

describe('removing', () => {
  test('a step: the way closes over it', () => {
    const two = add(add(BLANK, at('begin'), 'wait'), at('wait'), 'module:email')
    expect(ways(done(remove(two, registry, id('wait'))))).toEqual(['begin.next email', 'email.sent end'])
    expect(why(remove(two, registry, id('begin')))).toMatch(/needs its beginning/)
  })

  test('a decision: one says which way stays, and knows before what goes', () => {
    const awaiting = add(BLANK, at('begin'), 'await')
    const nudged = add(awaiting, at('await', 'timeout'), 'module:email')
    expect(lostWith(outlineOf(nudged, registry), id('await'), 'happened')).toEqual(['email'])
    expect(ways(done(remove(nudged, registry, id('await'), 'happened')))).toEqual(['begin.next end'])
    expect(ways(done(remove(nudged, registry, id('await'), 'timeout')))).toEqual([
      'begin.next email',
      'email.sent end',
    ])
  })

  test('a branch: its couples go where one says', () => {
    const awaiting = add(BLANK, at('begin'), 'await')
    const nudged = add(awaiting, at('await', 'timeout'), 'module:email')
    const place = at('await', 'timeout')
    expect(branchAt(outlineOf(nudged, registry), place)).toEqual({ steps: ['email'], leadsTo: ['end'] })
    expect(ways(done(removeBranch(nudged, registry, place, id('end'))))).toContain('await.timeout end')
    expect(ways(done(removeBranch(nudged, registry, place, null)))).toEqual([
      'begin.next await',
      'await.happened end',
    ])
    expect(why(removeBranch(nudged, registry, place, id('email')))).toMatch(/goes with the branch/)
  })
})

describe('changing', () => {
  test('a repeat that becomes a wait still leads on', () => {
    const repeated = add(BLANK, at('begin'), 'repeat')
    const node = { id: 'repeat', kind: 'delay', wait: { after: { days: 3 } } } as unknown as Node
    const waited = done(change(repeated, registry, node))
    expect(ways(waited)).toEqual(['begin.next repeat', 'repeat.next end'])
    const back = repeated.nodes.find((one) => one.id === 'repeat')!
    expect(ways(done(change(waited, registry, back)))).toEqual(['begin.next repeat', 'repeat.done end'])
  })

  test('a way gets another name, and what follows there still follows', () => {
    const decided = add(BLANK, at('begin'), 'condition')
    const named = done(renameExit(decided, registry, at('if', 'yes'), 'large'))
    expect(ways(named)).toContain('if.large end')
    expect(why(renameExit(decided, registry, at('if', 'yes'), 'otherwise'))).toMatch(/already/)
    expect(why(renameExit(decided, registry, at('if', 'otherwise'), 'else'))).toMatch(/fixed name/)
  })

  test('a name can be taken away again', () => {
    const named = rename(BLANK, id('end'), ' Over ')
    expect(named.nodes[1]).toMatchObject({ name: 'Over' })
    expect(rename(named, id('end'), ' ')).toEqual(BLANK)
  })
})

describe('the clipboard', () => {
  const asked = add(add(BLANK, at('begin'), 'condition'), at('if', 'yes'), 'module:email')
  const inHand = clipOf(outlineOf(asked, registry), new Set([id('if'), id('email')]))

  test('steps pass through text and into another journey, under ids of their own', () => {
    const read = readClip(clipText(inHand))!
    expect(read).toEqual(inHand)
    const pasted = done(insert(asked, registry, at('email', 'sent'), read))
    expect(ways(pasted)).toEqual(
      expect.arrayContaining([
        'email.sent if-2',
        'if-2.yes email-2',
        'email-2.sent end',
        'if-2.otherwise end',
      ]),
    )
    expect(errorsOf(pasted, registry).map((one) => one.code)).not.toContain('unreachable')
  })

  test('what a copied step says of another copied one follows', () => {
    const asks = {
      id: 'q',
      kind: 'condition',
      cases: [{ exit: 'yes', if: { fact: 'outputs.form.rating', is: 'more', value: 3 } }],
    }
    const hand = {
      nodes: [{ id: 'form', kind: 'delay', wait: { after: { days: 1 } } }, asks] as unknown as Node[],
      edges: [{ from: id('form'), exit: 'next', to: id('q') }],
    }
    const once = done(insert(BLANK, registry, at('begin'), hand))
    const twice = done(insert(once, registry, at('begin'), hand))
    expect(JSON.stringify(twice.nodes.find((node) => node.id === 'q-2'))).toContain('outputs.form-2.rating')
    expect(JSON.stringify(twice.nodes.find((node) => node.id === 'q'))).toContain('outputs.form.rating')
  })

  test.each(['', 'Dear both', '{"nodes":[]}', '{"format":"wedsync steps","nodes":[{"id":"x"}],"edges":[]}'])(
    'other text is no steps: %s',
    (text) => expect(readClip(text)).toBeNull(),
  )

  test('cutting closes the way', () => {
    const cut = done(removeAll(asked, registry, new Set([id('if'), id('email')])))
    expect(ways(cut)).toEqual(['begin.next end'])
  })
})

/** Whatever is done in whatever order, no step that could be reached is lost unasked, and the graph can be walked. */
type Act = { readonly pick: number; readonly what: number; readonly kind: number }
const acts = fc.array(fc.record({ pick: fc.nat(1_000), what: fc.nat(5), kind: fc.nat(1_000) }), {
  maxLength: 25,
})
const placesOf = (journey: Journey): Place[] => {
  const outline = outlineOf(journey, registry)
  return journey.nodes.flatMap((node) => outline.exits(node).map((exit) => ({ from: node.id, exit })))
}
function act(journey: Journey, { pick, what, kind }: Act): Edited {
  const places = placesOf(journey)
  const place = places[pick % places.length]!
  const node = journey.nodes[pick % journey.nodes.length]!
  if (what < 4) return insert(journey, registry, place, steps[kind % steps.length]!.clip)
  const outline = outlineOf(journey, registry)
  const lost = lostWith(outline, node.id, mainExit(outline, node))
  return lost.length > 0 ? { ok: false, why: 'asked first' } : remove(journey, registry, node.id)
}

test('no edit breaks the graph or loses a step', () => {
  fc.assert(
    fc.property(acts, (all) => {
      let journey = BLANK
      for (const one of all) {
        const before = reached(journey)
        const edited = act(journey, one)
        if (!edited.ok) {
          expect(edited.why).not.toBe('')
          continue
        }
        const gone = [...before].filter((node) => edited.journey.nodes.some((now) => now.id === node))
        const after = reached(edited.journey)
        expect(gone.filter((node) => !after.has(node))).toEqual([])
        journey = edited.journey
      }
      const shape = errorsOf(journey, registry).filter(({ code }) =>
        /edge|exit|node|loop|fork|join|unreachable|trigger|id_taken/.test(code),
      )
      expect(shape.map((one) => one.message)).toEqual([])
    }),
  )
})

test('adding a step and taking it away again leaves the journey as it was', () => {
  fc.assert(
    fc.property(
      acts,
      fc.nat(1_000),
      fc.constantFrom('wait', 'module:email', 'task', 'condition'),
      (all, pick, key) => {
        const journey = all.reduce((now, one) => {
          const edited = act(now, one)
          return edited.ok ? edited.journey : now
        }, BLANK)
        const outline = outlineOf(journey, registry)
        const places = placesOf(journey).filter((place) => {
          const follower = outline.ways(place.from).find((way) => way.exit === place.exit)
          return follower && outline.node(follower.to)?.kind !== 'end'
        })
        const place = places[pick % Math.max(1, places.length)]
        if (!place) return
        const added = insert(journey, registry, place, clip(key))
        if (!added.ok) return
        const back = done(remove(added.journey, registry, added.step!))
        expect(new Set(ways(back))).toEqual(new Set(ways(journey)))
        expect(new Set(back.nodes)).toEqual(new Set(journey.nodes))
      },
    ),
  )
})
