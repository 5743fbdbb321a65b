import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { changeDetails } from '../../src/engine/change-details.ts'
import { receiver } from '../../src/engine/receive.ts'
import { startMany } from '../../src/engine/start-many.ts'
import type { Count, Figures, Measured, World } from '../harness/system.ts'
import { inLanes, quantile } from '../harness/timing.ts'
import { type Couple, couplesFor, openSeason, type Season, setTimers } from './season-house.ts'
import { FORM, INQUIRY_LETTERS } from './season-journeys.ts'

/**
 * W7: a season as it is. Inquiries come in one by one, letters leave for a mail server, couples answer what they are
 * asked, dates move. First as fast as it goes, then at four fifths of that with timers to keep, then ten times as much
 * due at one moment, with couples on the eve of their wedding in between.
 */
const LANES = 48
const MOVED_EVERY = 10
const STEADY_SHARE = 0.8
const STEADY_SECONDS = 12
/** Longer than an inquiry takes to its timer: one that comes to it too late would be caught up with another day. */
const TIMER_AFTER_MS = 3_000
/** What is not over by then never will be. */
const OVER_WITHIN_MS = 90_000
const OVERLOAD = 10
const CRITICAL = 200
const FAR_DAYS = 200
const EVE_DAYS = 1
const SECOND = 1_000

export async function w7(world: World, couples: number): Promise<Measured> {
  const season = await openSeason(world)
  const counts: Count[] = []
  await asFastAsItGoes(season, 'warm', Math.max(20, Math.round(couples / 20)))
  const fast = await asFastAsItGoes(season, 'fast', couples)
  const memory = [heapMb()]
  const steady = await atFourFifths(season, fast.runsPerSecond * STEADY_SHARE)
  memory.push(heapMb())
  const overload = await tenfold(season, fast.stepsPerSecond)
  memory.push(heapMb())
  counts.push(...(await countsOf(season)))
  return {
    figures: {
      ...fast,
      ...steady,
      ...overload,
      heapAfterFastMb: memory[0]!,
      heapAfterSteadyMb: memory[1]!,
      heapAfterOverloadMb: memory[2]!,
      rssMb: process.memoryUsage.rss() / 2 ** 20,
    },
    counts,
  }
}

/** Sends each couple through: an inquiry, then the answer as soon as the second letter has arrived; some dates move. */
function lives(season: Season, couples: readonly Couple[]) {
  const { engine, peer } = season
  const byEmail = new Map(couples.map((one, nth) => [one.email, { one, nth, letters: 0 }]))
  const answers: Promise<unknown>[] = []
  const over = Promise.withResolvers<void>()
  let left = couples.length
  const receive = receiver(engine)
  const tell = (one: Couple, type: string, data: { [key: string]: string }, personal = {}) =>
    receive(one.vendor, {
      source: 'bench',
      key: `${type}-${one.client}`,
      type,
      client: one.client,
      data,
      personal,
    })
  peer.onLetter = (to) => {
    const known = byEmail.get(to)
    if (!known) return
    known.letters += 1
    if (known.letters === INQUIRY_LETTERS) answers.push(answer(known.one, known.nth).catch(over.reject))
  }
  async function answer(one: Couple, nth: number): Promise<void> {
    await tell(one, 'form_submitted', { form: FORM }, { guests: 80 + (nth % 60) })
    if (nth % MOVED_EVERY === 0)
      await changeDetails(
        engine,
        one.vendor,
        [{ wedding: one.wedding, anchors: { wedding: { is: 'day', on: dayIn(season, FAR_DAYS + 30) } } }],
        'bench',
      )
    left -= 1
    if (left === 0) over.resolve()
  }
  return {
    inquire: (one: Couple) => tell(one, 'inquiry_received', { source: 'website' }),
    over: over.promise,
  }
}

