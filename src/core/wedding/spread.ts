import type { SendView } from '../run/view.ts'
import type { Instant } from '../time/instant.ts'
import type { CatchUpView } from './catch-up.ts'
import { judgeLate, type LateOutcome, type LateStep, latePolicyOf } from './late-policy.ts'

export type LateInLine = {
  readonly step: LateStep
  readonly nominal: Instant
  /** The moment it has been given already: what is told to the vendor is not changed for the order's sake. */
  readonly promised?: Instant
}

/**
 * Judges steps that are late together: those that go are spread in the order of their moments behind those that
 * have been given a day already, one a day for each person. Only a step that would miss its deadline that way
 * overtakes, and no further than it must.
 * Answers stand in the order of the question.
 */
export function spreadCatchUps(late: readonly LateInLine[], view: CatchUpView, now: Instant): LateOutcome[] {
  let line: Line = {
    order: late.map((_, index) => index).sort((a, b) => inOrder(late[a]!, late[b]!) || a - b),
    kept: new Set(late.flatMap((one, index) => ((one.promised ?? now) > now ? [index] : []))),
  }
  let outcomes = judgeLine(late, line, view, now)
  // Each overtaking puts one pair into the order of deadlines, for good: there are at most n² of them.
  for (let tries = late.length ** 2; tries > 0; tries--) {
    const better = overtake(late, line, outcomes, view)
    if (better === null) break
    line = better
    outcomes = judgeLine(late, line, view, now)
  }
  return outcomes
}

type Line = {
  readonly order: readonly number[]
  /** Those that keep the day they were given; the others go round them. */
  readonly kept: ReadonlySet<number>
}

function inOrder(a: LateInLine, b: LateInLine): number {
  if (a.promised !== undefined && b.promised !== undefined) return a.promised - b.promised
  if (a.promised !== undefined) return -1
  return b.promised !== undefined ? 1 : a.nominal - b.nominal
}

function judgeLine(
  late: readonly LateInLine[],
  { order, kept }: Line,
  view: CatchUpView,
  now: Instant,
): LateOutcome[] {
  const outcomes: LateOutcome[] = []
  const sends: SendView[] = [...view.sends]
  const lastTo = new Map<string, Instant>()
  const takes = ({ recipient, class: of }: LateStep, at: Instant): void => {
    sends.push({ to: recipient, class: of, at, catchUp: true })
  }
  for (const index of kept) {
    const { step, promised } = late[index]!
    outcomes[index] = { is: 'compressed', at: promised!, because: [] }
    takes(step, promised!)
  }
  for (const index of order) {
    if (kept.has(index)) continue
    const { step, nominal } = late[index]!
    const outcome = judgeLate(step, nominal, { ...view, sends }, now, lastTo.get(step.recipient) ?? now)
    outcomes[index] = outcome
    if (!('at' in outcome) || step.channel === 'none') continue
    takes(step, outcome.at)
    lastTo.set(step.recipient, outcome.at)
  }
  return outcomes
}

/** The nearest step that makes way and can wait longer, put behind the first that missed its deadline. */
function overtake(
  late: readonly LateInLine[],
  { order, kept }: Line,
  outcomes: readonly LateOutcome[],
  view: CatchUpView,
): Line | null {
  for (const [place, index] of order.entries()) {
    const { step } = late[index]!
    if (step.deadline === null || outcomes[index]!.is !== 'task') continue
    if (step.late !== 'compress' && step.late !== 'send_now') continue
    for (let before = place - 1; before >= 0; before--) {
      const passed = order[before]!
      const other = late[passed]!.step
      const inTheWay = other.recipient === step.recipient && 'at' in outcomes[passed]!
      if (!inTheWay || (other.deadline !== null && other.deadline <= step.deadline)) continue
      if (latePolicyOf(other, view).policy !== 'compress') continue
      const moved = order.filter((one) => one !== passed)
      moved.splice(place, 0, passed)
      return { order: moved, kept: new Set([...kept].filter((one) => one !== passed)) }
    }
  }
  return null
}
