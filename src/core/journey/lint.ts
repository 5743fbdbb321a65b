import type { Problem } from '../problem.ts'
import { caseShadowed, maybeMissing, pointlessCondition } from './lint/conditions.ts'
import {
  backToBack,
  bandAfterWedding,
  classMissing,
  lateMissing,
  marketingInWeddingWeek,
  marketingUnasked,
  reviewUnguarded,
  sameDayTwice,
} from './lint/messages.ts'
import {
  deadlineMissing,
  deadlineTooEarly,
  delayBeforeMessage,
  emptyWait,
  gateWithoutDue,
  onWeddingDay,
  smsAtNight,
  timesBackwards,
  weekendForBusiness,
} from './lint/moments.ts'
import {
  armMissesJoin,
  exitUnconnected,
  holdWithoutRelease,
  onceOnly,
  repeatWithoutReturn,
  sellsOn,
  startsAgain,
  staysWhenCancelled,
} from './lint/paths.ts'
import type { LintRule } from './lint/rule.ts'
import { type Outline, problemAt } from './outline.ts'
import { pointerTo } from './pointer.ts'

/** All the rules, in the order a person would want to read what they find. Each is a pure function of its own. */
export const LINT_RULES: readonly LintRule[] = [
  // What a couple would notice
  reviewUnguarded,
  marketingUnasked,
  marketingInWeddingWeek,
  sameDayTwice,
  backToBack,
  smsAtNight,
  onWeddingDay,
  sellsOn,
  // What would be late, lost or too early
  deadlineMissing,
  deadlineTooEarly,
  timesBackwards,
  lateMissing,
  classMissing,
  weekendForBusiness,
  bandAfterWedding,
  delayBeforeMessage,
  emptyWait,
  gateWithoutDue,
  // What would end in silence
  exitUnconnected,
  repeatWithoutReturn,
  armMissesJoin,
  holdWithoutRelease,
  onceOnly,
  startsAgain,
  staysWhenCancelled,
  // What would not decide
  maybeMissing,
  caseShadowed,
  pointlessCondition,
]

export function lint(outline: Outline): Problem[] {
  return LINT_RULES.flatMap((rule) =>
    rule.find(outline).map(({ node, message, inside, fix }) => {
      const problem: Problem = node
        ? problemAt(outline, node, {
            code: rule.code,
            message,
            severity: 'warning',
            ...(inside && { inside }),
          })
        : { code: rule.code, severity: 'warning', message, path: pointerTo(...(inside ?? [])) }
      return fix ? { ...problem, fix } : problem
    }),
  )
}
