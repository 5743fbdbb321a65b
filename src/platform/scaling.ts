import { type Instant, MINUTE_MS } from '../core/time/instant.ts'

/**
 * How many workers there should be (operations 4). A pure function of what was measured and forecast: the same facts
 * give the same decision, each with its reasons, whoever carries it out: the local supervisor or a cluster's
 * autoscaler. Season and weekends are capacity, never priority: they say how much more than now is on its way.
 */
export type ScalingFacts = {
  readonly now: Instant
  /** Workers that hold a lease. */
  readonly alive: number
  /** Mean share of their time or seats that is taken, 0 to 1, whichever is more. */
  readonly busyShare: number
  /** Rows that are due and not in hand, counted in the truth: a doorbell that lost everything looks idle. */
  readonly backlog: number
  /** Age of the oldest of them. */
  readonly oldestMs: number
  /** What one busy worker gets done in a second, measured; null while nothing was measured. */
  readonly perWorkerPerSecond: number | null
  /** The busiest minute of the next hour, as far as it is planned already. */
  readonly expectedPerSecond: number
  /** How much more than now the coming hours ask for by season, weekday and weddings; 1 when nothing rises. */
  readonly seasonRise: number
  /** What all workers together get done in a second now, measured. */
  readonly perSecond: number
  /** Share of the capacity kept for critical and high that wedding-week work takes, now or by forecast. */
  readonly weddingShare: number
  readonly emergency: boolean
  /** When the number was last changed; null when it never was. */
  readonly changedAt: Instant | null
}

export type ScalingLimits = {
  readonly min: number
  readonly max: number
  readonly upAt: number
  readonly downAt: number
  /** The share of seats kept for critical and high; told with the decision, held by every worker's seats. */
  readonly reserved: number
  /** Wedding-week work beyond this share of its capacity adds workers before they are needed. */
  readonly weddingAt: number
  /** No worker is taken away sooner than this after the last change. */
  readonly coolDownMs: number
  /** A backlog should be gone within this time. */
  readonly drainWithinSeconds: number
}

export const SCALING: ScalingLimits = {
  min: 2,
  max: 50,
  upAt: 0.8,
  downAt: 0.2,
  reserved: 0.2,
  weddingAt: 0.8,
  coolDownMs: 5 * MINUTE_MS,
  drainWithinSeconds: 60,
}

export type ScalingReason =
  | { readonly code: 'emergency' }
  | { readonly code: 'busy'; readonly share: number; readonly limit: number }
  | { readonly code: 'backlog'; readonly rows: number; readonly seconds: number }
  | { readonly code: 'forecast'; readonly perSecond: number; readonly workers: number }
  | {
      readonly code: 'season'
      readonly rise: number
      readonly perSecond: number
      readonly workers: number
    }
  | { readonly code: 'wedding_load'; readonly share: number; readonly limit: number }
  | { readonly code: 'idle'; readonly share: number; readonly limit: number }
  | { readonly code: 'cooling_down'; readonly untilMs: number }
  | { readonly code: 'limit'; readonly wanted: number; readonly limit: number }
  | { readonly code: 'steady' }

export type ScalingDecision = {
  readonly wanted: number
  readonly reserved: number
  readonly reasons: readonly ScalingReason[]
}

/** The number aims between the two limits, so that a change does not cause the next one. */
const aimOf = (limits: ScalingLimits): number => (limits.upAt + limits.downAt) / 2

export function decideScale(facts: ScalingFacts, limits: ScalingLimits = SCALING): ScalingDecision {
  const decided = (wanted: number, reasons: readonly ScalingReason[]): ScalingDecision => {
    const held = Math.min(limits.max, Math.max(limits.min, wanted))
    const limited: ScalingReason[] = held < wanted ? [{ code: 'limit', wanted, limit: limits.max }] : []
    return { wanted: held, reserved: limits.reserved, reasons: [...reasons, ...limited] }
  }
  if (facts.emergency) return decided(limits.max, [{ code: 'emergency' }])

  const demands = demandsOf(facts, limits)
  const most = Math.max(0, ...demands.map((one) => one.workers))
  const reasons = demands.filter((one) => one.workers > facts.alive).map((one) => one.reason)
  if (reasons.length > 0) return decided(most, reasons)

  // Going down needs every demand to agree: the forecast and the weddings keep what idleness would give away.
  const enough = Math.max(most, limits.min)
  if (facts.busyShare > limits.downAt || enough >= facts.alive || facts.backlog > 0)
    return decided(facts.alive, [{ code: 'steady' }])
  const leftMs = facts.changedAt === null ? 0 : facts.changedAt + limits.coolDownMs - facts.now
  if (leftMs > 0) return decided(facts.alive, [{ code: 'cooling_down', untilMs: leftMs }])
  // By halves: the forecast may be wrong, and a worker that is gone takes seconds to come back.
  return decided(Math.max(enough, Math.ceil(facts.alive / 2)), [
    { code: 'idle', share: facts.busyShare, limit: limits.downAt },
  ])
}

type Demand = { readonly workers: number; readonly reason: ScalingReason }

/** How many workers each measure asks for by itself. */
function demandsOf(facts: ScalingFacts, limits: ScalingLimits): Demand[] {
  const { alive, busyShare, backlog, perWorkerPerSecond: each } = facts
  const aim = aimOf(limits)
  const demands: Demand[] = [
    {
      workers:
        busyShare >= limits.upAt
          ? Math.max(alive + 1, Math.ceil((alive * busyShare) / aim))
          : Math.ceil((alive * busyShare) / limits.upAt),
      reason: { code: 'busy', share: busyShare, limit: limits.upAt },
    },
  ]
  if (facts.weddingShare >= limits.weddingAt)
    demands.push({
      workers: Math.max(alive + 1, Math.ceil((alive * facts.weddingShare) / limits.weddingAt)),
      reason: { code: 'wedding_load', share: facts.weddingShare, limit: limits.weddingAt },
    })
  if (each !== null && each > 0) {
    const seconds = backlog / (each * Math.max(1, alive))
    if (seconds > limits.drainWithinSeconds || facts.oldestMs > limits.drainWithinSeconds * 1_000)
      demands.push({
        workers: Math.max(alive + 1, Math.ceil(backlog / (each * limits.drainWithinSeconds))),
        reason: { code: 'backlog', rows: backlog, seconds: Math.round(seconds) },
      })
    const expected = Math.ceil(facts.expectedPerSecond / (each * limits.upAt))
    demands.push({
      workers: expected,
      reason: { code: 'forecast', perSecond: facts.expectedPerSecond, workers: expected },
    })
    if (facts.seasonRise > 1) {
      const perSecond = facts.perSecond * facts.seasonRise
      const workers = Math.ceil(perSecond / (each * limits.upAt))
      demands.push({ workers, reason: { code: 'season', rise: facts.seasonRise, perSecond, workers } })
    }
  }
  return demands
}
