import fc from 'fast-check'
import { expect, test } from 'vitest'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { randomJourney, type Tape, tapeOf } from '../../../test/fixtures/random-journey.ts'
import {
  anna,
  ben,
  couple,
  journeyOf,
  mail,
  silent,
  type ToldRun,
  tell,
  wait,
} from '../../../test/fixtures/told-run.ts'
import type { NodeId } from '../ids.ts'
import { errorsOf } from '../journey/check.ts'
import { DAY_MS, instant, instantFrom, isoOf } from '../time/instant.ts'
import { withWedding } from '../wedding/example-view.ts'
import type { Command, Outcome } from './event.ts'
import { isFinished, type Run, type Token } from './run.ts'

const begin = '2027-01-05T10:00:00Z'
const DATES = ['2027-06-12', '2027-01-20', '2027-02-10', null]
const OUTCOMES: readonly Outcome[] = [
  { is: 'done', exit: 'sent' },
  { is: 'failed', cause: 'mailbox_gone', permanent: true },
  { is: 'unresolved', cause: 'silence' },
  { is: 'suppressed', cause: 'unsubscribed' },
  { is: 'blocked', code: 'missing_field', message: 'No name.' },
  { is: 'stale' },
]

/** Whatever may happen to a couple next; gives the names of effects that were taken back before they left. */
function happen(run: ToldRun, pick: Tape): readonly string[] {
  const open = run.run.state.tokens.flatMap((token) =>
    token.is === 'acting' ? token.effects.filter((name) => token.results?.[name] === undefined) : [],
  )
  const gates = run.run.state.tokens.flatMap((token) => (token.is === 'gated' ? [token] : []))
  switch (pick(9)) {
    case 0:
    case 1: {
      run.until(isoOf(instant(run.now + [0.5, 3, 20, 90][pick(4)]! * DAY_MS)))
      return []
    }
    case 2: {
      const effect = open[pick(Math.max(1, open.length))]
      const outcome = OUTCOMES[pick(OUTCOMES.length)]!
      if (effect === undefined) return []
      run.settle(effect, outcome)
      return outcome.is === 'stale' || outcome.is === 'blocked' ? [effect] : []
    }
    case 3: {
      const gate = gates[pick(Math.max(1, gates.length))]
      if (gate?.by === 'task') run.tell({ is: 'task_done', at: run.now, name: gate.gate, by: 'owner' })
      if (gate?.by === 'approval')
        run.tell({
          is: 'approval_answered',
          at: run.now,
          name: gate.gate,
          answer: pick(2) ? 'approved' : 'skipped',
          by: 'owner',
        })
      return []
    }
    case 4:
      run.happens(['form_submitted', 'payment_received', 'review_received'][pick(3)]!)
      return []
    case 5: {
      const generation = (run.view.anchors.wedding?.generation ?? 0) + 1
      const on = withWedding(DATES[pick(DATES.length)]!, 'Europe/London', generation, {
        ...couple,
        people: [anna, ben],
      })
      const withdrawn = open.filter(() => pick(2) === 1)
      const undo = pick(2) ? { undoUntil: isoOf(instant(run.now + 600_000)) } : {}
      run.change(on, ['wedding'], { ...undo, withdrawn })
      return withdrawn
    }
    case 6:
      run.tell({ is: pick(2) ? 'held' : 'released', at: run.now, reason: 'hold:date' })
      return []
    case 7:
      run.downUntil(isoOf(instant(run.now + [0, 3 * 3_600_000, 2 * DAY_MS][pick(3)]!)))
      return []
    default:
      run.command(commandFor(run, pick))
      return []
  }
}

function commandFor(run: ToldRun, pick: Tape): Command {
  const token = run.run.state.tokens[pick(Math.max(1, run.run.state.tokens.length))]?.id ?? 1
  const nodes = run.graph.journey.nodes
  const until = instant(run.now + DAY_MS)
  const all: readonly Command[] = [
    { do: 'resume' },
    { do: 'pause' },
    { do: 'skip', token },
    { do: 'do_now', token },
    { do: 'retry', token },
    { do: 'snooze', token, until },
    { do: 'decide', token, choice: (['follow', 'keep', 'send_now', 'skip'] as const)[pick(4)]! },
    { do: 'jump', token, to: nodes[pick(nodes.length)]!.id as NodeId },
    { do: 'restart' },
  ]
  return all[pick(all.length)]!
}

