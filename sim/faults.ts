import type { Dice } from './dice.ts'

/**
 * What can go wrong, by the groups of reliability 2.3, with how often it does per opportunity. Each world switches
 * every kind on or off and draws its rate (swarm), so that rare combinations get whole runs to themselves.
 *
 *  Process    crash before or after any commit, send or outcome   crash (at any port call), sim/crash-loop.ts (at every one)
 *             in graceful shutdown                                 graceful_stop, with crash
 *             zombie past its lease                                zombie
 *             restart with older code (rolling deploy)             older_code
 *  Database   BEGIN fails, too many connections 53300              begin_refused
 *             40001, 40P01, 55P03, 57014, 53100                    serialization, deadlock, lock_timeout, statement_timeout, disk_full
 *             connection lost before commit                        connection_lost
 *             commit applied and reply lost; commit lost           commit_unknown, commit_lost
 *             immediate restart, slow statement                    database_restart, slow_statement
 *             failover to a copy without the last commit           none: only for set-ups that may lose a commit; there are none
 *  Dispatch   hint lost, doubled, late, reordered                  ring_lost, ring_doubled, ring_delayed (also reorders)
 *             for a finished step, another vendor, after a re-plan ring_stale (a ring names shard and band and nothing else)
 *             emptied; down for hours; dead for good               doorbell_emptied, doorbell_down, doorbell_dead
 *  Clock      skew of ten minutes, jumps, NTP step back            clock_skew, clock_doubt, clock_back, clock_forward (days: a laptop)
 *             DST, leap day, year end                              STARTS in world.ts and the zones of people.ts
 *             new zone data                                        sim/world-of-dates.ts
 *  Provider   timeout before it accepts; accepted and reply lost   timeout_before, accepted_reply_lost
 *             5xx accepted or not; 429 with and without a moment   error_accepted, error_not_accepted, throttled_until, throttled
 *             slow; honours keys, ignores them, window expired     slow_reply, runner_blocks; Manners in provider.ts
 *             late, doubled, reordered, contradictory events       letter_* (post.ts)
 *             garbage or huge reply                                reply_huge, runner_throws_rubbish
 *             quota reached                                        quota_reached
 *  Domain     moved earlier, later, back, cleared, cancelled       date_moved, date_moved_back, date_unknown, wedding_cancelled
 *             another zone                                         zone_changed
 *             published mid-run; node deleted under a run          published_again, node_removed, rolled_back
 *             every command at every point                         paused … restarted, command_undone, meddled (at a send)
 *             unsubscribe between claim and send                   unsubscribed, meddled
 *             same trigger twice; two at once; form answered twice event_twice, events_at_once
 *             webhook answered after the timeout                   event_after_timeout
 *             vendor suspended                                     everything_held; the product suspends nobody otherwise
 *             client deleted (GDPR) at every point                 not yet here: erasure is younger than this list. Who came by
 *                                                                  mistake and was never written to goes by ADR 0030, which
 *                                                                  its stories and test/contention hold
 *  Poison     throws, throws no Error, never settles, blocks       runner_throws, runner_throws_rubbish, runner_never_settles, runner_blocks
 *             template error, missing data                         render_broken, render_unresolved
 *             allocates much, cyclic graph                         none: no runner has memory of its own here (render threads
 *                                                                  are bounded, src/render), and a turn takes a hundred steps at
 *                                                                  most (sim settings 20), which the repeat shape meets
 */
