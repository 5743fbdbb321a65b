import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anyEvent,
  coupleView,
  email,
  journeyOf,
  type Lived,
  live,
  liveFrom,
  personOf,
  variedJourney,
} from '../../../test/fixtures/couple-run.ts'
import { instant, instantFrom, isoOf, MINUTE_MS } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import type { Command, Outcome, RunEvent } from './event.ts'
import { PROMISE_TOLERANCE_MS, promisesIn } from './promises.ts'

const BEGUN = instantFrom('2027-01-05T10:00:00Z')
const wedding = coupleView('2027-06-12')
const begin = { id: 'begin', kind: 'trigger', type: 'contract_signed' }
const SENT: Outcome = { is: 'done', exit: 'sent' }

type Step = { readonly id: string; readonly [key: string]: unknown }
/** One couple of Lumen Photography on a journey of these steps in a row. */
function onTheirWay(steps: readonly Step[], view = wedding) {
  const all = [begin, ...steps]
  const edges = all.slice(1).map((step, at) => ({ from: all[at]!.id, to: step.id }))
  const graph = journeyOf(all, edges)
  const lived = liveFrom(graph, BEGUN, view)
  const tell = (event: RunEvent) => live(lived, graph, event, view)
  const here = {
    due: (iso: string) => {
      tell({ is: 'due', at: instantFrom(iso) })
      return here
    },
    settles: (iso: string, outcome: Outcome = SENT) => {
      for (const token of lived.run.state.tokens)
        if (token.is === 'acting')
          for (const effect of token.effects) tell({ is: 'settled', at: instantFrom(iso), effect, outcome })
      return here
    },
    commands: (iso: string, command: Command) => {
      tell({ is: 'commanded', at: instantFrom(iso), by: 'owner', command })
      return here
    },
    answers: (iso: string, answer: 'approved' | 'skipped') => {
      const gate = lived.run.state.tokens.find((token) => token.is === 'gated')
      const name = gate?.is === 'gated' ? gate.gate : ''
      tell({ is: 'approval_answered', at: instantFrom(iso), name, answer, by: 'owner' })
      return here
    },
    happens: (iso: string, type: string) => {
      const at = instantFrom(iso)
      tell({ is: 'happened', at, event: { id: 'e1' as never, type, at, data: {}, depth: 0 } })
      return here
    },
    promises: () =>
      told(lived, graph).map(
        ({ node, promised, at, verdict, lateMs, sentence }) =>
          `${node} ${verdict}: promised ${promised === null ? 'for no moment' : isoOf(promised).slice(0, 16)}, ${isoOf(at).slice(0, 16)}${lateMs === null ? '' : `, ${lateMs / MINUTE_MS} minutes late`}${sentence === null ? '' : `. ${sentence}`}`,
      ),
  }
  return here
}
const told = ({ run, log }: Lived, graph: ReturnType<typeof journeyOf>) =>
  promisesIn(graph, run, log, { zone: 'Europe/London' as Zone, now: BEGUN })

const monthBefore = { when: { before: { days: 30 }, of: 'wedding', at: '10:00' }, class: 'transactional' }
const fiveDays = { id: 'pause', kind: 'delay', wait: { after: { days: 5 } } }
const AT = '2027-05-13T09:00:00Z'

describe('a promise is kept', () => {
  test('when the letter goes at its moment, or a few minutes after it', () => {
    const couple = onTheirWay([email('timeline', monthBefore)])
    expect(couple.promises()).toEqual([])
    expect(couple.due(AT).promises(), 'on its way').toEqual([])
    expect(couple.settles('2027-05-13T09:15:00Z').promises()).toEqual([
      'timeline kept: promised 2027-05-13T09:00, 2027-05-13T09:15',
    ])
  })
  test('when it follows at once: a moment is only promised where one was named', () => {
    const couple = onTheirWay([email('welcome', { class: 'transactional' })])
    expect(couple.settles('2027-01-05T10:01:00Z').promises()).toEqual([
      'welcome kept: promised for no moment, 2027-01-05T10:01',
    ])
  })
  test('by the wait before it: its moment is that of the letter', () => {
    const couple = onTheirWay([
      fiveDays,
      { id: 'tag', kind: 'action', do: { addTag: 'met' } },
      email('how', { class: 'transactional' }),
    ])
    expect(couple.due('2027-01-10T10:00:00Z').settles('2027-01-10T10:02:00Z').promises()).toEqual([
      'how kept: promised 2027-01-10T10:00, 2027-01-10T10:02',
    ])
  })
  test('when its moment was past already as they began: for that day nobody had promised it', () => {
    const couple = onTheirWay([
      email('guide', {
        when: { before: { months: 9 }, of: 'wedding', at: '10:00' },
        late: 'send_now',
        class: 'transactional',
      }),
    ])
    expect(couple.settles('2027-01-05T10:01:00Z').promises()).toEqual([
      'guide kept: promised for no moment, 2027-01-05T10:01',
    ])
  })
  test('when the owner put it off: the last word counts', () => {
    const couple = onTheirWay([email('timeline', monthBefore)])
    couple.commands('2027-03-01T10:00:00Z', { do: 'snooze', until: instantFrom('2027-05-20T09:00:00Z') })
    expect(couple.due('2027-05-20T09:00:00Z').settles('2027-05-20T09:01:00Z').promises()).toEqual([
      'timeline kept: promised 2027-05-20T09:00, 2027-05-20T09:01',
    ])
  })
  test('by a task that is opened at its moment', () => {
    const call = { id: 'call', kind: 'action', do: { task: { title: 'Call them' } }, when: monthBefore.when }
    expect(onTheirWay([call]).due(AT).promises()).toEqual([
      'call kept: promised 2027-05-13T09:00, 2027-05-13T09:00',
    ])
  })
})

