import type { EmbeddedReport } from './embedded.ts'
import type { StormReport } from './storm.ts'

/** What a storm came to: one object for machines, a page for people. */
export type FaultsReport = {
  readonly minutes: number
  readonly seed: number
  readonly faults: { readonly [name: string]: number }
  readonly runs: number
  readonly effects: number
  readonly acknowledged: number
  readonly lost: number
  readonly silentDuplicates: number
  readonly unknownShown: number
  readonly unknownHidden: number
  readonly recoveryMeanMs: number
  readonly recoveryMaxMs: number
  /** Promises that were broken. */
  readonly violations: readonly string[]
  /** Figures that were not reached: everything is right, but slower than it should be. */
  readonly missed: readonly string[]
  readonly storm: StormReport
  readonly embedded: EmbeddedReport
}

/** Reliability 3, G4. */
const RECOVERY_MEAN_MS_MAX = 5_000

export function reportOf(
  minutes: number,
  seed: number,
  storm: StormReport,
  embedded: EmbeddedReport,
): FaultsReport {
  const { verdict, recovery } = storm
  const kills = Object.entries(embedded.kills).map(([of, times]) => [`embedded_kill_${of}`, times] as const)
  return {
    minutes,
    seed,
    faults: { ...storm.faults, ...Object.fromEntries(kills) },
    runs: storm.runs,
    effects: storm.effects,
    acknowledged: storm.acknowledged + embedded.acknowledged,
    lost: verdict.lost.length,
    silentDuplicates: verdict.silentDuplicates.length,
    unknownShown: verdict.unknownShown,
    unknownHidden: verdict.unknownHidden.length,
    recoveryMeanMs: recovery.meanMs,
    recoveryMaxMs: recovery.maxMs,
    violations: [...storm.violations, ...embedded.violations],
    missed:
      recovery.meanMs > RECOVERY_MEAN_MS_MAX
        ? [`recovery took ${recovery.meanMs} ms on average, more than ${RECOVERY_MEAN_MS_MAX}`]
        : [],
    storm,
    embedded,
  }
}

const VIOLATIONS_SHOWN_MAX = 50

export function pageOf(report: FaultsReport): string {
  const { storm, embedded } = report
  const counts = (of: { readonly [name: string]: number }): string =>
    Object.entries(of)
      .filter(([, times]) => times > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')
  const struck = Object.values(report.faults).reduce((sum, times) => sum + times, 0)
  return [
    `${report.minutes} minutes, seed ${report.seed}: ${struck} faults`,
    `  ${counts(report.faults)}`,
    '',
    `runs ${report.runs}, effects ${report.effects} (${counts(storm.states)}), left out and told ${storm.leftOut}`,
    `events acknowledged ${report.acknowledged}, asked again ${storm.requests.unanswered} times`,
    `the provider's book holds ${storm.accepted} letters; resends recorded ${storm.verdict.recordedResends}`,
    `webhooks ${storm.webhooks}, of which the receiver heard ${storm.webhookRepeats} again and knew them; weddings moved in time ${storm.movesInTime}`,
    `restarted: ${counts(storm.restarts) || 'nobody'}; ended by themselves: ${counts(storm.endedAlone) || 'nobody'}`,
    '',
    `lost               ${report.lost}`,
    `silent duplicates  ${report.silentDuplicates}`,
    `unknown, shown     ${report.unknownShown}`,
    `unknown, hidden    ${report.unknownHidden}`,
    `recovery           mean ${report.recoveryMeanMs} ms, longest ${report.recoveryMaxMs} ms, over ${storm.recovery.heldUp} steps held up; at rest ${storm.restMs} ms after the last answer`,
    `embedded           ${embedded.cleanStarts} clean starts (mean ${embedded.startMeanMs} ms, longest ${embedded.startMaxMs} ms), second program refused ${embedded.secondRefused} times`,
    '',
    ...(report.violations.length === 0
      ? ['No promise was broken.']
      : [
          `BROKEN (${report.violations.length}):`,
          ...report.violations.slice(0, VIOLATIONS_SHOWN_MAX).map((one) => `  ${one}`),
        ]),
    ...report.missed.map((one) => `MISSED: ${one}`),
    '',
  ].join('\n')
}