/** What can still move this token. */
function hasFuture(token: Token): boolean {
  switch (token.is) {
    case 'waiting':
      return token.due !== null || token.anchor !== undefined
    case 'acting':
      return token.effects.some((name) => token.results?.[name] === undefined)
    case 'joining':
      return false
    default:
      return true
  }
}

function expectSound(run: ToldRun, before: Run): void {
  const { status, state } = run.run
  if (isFinished(status)) expect(state.tokens).toEqual([])
  else expect(state.tokens.filter(hasFuture).length, `${status}: ${run.places.join(' ')}`).toBeGreaterThan(0)
  if (status === 'active' && run.turn.due === null)
    expect(state.tokens.some((token) => token.is === 'acting')).toBe(true)
  expect(run.turn.due === null || run.turn.due > run.now || status === 'paused').toBe(true)
  expect(state.tokens.filter((token) => token.is !== 'joining' && !token.side).length).toBeLessThanOrEqual(16)
  for (const [node, visit] of Object.entries(before.state.visits))
    expect(state.visits[node as NodeId]).toBeGreaterThanOrEqual(visit)
  expect(new Set(state.tokens.map((token) => token.id)).size).toBe(state.tokens.length)
  const walking = state.tokens.filter((token) => !token.side && !token.overtaken)
  for (const [n, one] of walking.entries())
    for (const other of walking.slice(n + 1))
      expect(
        partedByFork(one, other),
        `${run.places.join(' ')}: two walk where one fork never parted them`,
      ).toBe(true)
}

/** Two walk at once only in arms of one visit to a fork: else what lies behind its join would be done by each of them. */
function partedByFork(one: Token, other: Token): boolean {
  const [left, right] = [one.arms ?? [], other.arms ?? []]
  const at = left.findIndex(
    (arm, depth) => arm.arm !== right[depth]?.arm || arm.visit !== right[depth]?.visit,
  )
  const [mine, theirs] = [left[at], right[at]]
  return mine !== undefined && theirs?.fork === mine.fork && theirs.visit === mine.visit
}

test('whatever a vendor draws and whatever happens, a run stays sound: always a way on, no message twice, nothing while held', () => {
  const scenario = fc.record({
    drawn: fc.array(fc.nat(59), { maxLength: 60 }),
    happening: fc.array(fc.nat(59), { maxLength: 120 }),
  })
  fc.assert(
    fc.property(scenario, ({ drawn, happening }) => {
      const journey = randomJourney(tapeOf(drawn))
      expect(errorsOf(journey, registry)).toEqual([])
      const pick = tapeOf(happening)
      const run = tell(journey, {
        at: begin,
        view: withWedding('2027-06-12', 'Europe/London', 1, { ...couple, people: [anna, ben] }),
        answer: silent,
      })
      const sent = new Set<string>()
      let seen = 0
      const takenBack = new Set<string>()
      for (let n = 0; n < happening.length / 3; n++) {
        const before = run.run
        const back = happen(run, pick)
        for (const name of back) takenBack.add(name)
        for (const effect of run.effects.slice(seen)) {
          if (effect.do === 'cancel_sends' && effect.names !== 'all')
            for (const name of effect.names) takenBack.add(name)
          if (effect.do !== 'send') continue
          // A name comes again only where what bore it was taken back before anybody saw it (I5).
          expect(sent.has(effect.name) && !takenBack.delete(effect.name), `${effect.name} twice`).toBe(false)
          sent.add(effect.name)
          if (effect.deadline !== null && run.because.every((one) => one.code !== 'done_now'))
            expect(effect.at).toBeLessThanOrEqual(effect.deadline)
        }
        const held = (one: Run) => (one.state.holds?.length ?? 0) > 0
        if (held(before) && held(run.run))
          expect(run.effects.slice(seen).filter((one) => one.do === 'send')).toEqual([])
        seen = run.effects.length
        expectSound(run, before)
      }
    }),
    { numRuns: 400 },
  )
}, 60_000)