/** An end that does not come is told, not waited for. */
const within = <T>(end: Promise<T>, whose: string): Promise<T> =>
  Promise.race([
    end,
    sleep(OVER_WITHIN_MS, null, { ref: false }).then(() => {
      throw new Error(`${whose} did not come to their end within ${OVER_WITHIN_MS} ms`)
    }),
  ])

const dayIn = (season: Season, days: number): never =>
  new Date(season.engine.clock.now() + days * 86_400_000).toISOString().slice(0, 10) as never

async function asFastAsItGoes(season: Season, name: string, count: number) {
  const couples = await couplesFor(season, name, count, FAR_DAYS)
  const { inquire, over } = lives(season, couples)
  const before = await stepsSoFar(season)
  const cpu = process.cpuUsage()
  const from = performance.now()
  await inLanes(count, LANES, (nth) => inquire(couples[nth]!))
  await within(over, 'the couples')
  await season.worker.idle()
  const seconds = (performance.now() - from) / SECOND
  const { user, system } = process.cpuUsage(cpu)
  const steps = (await stepsSoFar(season)) - before
  return {
    stepsPerSecond: steps / seconds,
    runsPerSecond: count / seconds,
    lettersPerSecond: (count * INQUIRY_LETTERS) / seconds,
    cpuUsPerStep: (user + system) / steps,
    steps,
  }
}

/** Inquiries at a steady rate, whatever becomes of them; each couple's timer falls due a little later. */
async function atFourFifths(season: Season, perSecond: number): Promise<Figures> {
  const { engine } = season
  const count = Math.max(20, Math.round(perSecond * STEADY_SECONDS))
  const couples = await couplesFor(season, 'steady', count, FAR_DAYS)
  const start = engine.clock.now() + SECOND
  const momentOf = (nth: number): number => start + (nth * SECOND) / perSecond
  await setTimers(season, couples, (nth) => momentOf(nth) + TIMER_AFTER_MS)
  const { inquire, over } = lives(season, couples)
  const watch = watchTimers(season)
  const entryMs: number[] = []
  const coming = couples.map(async (one, nth) => {
    const at = momentOf(nth)
    await sleep(Math.max(0, at - engine.clock.now()))
    await inquire(one)
    entryMs.push(engine.clock.now() - at)
  })
  await Promise.all(coming)
  await within(over, 'the couples of the steady season')
  await season.worker.idle()
  watch.stop()
  if (watch.latenessMs.length === 0) throw new Error('no timer fell due')
  return {
    steadyRunsPerSecond: perSecond,
    latenessP50Ms: quantile(watch.latenessMs, 0.5),
    latenessP99Ms: quantile(watch.latenessMs, 0.99),
    receivedP99Ms: quantile(entryMs, 0.99),
    timers: watch.latenessMs.length,
  }
}

/** When a run whose moment was told goes on, and how much later than its moment. */
function watchTimers(season: Season): { readonly latenessMs: number[]; stop(): void } {
  const dues = new Map<string, number>()
  const latenessMs: number[] = []
  season.onRun = (run, _status, due) => {
    const now = season.engine.clock.now()
    const before = dues.get(run)
    if (before !== undefined && before <= now) {
      latenessMs.push(now - before)
      dues.delete(run)
    }
    if (due !== null && due > now && due - now < 60 * SECOND) dues.set(run, due)
  }
  return {
    latenessMs,
    stop: () => {
      season.onRun = () => undefined
    },
  }
}

