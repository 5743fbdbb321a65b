import type {
  Count,
  EffectRate,
  Latency,
  Lateness,
  Measured,
  RunTimes,
  Throughput,
  Workload,
} from './system.ts'
import { median, quantile } from './timing.ts'

export type { Figures, Measured } from './system.ts'

/** Which figure stands for its workload in a ratio, and which way is better. */
export const HEADLINE: Record<Workload, { readonly figure: string; readonly better: 'more' | 'less' }> = {
  w1: { figure: 'stepsPerSecond', better: 'more' },
  w2: { figure: 'allRanMs', better: 'less' },
  w3: { figure: 'p50Ms', better: 'less' },
  w4: { figure: 'msPerStep', better: 'less' },
  w5: { figure: 'effectsPerSecond', better: 'more' },
  w6: { figure: 'claimMs', better: 'less' },
  w7: { figure: 'stepsPerSecond', better: 'more' },
  moves: { figure: 'moveMs', better: 'less' },
  costs: { figure: 'tenancyPercent', better: 'less' },
}

/** A timer may fire this much early: the grain of timers and clocks, not a promise broken. */
const EARLY_MS = 2

export const ofThroughput = ({ steps, seconds, counts }: Throughput): Measured => ({
  figures: { stepsPerSecond: steps / seconds, steps },
  counts,
})

export const ofLateness = ({ latenessMs, counts }: Lateness): Measured => ({
  figures: {
    allRanMs: latenessMs.reduce((latest, ms) => Math.max(latest, ms), 0),
    p50Ms: quantile(latenessMs, 0.5),
    p99Ms: quantile(latenessMs, 0.99),
    timers: latenessMs.length,
  },
  counts: [
    ...counts,
    {
      of: 'timers that ran before their time',
      expected: 0,
      found: latenessMs.filter((ms) => ms < -EARLY_MS).length,
    },
  ],
})

export const ofLatency = ({ latencyMs, counts }: Latency): Measured => ({
  figures: { p50Ms: quantile(latencyMs, 0.5), p99Ms: quantile(latencyMs, 0.99), samples: latencyMs.length },
  counts,
})

/** The first run warms up and does not count. */
export const ofRunTimes = ({ steps, seconds, counts }: RunTimes): Measured => ({
  figures: { msPerStep: (1_000 * median(seconds.slice(1))) / steps, runs: seconds.length - 1 },
  counts,
})

export const ofEffectRate = ({ effects, seconds, addedMs, counts }: EffectRate): Measured => ({
  figures: {
    effectsPerSecond: effects / seconds,
    p50Ms: quantile(addedMs, 0.5),
    p99Ms: quantile(addedMs, 0.99),
    effects,
  },
  counts,
})

/** The counts that are not what they should be. One is enough: then there is no figure. */
export const wrongCounts = (counts: readonly Count[]): Count[] =>
  counts.filter(({ expected, found }) => expected !== found)
