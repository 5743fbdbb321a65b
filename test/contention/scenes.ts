import type { RunId } from '../../src/core/ids.ts'
import type { Command } from '../../src/core/run/event.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { changeDetails } from '../../src/engine/change-details.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { refuseIn } from '../../src/engine/consent.ts'
import { command } from '../../src/engine/control.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { publish } from '../../src/engine/publish.ts'
import type { Receipt } from '../../src/engine/receive.ts'
import { daysBefore, journeyOf, mail, wait } from '../fixtures/told-run.ts'
import type { Name, Played } from './stepper.ts'
import { type Studio, type Two, WEDDING } from './two.ts'

/**
 * Pairs of transactions that meet in the life of a house. A scene is set up for each schedule anew; what must be true
 * after it, whoever was first, it says itself, as a list of what is wrong.
 */
export type Scene = {
  readonly what: string
  set(two: Two): Promise<Setting>
}
export type Setting = {
  readonly work: { readonly [name in Name]: (engine: Engine) => Promise<unknown> }
  /** After both have ended and everything due was done. */
  wrong(played: Played): Promise<string[]>
}
type Row = { status: string; version: number; rev: number; state: string }

const LATER = '2027-07-10' as LocalDate
const MOVE = { anchors: { wedding: { is: 'day', on: LATER } } } as const

const letter = journeyOf([mail('hello'), wait('pause', { after: { days: 5 } })], ['hello>pause'])
const twoArms = journeyOf(
  [
    { id: 'both', kind: 'fork', arms: ['left', 'right'] },
    { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 20 } } },
    mail('thanks'),
    wait('before', daysBefore(10)),
    mail('soon'),
    { id: 'meet', kind: 'join', mode: 'all' },
  ],
  [
    'both.left>answer',
    'answer.happened>thanks',
    'answer.timeout>meet',
    'thanks>meet',
    'both.right>before',
    'before>soon',
    'soon>meet',
  ],
)
const answered = journeyOf(
  [
    { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 20 } } },
    mail('thanks'),
  ],
  ['answer.happened>thanks'],
)
const renamed = journeyOf(
  [
    mail('hello', { config: { subject: 'Welcome', body: 'Dear both' } }),
    wait('pause', { after: { days: 6 } }),
  ],
  ['hello>pause'],
)
const byDate = journeyOf(
  [{ id: 'begin', kind: 'trigger', type: 'date', config: { when: daysBefore(30) } }, mail('prepare')],
  ['begin>prepare'],
)
const dated = journeyOf(
  [mail('soon', { when: daysBefore(103) }), wait('pause', { after: { days: 300 } })],
  ['soon>pause'],
)

const runOf = async (two: Two, { client }: Studio): Promise<Row & { run_id: RunId }> =>
  (
    await two.rows<Row & { run_id: RunId }>(
      `select run_id, status, version, rev, state from app.run where client_id = '${client}'`,
    )
  )[0]!

/** How often each step of this couple was taken by the provider. */
async function sentTo(two: Two, { client }: Studio): Promise<string[]> {
  const rows = await two.rows<{ effect_id: string; node: string }>(
    `select effect_id, node from app.effect where client_id = '${client}'`,
  )
  return two.book.flatMap(({ effect }) => rows.find((row) => row.effect_id === effect)?.node ?? []).sort()
}

const expected = (what: string, is: unknown, should: unknown): string[] =>
  JSON.stringify(is) === JSON.stringify(should)
    ? []
    : [`${what}: ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`]

const bothDone = ({ a, b }: Played): string[] =>
  [a, b].flatMap((one) => (one.status === 'rejected' ? [`failed: ${String(one.reason)}`] : []))

const standsAt = (row: Row): string[] =>
  (JSON.parse(row.state) as { tokens: { at: string }[] }).tokens.map((token) => token.at).sort()

const waitsUntil = (row: Row, node: string): number | undefined =>
  (JSON.parse(row.state) as { tokens: { at: string; nominal?: number }[] }).tokens.find(
    (token) => token.at === node,
  )?.nominal

const started: Scene = {
  what: 'two workers claim the same turn and the same message',
  async set(two) {
    const studio = await two.studio({ letter })
    await studio.hears(two.own, 'contract_signed')
    return {
      work: { a: two.turn, b: two.turn },
      async wrong(played) {
        return [
          ...bothDone(played),
          ...expected('sent', await sentTo(two, studio), ['hello']),
          ...expected('stands', standsAt(await runOf(two, studio)), ['pause']),
        ]
      },
    }
  },
}