/** Ten seconds' worth of work due at one moment, while couples on the eve of their wedding have moments of their own. */
async function tenfold(season: Season, stepsPerSecond: number): Promise<Figures> {
  const { engine, peer } = season
  const crowdCount = Math.max(100, Math.round((OVERLOAD * stepsPerSecond) / WAVE_STEPS))
  const crowd = await couplesFor(season, 'crowd', crowdCount, FAR_DAYS)
  const eve = await couplesFor(season, 'eve', CRITICAL, EVE_DAYS)
  const start = engine.clock.now() + 3 * SECOND + crowdCount
  const apart = (OVERLOAD * SECOND) / CRITICAL
  const momentOfEve = (nth: number): number => start + nth * apart
  await setTimers(season, crowd, () => start)
  await setTimers(season, eve, momentOfEve)
  const letterMs: number[] = []
  const moments = new Map(eve.map((one, nth) => [one.email, momentOfEve(nth)]))
  const arrived = new Set<string>()
  const done = Promise.withResolvers<void>()
  let lastCrowdAt = start
  peer.onLetter = (to) => {
    const now = engine.clock.now()
    const moment = moments.get(to)
    if (moment === undefined) lastCrowdAt = now
    else letterMs.push(now - moment)
    arrived.add(to)
    if (arrived.size === crowd.length + eve.length) done.resolve()
  }
  await startWave(season, [...eve, ...crowd])
  await season.worker.idle()
  if (engine.clock.now() >= start) throw new Error('the wave was due before it was planned')
  await within(done.promise, 'the wave')
  await season.worker.idle()
  const under = letterMs.length
  return {
    criticalP50Ms: quantile(letterMs, 0.5),
    criticalP99Ms: quantile(letterMs, 0.99),
    criticals: under,
    crowd: crowd.length,
    crowdDrainedMs: lastCrowdAt - start,
  }
}
const WAVE_STEPS = 5

async function startWave(season: Season, couples: readonly Couple[]): Promise<void> {
  for (const [vendor, some] of Map.groupBy(couples, (one) => one.vendor))
    await startMany(
      season.engine,
      vendor,
      'wave',
      some.map((one) => one.client),
    )
}

async function stepsSoFar({ session }: Season): Promise<number> {
  const { rows } = await session.query<{ steps: number }>(
    `select coalesce(sum((state::jsonb ->> 'steps')::int), 0)::int as steps from app.run`,
  )
  return rows[0]!.steps
}

/** The heap that is left when everything that can be forgotten was forgotten. */
function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** The provider's book and ours tell the same letters, once each; every run is where it should be. */
async function countsOf({ session, peer }: Season): Promise<Count[]> {
  const book = await peer.book()
  const { rows } = await session.query<{
    inquiries: number
    held: number
    waves: number
    ended: number
    effects: number
    accepted: number
    troubled: number
    moved: number
    due: number
    deadlocks: number
  }>(`
    select count(*) filter (where j.key = 'inquiry')::int as inquiries,
           count(*) filter (where j.key = 'inquiry' and r.status = 'waiting' and r.state like '%"at":"hold"%')::int as held,
           count(*) filter (where j.key = 'wave')::int as waves,
           count(*) filter (where j.key = 'wave' and r.status = 'completed')::int as ended,
           (select count(*)::int from app.effect) as effects,
           (select count(*)::int from app.effect where state = 'accepted' and attempt = 1) as accepted,
           (select count(*)::int from app.dead_letter) + (select count(*)::int from app.notice) as troubled,
           (select count(*)::int from app.details_change) as moved,
           (select count(*)::int from app.event where type in ('wedding_date_changed')) as due,
           (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks
      from app.run r join app.journey j using (vendor_id, journey_id)`)
  const found = rows[0]!
  const letters = found.inquiries * INQUIRY_LETTERS + found.waves
  return [
    { of: 'inquiries answered and waiting for their date', expected: found.inquiries, found: found.held },
    { of: 'waves ended', expected: found.waves, found: found.ended },
    { of: 'effects', expected: letters, found: found.effects },
    { of: 'effects accepted at the first attempt', expected: letters, found: found.accepted },
    { of: 'letters in the mail server’s book', expected: letters, found: book.letters },
    { of: 'distinct letters', expected: letters, found: book.distinct },
    { of: 'moves told', expected: found.moved, found: found.due },
    { of: 'notices and dead letters', expected: 0, found: found.troubled },
    // Each is a second in which nothing near it moves.
    { of: 'deadlocks', expected: 0, found: found.deadlocks },
  ]
}
