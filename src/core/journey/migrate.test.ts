import { describe, expect, test } from 'vitest'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import type { NodeId } from '../ids.ts'
import type { Run, Token } from '../run/run.ts'
import { instant } from '../time/instant.ts'
import { journey, type Path } from './builder.ts'
import { diff, isSame, summaryOf } from './diff.ts'
import { graphOf, type Journey } from './graph.ts'
import { planMigration, tokensOnRemoved } from './migrate.ts'

const id = (name: string) => name as NodeId
const text = { subject: 'Hello', body: 'Dear both' }
const build = (walk: (path: Path) => Path, name = 'Planning'): Journey =>
  walk(journey(name, { category: 'planning', reentry: 'never' }).on('contract_signed')).build()

const before = build((path) =>
  path
    .email('welcome', text)
    .wait('pause', '3 days')
    .email('timeline', { ...text, when: '14 days before wedding at 09:00', name: 'The timeline' })
    .fork(
      'both',
      { left: (p) => p.task('call', 'Call'), right: (p) => p.task('write', 'Write') },
      { id: 'met', mode: 'all' },
    ),
)
const after = build((path) =>
  path
    .email('welcome', { ...text, subject: 'Welcome!' })
    .email('timeline', { ...text, when: '10 days before wedding at 09:00', name: 'The timeline' })
    .task('check', 'Look at it')
    .fork(
      'both',
      { left: (p) => p.task('call', 'Call'), other: (p) => p.task('write', 'Write') },
      { id: 'met', mode: 'all' },
    ),
)

describe('a diff names what a vendor would call a change', () => {
  test('nodes, fields, edges and settings', () => {
    expect(summaryOf(diff(before, after))).toEqual([
      '"check" is new (action).',
      '"pause" is gone (delay).',
      '"welcome": config subject is "Welcome!" instead of "Hello".',
      '"The timeline": when is 10 days before wedding at 09:00 instead of 14 days before wedding at 09:00.',
      '"both": arms 1 is "other" instead of "right".',
      'What follows after "welcome", "timeline", "both" has changed.',
    ])
    const renamed = { ...before, name: 'Runway', reentry: 'per_wedding' as const }
    expect(summaryOf(diff(before, renamed))).toEqual([
      'The journey: name is "Runway" instead of "Planning".',
      'The journey: reentry is "per_wedding" instead of "never".',
    ])
  })

  test('the order in which things are written down is no change', () => {
    const shuffled = {
      ...before,
      nodes: before.nodes.toReversed().map((node) => Object.fromEntries(Object.entries(node).toReversed())),
      edges: before.edges
        .toReversed()
        .map(({ exit, ...edge }) => (exit === 'next' || exit === undefined ? edge : { ...edge, exit })),
    } as Journey
    expect(isSame(diff(before, shuffled))).toBe(true)
    expect(isSame(diff(before, after))).toBe(false)
  })

  test('there and back: what one direction adds the other removes', () => {
    const [there, back] = [diff(before, after), diff(after, before)]
    expect(there.added).toEqual(back.removed)
    expect(there.edges.added).toEqual(back.edges.removed)
    expect(there.changed.map((one) => [one.before, one.after])).toEqual(
      back.changed.map((one) => [one.after, one.before]),
    )
  })

  test('a long text is said to have changed, not printed', () => {
    const long = build((path) => path.email('welcome', { ...text, body: 'x'.repeat(200) }))
    const short = build((path) => path.email('welcome', text))
    expect(summaryOf(diff(short, long))).toEqual(['"welcome": the text of config body has changed.'])
  })
})

