import type { z } from 'zod'
import type { planSchema, previewPublish } from '../../../contract/publications.ts'

/** What is wanted for the couples on their way, cohort by cohort, and the plan that says so. */
export type Foreseen = NonNullable<z.infer<typeof previewPublish.answer>['runs']>
export type Cohort = Foreseen['cohorts'][number]
export type Wish =
  | { readonly is: 'finish' }
  | { readonly is: 'move'; readonly redirects: { readonly [gone: string]: string } }
  | { readonly is: 'jump'; readonly to: string }
export type Wishes = { readonly [cohort: string]: Wish }
type Plan = z.input<typeof planSchema>

/** Who is on the live version already has nowhere to go while nothing newer is drawn. */
export function without(foreseen: Foreseen, version: number): Foreseen {
  const cohorts = foreseen.cohorts.filter((one) => one.version !== version)
  const sum = (what: 'runs' | 'moves' | 'finishes' | 'blocked') =>
    cohorts.reduce((total, one) => total + one[what], 0)
  return {
    total: sum('runs'),
    moves: sum('moves'),
    finishes: sum('finishes'),
    blocked: sum('blocked'),
    cohorts,
    couples: foreseen.couples.filter((one) => one.version !== version),
  }
}

export const cohortKey = ({ version, at }: Pick<Cohort, 'version' | 'at'>): string =>
  `${version} ${[...at].sort().join(' ')}`

/** Those who stand at steps that are still there move along; for the others somebody must say where to. */
export const usualWish = (cohort: Cohort): Wish =>
  cohort.gone.length > 0 ? { is: 'finish' } : { is: 'move', redirects: {} }

export function planOf(cohorts: readonly Cohort[], wishes: Wishes, only: string | null = null): Plan {
  return {
    otherwise: { is: 'finish' },
    cohorts: cohorts.map((cohort) => ({
      version: cohort.version,
      at: cohort.at,
      choice: wishes[cohortKey(cohort)] ?? usualWish(cohort),
    })),
    ...(only !== null && { only: [only] }),
  }
}

/** A step that is gone has no place to move from until somebody says where to. */
export const lacks = (cohort: Cohort, wish: Wish): readonly string[] =>
  wish.is === 'move' ? cohort.gone.filter((node) => !wish.redirects[node]) : []
