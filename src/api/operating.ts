/**
 * What an operator is told beside the database and the worker: none of it makes an installation unready, because work
 * goes on without it, or waits and is kept. Health, the metrics and `doctor` say the same.
 */
export type Operating = {
  /** Null where there is no Redis. */
  readonly redis: {
    readonly up: boolean
    readonly warnings: readonly ('silent' | 'no_database' | 'throws_away' | 'forgets')[]
  } | null
  /** Businesses for which a provider is not called now, by provider. */
  readonly breakers: { readonly [provider: string]: number }
  readonly doubts: readonly Doubt[]
  readonly backup: BackupState
}

/** How sends ended whose outcome nobody knew; `open` and `unresolved` have not ended. */
type Doubt = { readonly how: string; readonly effects: number; readonly resends: number }

export type BackupState = {
  /** Age of the last good one; null when there is none. */
  readonly ageMs: number | null
  readonly proved: boolean
  /** Why the last try gave none. */
  readonly trouble: string | null
  /** When one this old is a reason to look. */
  readonly oldAfterMs: number
  /** Whether there is anything to lose. */
  readonly needed: boolean
}

export const backupIsWell = ({ ageMs, trouble, oldAfterMs, needed }: BackupState): boolean =>
  trouble === null && (ageMs === null ? !needed : ageMs <= oldAfterMs)

/**
 * Said to anybody who may reach the port: kinds, and no business, address or folder by name. The log and doctor say
 * the rest.
 */
export function operatingParts({ redis, breakers, doubts, backup }: Operating) {
  const unresolved = doubts.find((one) => one.how === 'unresolved')?.effects ?? 0
  const unknown = doubts.find((one) => one.how === 'open')?.effects ?? 0
  return {
    ...(redis ? { redis: { ok: redis.up && redis.warnings.length === 0, ...redis } } : {}),
    breakers: { ok: Object.keys(breakers).length === 0, open: breakers },
    sends: { ok: unresolved === 0, unknown, unresolved },
    backup: {
      ok: backupIsWell(backup),
      ageHours: backup.ageMs === null ? null : Math.round(backup.ageMs / 360_000) / 10,
      proved: backup.proved,
      hindered: backup.trouble !== null,
    },
  }
}
