import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditTheEnd } from '../../sim/the-end.ts'
import { SCENES, type Scene } from './scenes.ts'
import { interruptions, type Played, play, some } from './stepper.ts'
import { type Two, twoProcesses } from './two.ts'

/**
 * Two transactions in many orders of their statements, on a real PostgreSQL: the one thing that the simulated world,
 * with its one session, cannot show (reliability 2.5). More orders of each: WEDSYNC_SCHEDULES=300.
 */
const MORE = Number(process.env.WEDSYNC_SCHEDULES ?? 0)
const WHOLE_MAX = Math.max(18, MORE)
const PARTIAL_MAX = Math.max(8, MORE)

let two: Two
beforeAll(async () => {
  two = await twoProcesses()
}, 60_000)
afterAll(() => two?.close())

type Tried = { readonly one: Played; readonly wrong: readonly string[] }

async function tried(scene: Scene, wanted: Parameters<typeof play>[2]): Promise<Tried> {
  const { work, wrong } = await scene.set(two)
  const one = await play(
    two.stage,
    { a: (db) => work.a(two.engineOver(db)), b: (db) => work.b(two.engineOver(db)) },
    wanted,
  )
  await two.settle()
  return { one, wrong: await wrong(one) }
}

let locksMet = 0

describe('two at once on a real PostgreSQL', () => {
  test.each(SCENES.map((scene) => [scene.what, scene] as const))(
    '%s',
    async (_what, scene) => {
      // One after the other first: how far each goes when the other has done nothing yet.
      const all = [await tried(scene, () => 'a'), await tried(scene, () => 'b')]
      const most = (name: 'a' | 'b'): number => Math.max(...all.map(({ one }) => one.gates[name]))
      const { whole, partial } = interruptions({ a: most('a'), b: most('b') })
      for (const wanted of [...some(whole, WHOLE_MAX), ...some(partial, PARTIAL_MAX)])
        all.push(await tried(scene, wanted))
      for (const { one, wrong } of all) {
        locksMet += one.held
        if (wrong.length > 0)
          expect.fail(`${wrong.join('; ')}\nafter ${one.schedule.join('')} (${one.commits.join(', ')})`)
      }
    },
    60_000 + MORE * 1_000,
  )

  test('have left nothing undone, doubled or unrecorded in all of them', async () => {
    const found: string[] = []
    await auditTheEnd(
      {
        ask: two.rows,
        violate: (rule, what) => found.push(`${rule}: ${what}`),
        vendors: [],
        couples: [],
        calls: two.book,
        now: two.now(),
        acknowledged: [],
      },
      true,
    )
    expect(found).toEqual([])
    // Where nobody ever stands at a lock, the orders were not those that were meant.
    expect(locksMet).toBeGreaterThan(0)
    // Each would have been a second in which neither moves.
    const [{ deadlocks } = { deadlocks: null }] = await two.rows<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
    expect(deadlocks).toBe(0)
  })
})
