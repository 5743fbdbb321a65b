import path from 'node:path'
import { expect, test } from 'vitest'
import { makeMetrics } from '../../src/api/metrics.ts'
import { openHouse } from '../../src/main.ts'
import { openSession } from '../../src/postgres/client.ts'
import { exists } from '../../src/postgres/process-identity.ts'
import { type FollowedDecision, followLoad } from '../../src/queue/following.ts'
import { superviseWorkers } from '../../src/queue/supervisor.ts'
import { place } from '../cli/place.ts'
import { begin, copies, coupleOf, dueCount, tellingLog, until, vendorWith } from './stage.ts'

const ENTRY = path.join(import.meta.dirname, '../../src/cli/main.ts')
/** More than one worker gets done before anybody has looked twice. */
const RUNS = 80_000

test('worker processes are added while work piles up and drained when it is done, and nothing is lost or done twice', async () => {
  const here = place()
  const house = await openHouse(here.config, tellingLog)
  const { engine } = house
  const session = await openSession(house.embedded!.target('wed_admin'))
  const supervisor = superviseWorkers({
    entry: ENTRY,
    args: ['worker'],
    env: { ...process.env, WEDSYNC_DATA: here.config.data, WEDSYNC_LOG: 'error' },
    log: tellingLog,
  })
  const metrics = makeMetrics()
  const decisions: FollowedDecision[] = []
  const pids = new Set<number>()
  const vendor = await vendorWith(engine, 'step')
  const run = await begin(engine, vendor, await coupleOf(engine, vendor))
  await copies(session, run, RUNS, { due: engine.clock.now() })
  const following = followLoad({
    db: engine.db,
    clock: engine.clock,
    log: tellingLog,
    supervisor,
    min: 1,
    max: 3,
    lookEveryMs: 500,
    // A backlog of seconds is too much here: one worker gets ten thousand of these steps done in each.
    limits: { coolDownMs: 1_500, drainWithinSeconds: 1 },
    decided(decision) {
      decisions.push(decision)
      metrics.decided(decision)
      for (const { pid } of supervisor.reports()) pids.add(pid)
    },
  })
  try {
    await until(() => supervisor.running >= 2, 30_000)
    await until(async () => (await dueCount(session, engine.clock.now())) === 0, 120_000)
    await until(() => supervisor.running === 1, 60_000)
    const changes = decisions.filter((one) => one.to !== one.from)
    const [first] = changes
    expect([first?.from, first?.to && first.to > 1]).toEqual([1, true])
    expect(first?.reasons.some(({ code }) => code === 'busy' || code === 'backlog')).toBe(true)
    expect(changes.at(-1)).toMatchObject({ to: 1, reasons: [{ code: 'idle' }] })
    for (const one of decisions) expect(one.to >= 1 && one.to <= 3).toBe(true)
    await until(() => [...pids].filter(exists).length === 1, 40_000)
    const [sum] = await session.query<{ done: number; doubled: number }>(`
      select (select count(*)::int from app.run where status = 'completed') as done,
             (select count(*)::int from (select from app.run_log group by run_id, rev having count(*) > 1) d) as doubled`)
    expect(sum).toEqual({ done: RUNS + 1, doubled: 0 })
    expect(await metrics.text()).toMatch(
      /wedsync_scaling_decisions_total\{direction="down",reason="idle"\} [1-9]/,
    )
  } catch (error) {
    throw new Error(
      `${error}; the last looks: ${JSON.stringify(decisions.map((d) => [d.facts.backlog, Number(d.facts.busyShare.toFixed(2)), d.to]).slice(0, 40))}`,
      { cause: error },
    )
  } finally {
    await following.stop()
    await supervisor.stop()
    await session.close()
    await house.close()
    here.remove()
  }
}, 300_000)
