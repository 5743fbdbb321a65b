import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { type Operating, operatingParts } from '../../src/api/operating.ts'
import { operatingMetrics } from '../../src/api/operating-metrics.ts'

/** What an operator is told beside database and worker, in the words of health and of the metrics. */
const HOUR = 3_600_000
const told: Operating = {
  redis: { up: true, warnings: ['throws_away'] },
  breakers: { smtp: 2 },
  doubts: [
    { how: 'same_key', effects: 3, resends: 0 },
    { how: 'resend', effects: 2, resends: 2 },
    { how: 'unresolved', effects: 1, resends: 0 },
    { how: 'open', effects: 4, resends: 0 },
  ],
  backup: { ageMs: 2 * HOUR, proved: true, trouble: null, oldAfterMs: 26 * HOUR, needed: true },
}

async function linesOf(...seen: Operating[]): Promise<string[]> {
  const registry = new Registry()
  const tell = operatingMetrics(registry)
  for (const one of seen) tell(one)
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

test('the metrics of sends nobody knew the outcome of', async () => {
  expect(await linesOf(told)).toEqual([
    'wedsync_effects_unknown_total 10',
    'wedsync_effects_unknown_settled_by{how="same_key"} 3',
    'wedsync_effects_unknown_settled_by{how="resend"} 2',
    'wedsync_effects_resent_after_unknown_total 2',
    'wedsync_effects_unknown 4',
    'wedsync_effects_unresolved 1',
    'wedsync_breakers_open{provider="smtp"} 2',
    'wedsync_redis_up 1',
    'wedsync_redis_warnings 1',
    'wedsync_backup_age_seconds 7200',
    'wedsync_backup_ok 1',
  ])
})

test('a counter never goes back, though an erasure takes rows away; a breaker that closed is gone', async () => {
  const lines = await linesOf(
    told,
    { ...told, redis: null, breakers: {}, doubts: told.doubts.slice(1) },
    told,
  )
  expect(lines[0]).toBe('wedsync_effects_unknown_total 10')
  const quiet = await linesOf({ ...told, redis: null, breakers: {}, backup: { ...told.backup, ageMs: null } })
  expect(quiet.filter((line) => /redis|breakers|backup_age/.test(line))).toEqual([])
  expect(quiet).toContain('wedsync_backup_ok 0')
})

test('health says it without a business by name, and calls well what is well', () => {
  expect(operatingParts(told)).toEqual({
    redis: { ok: false, up: true, warnings: ['throws_away'] },
    breakers: { ok: false, open: { smtp: 2 } },
    sends: { ok: false, unknown: 4, unresolved: 1 },
    backup: { ok: true, ageHours: 2, proved: true, hindered: false },
  })
  const empty = { ageMs: null, proved: false, trouble: null, oldAfterMs: HOUR, needed: false }
  const of = (backup: Operating['backup']) => operatingParts({ ...told, backup }).backup.ok
  expect([
    of(empty),
    of({ ...empty, needed: true }),
    of({ ...told.backup, ageMs: 27 * HOUR }),
    of({ ...told.backup, trouble: '/srv/backups is full' }),
  ]).toEqual([true, false, false, false])
  const hindered = operatingParts({ ...told, backup: { ...told.backup, trouble: '/srv/backups is full' } })
  expect(hindered.backup.hindered).toBe(true)
  expect(JSON.stringify(hindered), 'anybody may read it').not.toContain('/srv')
})
