import { type Figures, HEADLINE } from './figures.ts'
import type { Cell } from './plan.ts'
import { idOf, type System, type Workload } from './system.ts'
import { median } from './timing.ts'

/** What became of one cell. */
export type Outcome = { readonly cell: Cell } & (
  | { readonly is: 'measured'; readonly figures: Figures }
  | { readonly is: 'cannot run'; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string }
)

export type Spread = { readonly median: number; readonly min: number; readonly max: number }

/** One system on one workload over all rounds. A single failed round leaves it without a figure. */
export type Line = {
  readonly system: string
  readonly role: System['role']
  readonly workload: string
  readonly size: number
} & (
  | {
      readonly is: 'measured'
      readonly rounds: number
      readonly figures: { readonly [name: string]: Spread }
    }
  | { readonly is: 'cannot run'; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string }
)

/** `times`: how many times better ours is; below one the other is ahead. */
export type Ratio = {
  readonly workload: string
  readonly ours: string
  readonly other: string
  readonly figure: string
  readonly times: number
}

export function linesOf(systems: readonly System[], outcomes: readonly Outcome[]): Line[] {
  const groups = Map.groupBy(outcomes, ({ cell }) => `${cell.system} ${workloadName(cell)}`)
  return [...groups.values()].map((group) => {
    const { cell } = group[0]!
    const system = systems[cell.system]!
    const of = { system: idOf(system), role: system.role, workload: workloadName(cell), size: cell.size }
    const spoilt = group.find((outcome) => outcome.is !== 'measured')
    if (spoilt) return { ...of, is: spoilt.is, reason: spoilt.reason }
    const rounds = group.flatMap((outcome) => (outcome.is === 'measured' ? [outcome.figures] : []))
    const names = Object.keys(rounds[0]!)
    const figures = Object.fromEntries(
      names.map((name) => [name, spread(rounds.map((round) => round[name]!))]),
    )
    return { ...of, is: 'measured', rounds: rounds.length, figures }
  })
}

export const workloadName = ({ workload, providerMs }: Cell): string =>
  providerMs === undefined ? workload : `${workload}@${providerMs}ms`

const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
})

/** Ours (its first mode that offers the workload) beside everybody else, by the medians. */
export function ratiosOf(lines: readonly Line[]): Ratio[] {
  const measured = lines.filter((line) => line.is === 'measured')
  return measured.flatMap((other) => {
    const ours = measured.find((line) => line.role === 'ours' && line.workload === other.workload)
    if (!ours || other.role === 'ours') return []
    const { figure, better } = HEADLINE[other.workload.split('@', 1)[0] as Workload]
    const mine = ours.figures[figure]!.median
    const theirs = other.figures[figure]!.median
    const times = better === 'more' ? mine / theirs : theirs / mine
    return [{ workload: other.workload, ours: ours.system, other: other.system, figure, times }]
  })
}