const letterAndMove: Scene = {
  what: 'a letter is delivered while the wedding moves',
  async set(two) {
    const studio = await two.studio({ arms: twoArms })
    const { vendor, wedding } = studio
    await studio.hears(two.own, 'contract_signed')
    await two.settle()
    return {
      work: {
        a: (engine) => studio.hears(engine, 'form_submitted'),
        b: (engine) => changeDetails(engine, vendor, [{ wedding, ...MOVE }], 'owner'),
      },
      async wrong(played) {
        const run = await runOf(two, studio)
        return [
          ...bothDone(played),
          ...expected('sent', await sentTo(two, studio), ['thanks']),
          ...expected('stands', standsAt(run), ['before', 'meet']),
          ...expected('waits until', waitsUntil(run, 'before'), Date.parse('2027-06-30T08:00:00Z')),
        ]
      },
    }
  },
}

const moveAndTurn: Scene = {
  what: 'the wedding moves while a worker takes the turn that plans by it',
  async set(two) {
    const studio = await two.studio({ arms: twoArms })
    const { vendor, wedding } = studio
    await studio.hears(two.own, 'contract_signed')
    return {
      work: { a: (engine) => changeDetails(engine, vendor, [{ wedding, ...MOVE }], 'owner'), b: two.turn },
      async wrong(played) {
        const run = await runOf(two, studio)
        return [
          ...bothDone(played),
          ...expected('stands', standsAt(run), ['answer', 'before']),
          ...expected('waits until', waitsUntil(run, 'before'), Date.parse('2027-06-30T08:00:00Z')),
        ]
      },
    }
  },
}

/** Whoever is first: a step that will want its couple holds them before its run, as whoever comes from outside does. */
const tagged = journeyOf(
  [
    { id: 'tag', kind: 'action', do: { addTag: 'signed' } },
    {
      id: 'answer',
      kind: 'await',
      for: { event: 'form_submitted' },
      timeout: { after: { days: 20 } },
      alsoPast: true,
    },
    mail('thanks'),
  ],
  ['tag.next>answer', 'answer.happened>thanks'],
)
const tagAnd = (what: string, other: (studio: Studio) => (engine: Engine) => Promise<unknown>): Scene => ({
  what,
  async set(two) {
    const studio = await two.studio({ tagged })
    await studio.hears(two.own, 'contract_signed')
    return {
      work: { a: other(studio), b: two.turn },
      async wrong(played) {
        const [couple] = await two.rows<{ tags: string[] }>(
          `select tags from app.client where client_id = '${studio.client}'`,
        )
        return [...bothDone(played), ...expected('tags', couple?.tags, ['signed'])]
      },
    }
  },
})

const letterAndTurn: Scene = {
  what: 'a letter is delivered while a worker takes the turn',
  async set(two) {
    const studio = await two.studio({ letter: answered })
    await studio.hears(two.own, 'contract_signed')
    return {
      work: { a: (engine) => studio.hears(engine, 'form_submitted'), b: two.turn },
      async wrong(played) {
        // Told before the first turn was taken it is read after it: the journey waits by then.
        return [...bothDone(played), ...expected('sent', await sentTo(two, studio), ['thanks'])]
      },
    }
  },
}

const twice: Scene = {
  what: 'the same event is told twice at one moment',
  async set(two) {
    const studio = await two.studio({ letter })
    const tell = (engine: Engine) => studio.hears(engine, 'contract_signed', 'signed')
    return {
      work: { a: tell, b: tell },
      async wrong(played) {
        const told = [played.a, played.b].flatMap((one) =>
          one.status === 'fulfilled' ? [one.value as Receipt] : [],
        )
        const whose = `vendor_id = '${studio.vendor}' and client_id = '${studio.client}'`
        const events = await two.rows(`select from app.event where ${whose} and key = 'signed'`)
        const runs = await two.rows(`select from app.run where ${whose}`)
        return [
          ...bothDone(played),
          ...expected('events', events.length, 1),
          ...expected('runs', runs.length, 1),
          ...expected('duplicates', told.filter((one) => one.duplicate).length, 1),
          ...expected('receipts', new Set(told.map((one) => `${one.event} ${one.started[0]?.run}`)).size, 1),
          ...expected('sent', await sentTo(two, studio), ['hello']),
        ]
      },
    }
  },
}

/** Whoever is in flight goes along, and so does who begins at that very moment. */
const publishing = (what: string, meanwhile: 'turn' | 'start'): Scene => ({
  what,
  async set(two) {
    const studio = await two.studio({ letter })
    const sign = (engine: Engine) => studio.hears(engine, 'contract_signed')
    if (meanwhile === 'turn') await sign(two.own)
    const publication = {
      key: 'letter',
      document: renamed,
      by: 'owner',
      plan: { is: 'move', redirects: {} },
    } as const
    return {
      work: {
        a: (engine) => publish(engine, studio.vendor, publication),
        b: meanwhile === 'turn' ? two.turn : sign,
      },
      async wrong(played) {
        const run = await runOf(two, studio)
        return [
          ...bothDone(played),
          ...expected('sent', await sentTo(two, studio), ['hello']),
          ...expected('stands', standsAt(run), ['pause']),
          ...expected('version', run.version, 2),
        ]
      },
    }
  },
})