test('from wherever to wherever somebody jumps, the walk is one again, or parted by forks alone', () => {
  const scenario = fc.record({
    drawn: fc.array(fc.nat(59), { minLength: 20, maxLength: 60 }),
    jumps: fc.array(fc.tuple(fc.nat(40), fc.nat(59), fc.nat(59)), { minLength: 1, maxLength: 6 }),
  })
  fc.assert(
    fc.property(scenario, ({ drawn, jumps }) => {
      const view = withWedding('2027-06-12', 'Europe/London', 1, { ...couple, people: [anna, ben] })
      const run = tell(randomJourney(tapeOf(drawn)), { at: begin, view })
      const { nodes } = run.graph.journey
      for (const [days, from, to] of jumps) {
        run.until(isoOf(instant(run.now + days * DAY_MS)))
        const before = run.run
        const token = before.state.tokens[from % Math.max(1, before.state.tokens.length)]
        if (!token) return
        run.command({ do: 'jump', token: token.id, to: nodes[to % nodes.length]!.id as NodeId })
        expectSound(run, before)
      }
    }),
    { numRuns: 1_000 },
  )
}, 60_000)

test('there and back inside the window gives the first plan exactly, whatever was planned', () => {
  const inputs = fc.record({
    drawn: fc.array(fc.nat(59), { maxLength: 60 }),
    day: fc.integer({ min: 0, max: 120 }),
    to: fc.constantFrom('2027-01-20', '2027-03-20', '2027-09-04'),
  })
  const plan = (run: ToldRun) =>
    run.run.state.tokens.map(({ generation: _, ...token }: Token & { generation?: number }) => token)
  fc.assert(
    fc.property(inputs, ({ drawn, day, to }) => {
      const view = withWedding('2027-06-12', 'Europe/London', 1, { ...couple, people: [anna, ben] })
      const run = tell(randomJourney(tapeOf(drawn)), { at: begin, view })
      const now = instant(instantFrom(begin) + day * DAY_MS)
      run.until(isoOf(now))
      if (isFinished(run.run.status) || run.turn.due === null || run.turn.due <= instant(now + 600_000))
        return
      const before = plan(run)
      const sent = run.sends.length
      run.change(withWedding(to, 'Europe/London', 2, view), ['wedding'], {
        undoUntil: isoOf(instant(now + 600_000)),
      })
      run.until(isoOf(instant(now + 300_000)))
      run.change(withWedding('2027-06-12', 'Europe/London', 3, view), ['wedding']).until(isoOf(run.now))
      expect(run.sends.length).toBe(sent)
      expect(plan(run).filter((token) => !token.side)).toEqual(before)
    }),
    { numRuns: 300 },
  )
}, 60_000)

test('a loop that never waits yields again and again, and is stopped when its steps are spent', () => {
  const journey = journeyOf(
    [
      { id: 'a', kind: 'action', do: { addTag: 'a' } },
      { id: 'b', kind: 'action', do: { addTag: 'b' } },
    ],
    ['a>b', 'b>a'],
  )
  const run = tell(journey, { at: begin })
  expect([run.run.status, run.run.state.steps]).toEqual(['failed', 10_001])
  expect([run.raised, run.codes().includes('yielded')]).toEqual([['fuel_spent'], true])
})

test('a turn takes at most the steps of one activation', () => {
  const chain = Array.from({ length: 250 }, (_, n) => ({
    id: `t${n}`,
    kind: 'action',
    do: { addTag: `t${n}` },
  }))
  const journey = journeyOf(
    [...chain, mail('end'), wait('w', { after: { days: 1 } })],
    [...chain.slice(1).map((_, n) => `t${n}>t${n + 1}`), 't249>end', 'end>w'],
  )
  const run = tell(journey, { at: begin })
  expect(run.codes().filter((code) => code === 'yielded')).toHaveLength(2)
  expect(run.places).toEqual(['w:waiting'])
})
