import type { SendView } from '../run/view.ts'
import type { Instant } from '../time/instant.ts'
import type { CatchUpView } from './catch-up.ts'
import { judgeLate, type LateOutcome, type LateStep } from './late-policy.ts'

export type LateInLine = { readonly step: LateStep; readonly nominal: Instant }

/**
 * Judges steps that are late together: those that go are spread in the order of their moments, one a day for
 * each person. Only a step that would miss its deadline that way overtakes, and no further than it must.
 * Answers stand in the order of the question.
 */
export function spreadCatchUps(late: readonly LateInLine[], view: CatchUpView, now: Instant): LateOutcome[] {
  let order = late.map((_, index) => index).sort((a, b) => late[a]!.nominal - late[b]!.nominal || a - b)
  let outcomes = judgeInOrder(late, order, view, now)
  // Each overtaking puts one pair into the order of deadlines, for good: there are at most n² of them.
  for (let tries = late.length ** 2; tries > 0; tries--) {
    const better = overtake(late, order, outcomes)
    if (better === null) break
    order = better
    outcomes = judgeInOrder(late, order, view, now)
  }
  return outcomes
}

function judgeInOrder(
  late: readonly LateInLine[],
  order: readonly number[],
  view: CatchUpView,
  now: Instant,
): LateOutcome[] {
  const outcomes: LateOutcome[] = []
  const sends: SendView[] = [...view.sends]
  const lastTo = new Map<string, Instant>()
  for (const index of order) {
    const { step, nominal } = late[index]!
    const outcome = judgeLate(step, nominal, { ...view, sends }, now, lastTo.get(step.recipient) ?? now)
    outcomes[index] = outcome
    if (!('at' in outcome) || step.channel === 'none') continue
    sends.push({ to: step.recipient, class: step.class, at: outcome.at, catchUp: true })
    lastTo.set(step.recipient, outcome.at)
  }
  return outcomes
}

/** The order with the first step that missed its deadline moved before one that can wait longer. */
function overtake(
  late: readonly LateInLine[],
  order: readonly number[],
  outcomes: readonly LateOutcome[],
): number[] | null {
  for (const [place, index] of order.entries()) {
    const { step } = late[index]!
    if (step.deadline === null || outcomes[index]!.is !== 'task') continue
    if (step.late !== 'compress' && step.late !== 'send_now') continue
    for (let before = place - 1; before >= 0; before--) {
      const other = late[order[before]!]!.step
      const inTheWay = other.recipient === step.recipient && 'at' in outcomes[order[before]!]!
      if (!inTheWay || (other.deadline !== null && other.deadline <= step.deadline)) continue
      const moved = order.filter((one) => one !== index)
      moved.splice(before, 0, index)
      return moved
    }
  }
  return null
}