export const FAULT_RATES = {
  // processes, per port call
  crash: 0.0025,
  zombie: 0.0012,
  // processes, per world action
  graceful_stop: 0.4,
  power_cut: 0.2,
  // the database, per transaction or statement
  begin_refused: 0.01,
  serialization: 0.006,
  deadlock: 0.006,
  lock_timeout: 0.004,
  statement_timeout: 0.003,
  disk_full: 0.002,
  connection_lost: 0.005,
  commit_unknown: 0.02,
  commit_lost: 0.015,
  database_restart: 0.001,
  slow_statement: 0.004,
  // the doorbell, per ring
  ring_lost: 0.3,
  ring_doubled: 0.2,
  ring_delayed: 0.2,
  ring_stale: 0.1,
  doorbell_dead: 1,
  // the doorbell, per world action
  doorbell_down: 0.3,
  doorbell_emptied: 0.4,
  // clocks, per world action
  clock_skew: 0.4,
  clock_doubt: 0.25,
  clock_back: 0.25,
  clock_forward: 0.15,
  // providers, per call
  timeout_before: 0.15,
  accepted_reply_lost: 0.15,
  error_accepted: 0.1,
  error_not_accepted: 0.12,
  throttled: 0.15,
  throttled_until: 0.1,
  slow_reply: 0.15,
  refused: 0.06,
  runner_throws: 0.05,
  runner_throws_rubbish: 0.05,
  runner_never_settles: 0.05,
  runner_blocks: 0.03,
  reply_huge: 0.1,
  render_broken: 0.05,
  render_unresolved: 0.05,
  // the wedding business, per world action
  date_moved: 0.6,
  date_moved_back: 0.4,
  date_unknown: 0.35,
  wedding_cancelled: 0.15,
  zone_changed: 0.4,
  details_undone: 0.5,
  published_again: 0.6,
  node_removed: 0.3,
  rolled_back: 0.3,
  paused: 0.5,
  stopped: 0.25,
  snoozed: 0.3,
  skipped: 0.3,
  jumped: 0.35,
  done_now: 0.3,
  command_undone: 0.5,
  restarted: 0.2,
  event_twice: 0.5,
  events_at_once: 0.4,
  event_after_timeout: 0.4,
  requeued: 0.5,
  unsubscribed: 0.3,
  allowed_again: 0.4,
  // per letter that was accepted
  letter_returned: 0.06,
  letter_bounced_for_good: 0.03,
  letter_complained_of: 0.03,
  letter_answered: 0.08,
  letter_told_twice: 0.3,
  letter_contradicted: 0.3,
  // per preparation and send
  meddled: 0.12,
  // In one world of four, drawn by dice of their own, so that the others stay what they were.
  // per restart
  older_code: 0.6,
  // per call
  quota_reached: 0.08,
  // per world action
  everything_held: 0.7,
} as const
export type FaultKind = keyof typeof FAULT_RATES
export const FAULT_KINDS = Object.keys(FAULT_RATES) as FaultKind[]

/** Faults of the world around the engine stop when it heals; what people do is no fault and may go on. */
const DOMAIN_FROM = FAULT_KINDS.indexOf('date_moved')
export const isDomain = (kind: FaultKind): boolean =>
  FAULT_KINDS.indexOf(kind) >= DOMAIN_FROM && kind !== 'older_code' && kind !== 'quota_reached'
const LATER: ReadonlySet<FaultKind> = new Set(['older_code', 'quota_reached', 'everything_held'])

export type Faults = {
  /** Whether this one strikes now; counted when it does. */
  strikes(kind: FaultKind): boolean
  /** Counts one whose opportunity was drawn elsewhere. */
  fired(kind: FaultKind): void
  readonly on: ReadonlySet<FaultKind>
  readonly counts: ReadonlyMap<FaultKind, number>
  /** From now on nothing strikes but people. */
  heal(): void
}

const ON_SHARE = 0.35
const DOMAIN_ON_SHARE = 0.6

/** `certain` are rates that are not drawn: a world in which something special shall come to pass. */
export function drawFaults(
  dice: Dice,
  none = false,
  certain: { readonly [kind in FaultKind]?: number } = {},
  later: Dice | null = null,
): Faults {
  const rates = new Map<FaultKind, number>()
  const calm = dice.chance(0.1)
  // Runs that nobody lays hands on are those the oracle reads to their end.
  const leftAlone = dice.chance(0.3)
  for (const kind of FAULT_KINDS) {
    if (LATER.has(kind)) continue
    const on = dice.chance(isDomain(kind) ? DOMAIN_ON_SHARE : ON_SHARE)
    const spread = isDomain(kind) ? 0.6 + dice.share() * 0.8 : 10 ** (dice.share() * 1.2 - 0.8)
    const rate = Math.min(1, FAULT_RATES[kind] * spread)
    const spared = isDomain(kind) ? leftAlone && !kind.startsWith('event') : calm
    if (on && !none && !spared) rates.set(kind, kind === 'doorbell_dead' ? 1 : rate)
  }
  for (const kind of LATER) if (later?.chance(DOMAIN_ON_SHARE)) rates.set(kind, FAULT_RATES[kind])
  for (const [kind, rate] of Object.entries(certain)) rates.set(kind as FaultKind, rate)
  const counts = new Map<FaultKind, number>()
  const fired = (kind: FaultKind): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return {
    strikes(kind) {
      const rate = rates.get(kind)
      if (rate === undefined || !dice.chance(rate)) return false
      fired(kind)
      return true
    },
    fired,
    on: new Set(rates.keys()),
    counts,
    heal() {
      for (const kind of FAULT_KINDS) if (!isDomain(kind)) rates.delete(kind)
    },
  }
}
