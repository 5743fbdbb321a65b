import type { Ask } from './differential.ts'

/**
 * Which events met a run in which state (reliability 2.7): a generator that never brings the two together proves
 * nothing of them. Counted by what somebody loaded a run as and what the next line of its log says came then; a turn
 * that follows in the same commit is left out.
 */
const STATES = [
  'ready',
  'waiting moment',
  'waiting window',
  'waiting undo',
  'waiting snooze',
  'awaiting',
  'acting',
  'gated task',
  'gated approval',
  'joining',
  'stuck',
  'held',
] as const
const EVENTS = [
  'due',
  'happened',
  'settled',
  'task_done',
  'approval_answered',
  'details_changed',
  'held',
  'released',
] as const
const COMMANDS = [
  'pause',
  'resume',
  'stop',
  'snooze',
  'skip',
  'do_now',
  'jump',
  'retry',
  'restart',
  'edit',
  'decide',
] as const

export const PAIRS: readonly string[] = STATES.flatMap((state) =>
  [...EVENTS, ...COMMANDS].map((event) => `${state} × ${event}`),
)

/** The states in which runs were loaded, by run and revision. */
export class Loaded {
  readonly #states = new Map<string, string>()

  seen(rows: readonly unknown[]): void {
    for (const row of rows) {
      const { run_id, rev, state } = row as { run_id?: unknown; rev?: unknown; state?: unknown }
      if (typeof run_id === 'string' && typeof rev === 'number' && typeof state === 'string')
        this.#states.set(`${run_id}|${rev}`, state)
    }
  }

  async pairs(ask: Ask): Promise<string[]> {
    const met = new Set<string>()
    for (const row of await ask<{ run_id: string; rev: number; event: string; does: string | null }>(
      `select run_id, rev, event::jsonb ->> 'is' as event, event::jsonb -> 'command' ->> 'do' as does from app.run_log order by run_id, rev`,
    )) {
      const state = this.#states.get(`${row.run_id}|${row.rev - 1}`)
      if (state === undefined) continue
      for (const one of namesOf(state)) met.add(`${one} × ${row.does ?? row.event}`)
    }
    return [...met].sort()
  }
}

function namesOf(state: string): string[] {
  const { tokens, holds } = JSON.parse(state) as {
    tokens: readonly { is: string; for?: string; by?: string }[]
    holds?: readonly string[]
  }
  const standing = tokens.map(({ is, for: why, by }) =>
    is === 'waiting' ? `${is} ${why}` : is === 'gated' ? `${is} ${by}` : is,
  )
  return (holds?.length ?? 0) > 0 ? [...standing, 'held'] : standing
}
