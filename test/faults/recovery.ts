import { setTimeout as pause } from 'node:timers/promises'
import { type OpenSession, openSession, type Target } from '../../src/postgres/client.ts'

/**
 * How long steps are held up. A step is held up when it is due and does not begin, or when the process that was
 * sending it is dead; it has recovered when it moves again or is shown as unknown (reliability 1.2). Seen from the
 * database, past all wires, several times a second; while the database itself is away the clock runs on.
 */
export type Recovery = {
  readonly heldUp: number
  readonly meanMs: number
  readonly maxMs: number
  readonly worst: readonly string[]
}
export type Watch = {
  readonly recovered: number
  finish(): Promise<Recovery>
}

/** A step that begins within this time of its moment was not held up. */
const PROMPT_MS = 1_000
const LOOK_EVERY_MS = 250
const WORST_KEPT = 8

type Row = { kind: string; id: string; mark: number; due: number }
type Held = { readonly mark: number; readonly since: number }

export function watchRecovery(target: Target, livingWorkers: () => readonly number[]): Watch {
  const held = new Map<string, Held>()
  const recoveries: { readonly ms: number; readonly what: string }[] = []
  let running = true
  let lookedAt = Date.now()

  async function look(session: OpenSession): Promise<void> {
    const rows = await session.query<Row>(HELD_UP, [PROMPT_MS, livingWorkers()])
    const now = Date.now()
    const seen = new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]))
    for (const [name, one] of held) {
      const row = seen.get(name)
      if (row?.mark === one.mark) continue
      held.delete(name)
      recoveries.push({
        ms: now - one.since,
        what: `${name}, ${new Date(one.since).toISOString()} to ${new Date(now).toISOString()}`,
      })
    }
    // One that was not seen before was prompt until the last look: a run at work keeps an old moment as its due.
    for (const [name, row] of seen) {
      const known = row.kind === 'sending' ? now : Math.max(row.due, lookedAt - PROMPT_MS)
      if (!held.has(name)) held.set(name, { mark: row.mark, since: known })
    }
    lookedAt = now
  }

  async function run(): Promise<void> {
    let session: OpenSession | null = null
    while (running) {
      try {
        session ??= await openSession(target)
        await look(session)
      } catch {
        await session?.close().catch(() => undefined)
        session = null
      }
      await pause(LOOK_EVERY_MS)
    }
    await session?.close().catch(() => undefined)
  }
  const watching = run()

  return {
    get recovered() {
      return recoveries.length
    },
    async finish() {
      running = false
      await watching
      const all = recoveries.map((one) => one.ms)
      return {
        heldUp: all.length,
        meanMs: all.length === 0 ? 0 : Math.round(all.reduce((sum, ms) => sum + ms, 0) / all.length),
        maxMs: all.reduce((most, ms) => Math.max(most, ms), 0),
        worst: recoveries
          .sort((a, b) => b.ms - a.ms)
          .slice(0, WORST_KEPT)
          .map((one) => `${one.ms} ms: ${one.what}`),
      }
    },
  }
}

const HELD_UP = `
  with limits as (select clock_timestamp() - make_interval(secs => $1::float8 / 1000) as late)
  select 'run' as kind, run_id::text as id, rev as mark, (extract(epoch from due_at) * 1000)::float8 as due
    from app.run, limits where due_at <= late
  union all
  -- One that was never leased has been due since it was planned, however often it was told to wait its turn.
  select 'effect', effect_id::text, attempt,
         (extract(epoch from case state when 'planned' then planned_at else due_at end) * 1000)::float8
    from app.effect, limits
   where state in ('planned', 'retryable') and due_at is not null and case state when 'planned' then planned_at else due_at end <= late
  union all
  select 'sending', e.effect_id::text, e.attempt, 0
    from app.effect e join app.worker w on w.worker_id = e.worker_id
   where e.state = 'sending' and w.pid <> all ($2::int[])`