describe('a promise is late', () => {
  test('after an outage, which says so itself', () => {
    const couple = onTheirWay([email('timeline', monthBefore)])
    expect(couple.due('2027-05-13T11:00:00Z').settles('2027-05-13T11:01:00Z').promises()).toEqual([
      'timeline late: promised 2027-05-13T09:00, 2027-05-13T11:01, 121 minutes late. The service was down at Thu 13 May 10:00 London and back at Thu 13 May 12:00 London.',
    ])
  })
  test('when the wait before it was slept through', () => {
    const couple = onTheirWay([fiveDays, email('how', { class: 'transactional' })])
    expect(couple.due('2027-01-10T12:00:00Z').settles('2027-01-10T12:00:00Z').promises()).toEqual([
      'how late: promised 2027-01-10T10:00, 2027-01-10T12:00, 120 minutes late. The service was down at Sun 10 January 10:00 London and back at Sun 10 January 12:00 London.',
    ])
  })
  test.each([
    [
      'on the letter itself',
      [email('album', { ...monthBefore, approval: { timeout: { after: { days: 9 } } } })],
    ],
    [
      'on a question before it',
      [
        {
          id: 'yes',
          kind: 'approval',
          ask: 'Send it?',
          when: monthBefore.when,
          timeout: { after: { days: 9 } },
        },
        email('album', { class: 'transactional' }),
      ],
    ],
  ])('because of a yes that came two days later: %s', (_, steps) => {
    const couple = onTheirWay(steps).due(AT).answers('2027-05-15T09:00:00Z', 'approved')
    expect(couple.settles('2027-05-15T09:00:00Z').promises()).toEqual([
      'album late: promised 2027-05-13T09:00, 2027-05-15T09:00, 2880 minutes late. It waited for a person’s yes until Sat 15 May 10:00 London.',
    ])
  })
  test('because the journey was paused when its moment came', () => {
    const couple = onTheirWay([email('timeline', { ...monthBefore, late: 'send_now' })])
    couple
      .commands('2027-05-10T10:00:00Z', { do: 'pause' })
      .commands('2027-05-14T12:00:00Z', { do: 'resume' })
    expect(couple.due('2027-05-14T12:00:00Z').settles('2027-05-14T12:00:00Z').promises()).toEqual([
      'timeline late: promised 2027-05-13T09:00, 2027-05-14T12:00, 1620 minutes late. It was held because a person has paused the journey.',
    ])
  })
  test('when sending it took hours', () => {
    const couple = onTheirWay([email('timeline', monthBefore)]).due(AT)
    expect(couple.settles('2027-05-13T12:00:00Z').promises()).toEqual([
      'timeline late: promised 2027-05-13T09:00, 2027-05-13T12:00, 180 minutes late. It was ready in time, but sending it took until then.',
    ])
  })
  test('when it was refused and tried again: one promise, not two', () => {
    const couple = onTheirWay([email('timeline', { ...monthBefore, onFailure: 'stop' })]).due(AT)
    couple.settles(AT, { is: 'failed', cause: 'mailbox_full', permanent: true })
    expect(couple.promises(), 'it stands there').toEqual([])
    couple.commands('2027-05-14T09:00:00Z', { do: 'retry' }).settles('2027-05-14T09:00:00Z')
    expect(couple.promises()).toEqual([
      'timeline late: promised 2027-05-13T09:00, 2027-05-14T09:00, 1440 minutes late. The owner had it tried again.',
    ])
  })
})