const dateJourney: Scene = {
  what: 'a journey that begins by a date is published while a couple becomes known',
  async set(two) {
    const studio = await two.studio({})
    const people = [{ ref: 'partner_a', name: 'Ben Brown', email: 'ben@example.org' }]
    const couple = { people, wedding: { on: WEDDING, zone: 'Europe/London' } }
    return {
      work: {
        a: (engine) => publish(engine, studio.vendor, { key: 'prepare', document: byDate, by: 'owner' }),
        b: (engine) => addCouple(engine, studio.vendor, couple, { source: 'test', key: 'ben' }),
      },
      async wrong(played) {
        const runs = await two.rows(`select from app.run where vendor_id = '${studio.vendor}'`)
        return [...bothDone(played), ...expected('couples on their way', runs.length, 2)]
      },
    }
  },
}

/** Whatever is said before the intent is committed holds; what was on its way before it was said stays sent. */
const orderAndSend = (
  what: string,
  order: (two: Two, studio: Studio, run: RunId) => (engine: Engine) => Promise<unknown>,
  said: string,
  once: 'first' | 'again' = 'first',
): Scene => ({
  what,
  async set(two) {
    const studio = await two.studio({ letter: dated })
    await studio.hears(two.own, 'contract_signed')
    const { run_id: run } = await runOf(two, studio)
    await two.step()
    if (once === 'again') await loseSight(two, studio)
    return {
      work: { a: order(two, studio, run), b: two.turn },
      async wrong(played) {
        const saidAt = played.commits.indexOf(`a ${said}`)
        const meantAt = played.commits.indexOf('b execute.intent')
        const wanted = meantAt !== -1 && meantAt < saidAt ? ['soon'] : []
        return [
          ...bothDone(played),
          ...expected('said', saidAt !== -1, true),
          ...expected('sent', await sentTo(two, studio), wanted),
        ]
      },
    }
  },
})

/** Its sender was lost and nobody could say more: what is left is the one recorded resend. */
async function loseSight(two: Two, { client }: Studio): Promise<void> {
  const now = `to_timestamp(${two.now()} / 1000.0)`
  const lost = await two.rows(
    `with lost as (
       update app.effect
          set state = 'unknown', class = 'at_least_once', attempt = 1, fence = 0, rung = 3, cause = 'sender_lost',
              due_at = ${now}, send_deadline = ${now} - interval '1 minute'
        where client_id = '${client}' and state = 'planned' returning *)
     insert into app.effect_attempt (vendor_id, effect_id, attempt, fence, started_at, ended_at, result)
     select vendor_id, effect_id, 1, 0, send_deadline, send_deadline, 'unknown' from lost returning effect_id`,
  )
  if (lost.length !== 1) throw new Error('there is no message of which to lose sight')
}

const commanded =
  (wanted: Command) =>
  (_two: Two, { vendor }: Studio, run: RunId) =>
  (engine: Engine) =>
    command(engine, vendor, [run], wanted, 'owner')

const moved =
  (_two: Two, { vendor, wedding }: Studio) =>
  (engine: Engine) =>
    changeDetails(engine, vendor, [{ wedding, ...MOVE }], 'owner')

const unsubscribed =
  (two: Two, { vendor, client }: Studio) =>
  async (engine: Engine) => {
    const [row] = await two.rows<{ mark: Uint8Array }>(
      `select email_mark as mark from app.person where client_id = '${client}'`,
    )
    const whose = { vendor, way: 'email', mark: row!.mark, actor: 'couple' } as const
    return engine.db.tx('consent', { vendors: [vendor] }, (sql) =>
      refuseIn(engine, sql, whose, ['relationship'], 'unsubscribed'),
    )
  }

export const SCENES: readonly Scene[] = [
  started,
  twice,
  letterAndTurn,
  letterAndMove,
  moveAndTurn,
  tagAnd(
    'an event comes in while a step tags its couple',
    (studio) => (engine) => studio.hears(engine, 'form_submitted'),
  ),
  tagAnd(
    'the wedding moves while a step tags its couple',
    ({ vendor, wedding }) =>
      (engine) =>
        changeDetails(engine, vendor, [{ wedding, ...MOVE }], 'owner'),
  ),
  publishing('a version is published while a worker takes the turn', 'turn'),
  publishing('a version is published while a couple begins', 'start'),
  dateJourney,
  orderAndSend(
    'a journey is stopped while its message is sent',
    commanded({ do: 'stop', reason: 'x' }),
    'control.command',
  ),
  orderAndSend(
    'a journey is paused while its message is sent',
    commanded({ do: 'pause' }),
    'control.command',
  ),
  orderAndSend('the wedding moves while its message is sent', moved, 'details.change'),
  orderAndSend('somebody unsubscribes while a message to them is sent', unsubscribed, 'consent'),
  orderAndSend(
    'somebody unsubscribes while a message of which nobody knows is sent to them once more',
    unsubscribed,
    'consent',
    'again',
  ),
]