describe('a run is taken to a new version', () => {
  const [old, next] = [graphOf(before, registry), graphOf(after, registry)]
  const token = (at: string, state: object): Token => ({ id: 1, at: id(at), visit: 1, ...state }) as Token
  const waiting = { is: 'waiting', for: 'moment', due: instant(5), nominal: instant(5), generation: 1 }
  const run = (tokens: Token[], status: Run['status'] = 'waiting'): Run =>
    ({
      id: 'r',
      status,
      version: 1,
      state: {
        tokens,
        visits: { welcome: 1, pause: 1, check: 2 },
        steps: 3,
        nextToken: 3,
        startedAt: instant(0),
      },
    }) as unknown as Run
  const move = (redirects: Record<string, string> = {}) =>
    ({ is: 'move', redirects: redirects as Record<NodeId, NodeId> }) as const
  const codes = (tokens: Token[], redirects: Record<string, string> = {}) => {
    const plan = planMigration(run(tokens), old, next, move(redirects))
    return plan.is === 'blocked' ? plan.problems.map((problem) => problem.code) : plan.is
  }

  test('a token stays on the node with its id, and is told when the rule has changed', () => {
    const there = token('timeline', waiting)
    expect(planMigration(run([there]), old, next, move())).toEqual({
      is: 'moved',
      tokens: [there],
      visits: { welcome: 1, pause: 1, check: 2 },
      changes: [{ token: 1, from: 'timeline', to: 'timeline', is: 'rule_changed' }],
    })
  })

  test('a token on a node that is gone follows its redirect, and begins there as a new visit', () => {
    const plan = planMigration(run([token('pause', waiting)]), old, next, move({ pause: 'check' }))
    expect(plan).toEqual({
      is: 'moved',
      tokens: [{ id: 1, at: 'check', visit: 3, is: 'ready' }],
      visits: { welcome: 1, pause: 1, check: 3 },
      changes: [{ token: 1, from: 'pause', to: 'check', is: 'redirected' }],
    })
    expect(codes([token('pause', waiting)])).toEqual(['redirect_missing'])
    expect(codes([token('pause', waiting)], { pause: 'chekc' })).toEqual(['unknown_node'])
    expect(codes([token('pause', waiting)], { pause: 'begin' })).toEqual(['no_place'])
  })

  test('who stands on a removed node is listed', () => {
    const lost = token('pause', waiting)
    expect(tokensOnRemoved(run([lost, token('timeline', waiting)]), old, next)).toEqual([lost])
    expect(tokensOnRemoved(run([lost], 'completed'), old, next)).toEqual([])
  })

  test('a node that became another kind of step is gone for those who stand there', () => {
    const other = graphOf(
      build((path) => path.email('welcome', text).task('pause', 'Do it')),
      registry,
    )
    expect(tokensOnRemoved(run([token('pause', waiting)]), old, other)).toHaveLength(1)
    const repeating = build((path) =>
      path.email('welcome', text).repeat('pause', 'every 3 days', (p) => p.email('r', text)),
    )
    expect(tokensOnRemoved(run([token('pause', waiting)]), old, graphOf(repeating, registry))).toHaveLength(1)
  })

  test('what is on its way is not moved: it could be sent twice', () => {
    const acting = { is: 'acting', effects: ['x'] }
    const gone = graphOf(
      build((path) => path.email('hello', text)),
      registry,
    )
    const plan = planMigration(run([token('welcome', acting)]), old, gone, move({ welcome: 'hello' }))
    expect(plan).toMatchObject({ is: 'blocked', problems: [{ code: 'in_flight', node: 'welcome' }] })
    expect(
      planMigration(run([token('welcome', acting)]), old, next, { is: 'jump', to: id('check') }).is,
    ).toBe('blocked')
    // On a node that stays, it may go on: the outcome finds it where it was.
    expect(codes([token('welcome', acting)])).toBe('moved')
  })

  test('an open task on a vanishing step holds the move until it is done', () => {
    const gone = graphOf(
      build((path) => path.email('hello', text)),
      registry,
    )
    const gated = token('call', { is: 'gated', by: 'task', gate: 'g', until: null })
    expect(planMigration(run([gated]), old, gone, move({ call: 'hello' }))).toMatchObject({
      problems: [{ code: 'gate_open' }],
    })
  })

  test('a token of a branch that vanishes is not left without its siblings', () => {
    const right = token('write', { ...waiting, arms: [{ fork: 'both', visit: 1, arm: 'right' }] })
    const left = token('call', { ...waiting, arms: [{ fork: 'both', visit: 1, arm: 'left' }] })
    expect(codes([right])).toEqual(['arm_removed'])
    expect(codes([left])).toBe('moved')
    const forkless = graphOf(
      build((path) => path.task('call', 'Call')),
      registry,
    )
    expect(planMigration(run([left]), old, forkless, move())).toMatchObject({
      problems: [{ code: 'fork_removed' }],
    })
    expect(planMigration(run([left, right]), old, forkless, { is: 'jump', to: id('call') })).toMatchObject({
      is: 'moved',
      tokens: [{ id: 1, at: 'call', visit: 1, is: 'ready' }],
    })
  })

  test('nobody is put into a branch of a fork, or taken out of one', () => {
    const left = token('call', { ...waiting, arms: [{ fork: 'both', visit: 1, arm: 'left' }] })
    expect(codes([token('pause', waiting)], { pause: 'call' })).toEqual(['other_branch'])
    expect(
      planMigration(run([token('pause', waiting)]), old, next, { is: 'jump', to: id('call') }),
    ).toMatchObject({
      problems: [{ code: 'other_branch', node: 'call' }],
    })
    const straight = build((path) =>
      path
        .fork(
          'both',
          { left: (p) => p.task('ring', 'Ring'), right: (p) => p.task('write', 'Write') },
          { id: 'met', mode: 'all' },
        )
        .task('call', 'Call'),
    )
    expect(planMigration(run([left]), old, graphOf(straight, registry), move())).toMatchObject({
      problems: [{ code: 'other_branch', node: 'call' }],
    })
  })

  test('where no join lies ahead, it does not matter from which branch one comes', () => {
    const open = { ...before, nodes: before.nodes.filter((node) => node.kind !== 'join') }
    const graph = graphOf({ ...open, edges: open.edges.filter((edge) => edge.to !== 'met') }, registry)
    const left = token('pause', { ...waiting, arms: [{ fork: 'both', visit: 1, arm: 'left' }] })
    expect(planMigration(run([token('pause', waiting)]), old, graph, { is: 'jump', to: id('call') }).is).toBe(
      'moved',
    )
    expect(planMigration(run([{ ...left, at: id('write') }]), old, graph, move()).is).toBe('moved')
  })

  test('two tokens sent to one node are two visits, so that no message shares its key', () => {
    const lost = [token('pause', waiting), { ...token('pause', waiting), id: 2 }]
    const plan = planMigration(run(lost), old, next, move({ pause: 'check' }))
    expect(plan).toMatchObject({ tokens: [{ visit: 3 }, { visit: 4 }], visits: { check: 4 } })
  })

  test('every obstacle is told at once', () => {
    expect(
      codes([
        token('pause', waiting),
        token('write', { ...waiting, arms: [{ fork: 'both', visit: 1, arm: 'right' }] }),
      ]),
    ).toEqual(['redirect_missing', 'arm_removed'])
  })

  test('who finishes on the old version, or has finished, stays', () => {
    expect(planMigration(run([token('pause', waiting)]), old, next, { is: 'finish_old' }).is).toBe('stays')
    expect(planMigration(run([], 'completed'), old, next, move()).is).toBe('stays')
  })
})