describe('a promise is left out', () => {
  test('by its rule, because its moment was past', () => {
    const steps = [
      email('guide', { when: { before: { months: 9 }, of: 'wedding', at: '10:00' }, late: 'skip' }),
    ]
    expect(onTheirWay(steps).promises()).toEqual([
      'guide left_out: promised for no moment, 2027-01-05T10:00. It was left out because its moment, Sat 12 September 2026 10:00 London, was already past.',
    ])
  })
  test('by a person, and by a person who said no', () => {
    const couple = onTheirWay([email('timeline', monthBefore)])
    expect(couple.commands('2027-03-01T10:00:00Z', { do: 'skip' }).promises()).toEqual([
      'timeline left_out: promised 2027-05-13T09:00, 2027-03-01T10:00. The owner left it out.',
    ])
    const asked = onTheirWay([
      email('album', { ...monthBefore, approval: { timeout: { after: { days: 9 } } } }),
    ])
    expect(asked.due(AT).answers('2027-05-15T09:00:00Z', 'skipped').promises()[0]).toMatch(
      /^album left_out: .* The owner said no, so it was left out\.$/,
    )
  })
  test('because the journey ended while it waited', () => {
    const couple = onTheirWay([
      email('remind', monthBefore),
      { id: 'paid', kind: 'goal', for: { event: 'payment_received' } } as never,
    ])
    expect(couple.happens('2027-03-01T10:00:00Z', 'payment_received').promises()).toEqual([
      'remind left_out: promised 2027-05-13T09:00, 2027-03-01T10:00. The goal of the journey is reached, so nothing more is sent.',
    ])
  })
})

describe('a promise is not delivered', () => {
  test('to nobody: there is no address', () => {
    const nowhere = { ...wedding, people: [personOf('partner_a', {}), personOf('partner_b', {})] }
    expect(
      onTheirWay([email('timeline', monthBefore)], nowhere)
        .due(AT)
        .promises(),
    ).toEqual([
      'timeline not_delivered: promised 2027-05-13T09:00, 2027-05-13T09:00. The first partner has no email address. The second partner has no email address.',
    ])
  })
  test.each([
    [{ is: 'failed', cause: 'mailbox_gone', permanent: true }, 'It was refused: mailbox gone.'],
    [{ is: 'unresolved', cause: 'silence' }, 'Nobody can know whether it arrived: silence.'],
    [{ is: 'suppressed', cause: 'no_consent' }, 'It was withdrawn: they do not want to hear this any more.'],
  ] as const)('%o', (outcome, sentence) => {
    const couple = onTheirWay([email('timeline', monthBefore)])
      .due(AT)
      .settles(AT, outcome)
    expect(couple.promises()).toEqual([
      `timeline not_delivered: promised 2027-05-13T09:00, 2027-05-13T09:00. ${sentence}`,
    ])
  })
})

/** Dice decide what happens to a couple: time, answers, replies, moved dates, people. */
function anyLife(graph: ReturnType<typeof journeyOf>, dice: readonly number[]): Lived {
  const lived = liveFrom(graph, BEGUN, wedding)
  let now = BEGUN
  for (const one of dice) {
    now = instant(now + (one % 5) * 7 * 3_600_000)
    live(lived, graph, anyEvent(lived.run, now, one), wedding)
  }
  return lived
}

test('whatever happens, each visit is told once, what was sent is told as gone, and lateness is what it says', () => {
  const graph = variedJourney()
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 120 }), (dice) => {
      const lived = anyLife(graph, dice)
      const promises = told(lived, graph)
      const keys = promises.map(({ node, visit }) => `${node}|${visit}`)
      expect(new Set(keys).size).toBe(keys.length)
      for (const { verdict, promised, at, lateMs, sentence } of promises) {
        expect(verdict === 'late').toBe(lateMs !== null)
        if (lateMs !== null) {
          expect(lateMs).toBe(at - promised!)
          expect(lateMs).toBeGreaterThan(PROMISE_TOLERANCE_MS)
        }
        if (verdict === 'left_out' || verdict === 'not_delivered') expect(sentence).not.toBe(null)
      }
      const sent = lived.log.flatMap(({ because }) =>
        because.flatMap(({ code, node, visit }) => (code === 'sent' ? [`${node}|${visit}`] : [])),
      )
      const standing = lived.run.state.tokens.map(({ at, visit }) => `${at}|${visit}`)
      const gone = promises.filter(({ verdict }) => verdict === 'kept' || verdict === 'late')
      const asGone = new Set(gone.map(({ node, visit }) => `${node}|${visit}`))
      for (const key of sent) expect(asGone.has(key) || standing.includes(key), key).toBe(true)
    }),
  )
})

test('a house that is always awake, asks nobody and is held by nobody is never late', () => {
  const graph = variedJourney()
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (minutes) => {
      const lived = liveFrom(graph, BEGUN, { ...wedding, wedding: { ...wedding.wedding!, guests: 20 } })
      let now = BEGUN
      for (const one of minutes) {
        const { tokens } = lived.run.state
        const acting = tokens.find((token) => token.is === 'acting')
        const due = tokens.flatMap((token) =>
          token.is === 'waiting' ? (token.due ?? []) : token.is === 'awaiting' ? (token.until ?? []) : [],
        )
        if (acting?.is === 'acting') {
          const effect = acting.effects.find((name) => acting.results?.[name] === undefined)!
          live(lived, graph, { is: 'settled', at: now, effect, outcome: SENT }, wedding)
        } else if (due.length > 0) {
          now = instant(Math.max(now, Math.min(...due)) + Math.min(one, 14) * 1_000)
          live(lived, graph, { is: 'due', at: now }, wedding)
        } else return
      }
      expect(told(lived, graph).filter(({ verdict }) => verdict !== 'kept')).toEqual([])
    }),
  )
})
