import type { NodeId } from '../core/ids.ts'
import type { Choice } from '../core/run/chosen.ts'
import type { Chosen } from '../core/run/run.ts'
import type { LatePolicy } from '../core/wedding/policy.ts'

/** What a person wants of the steps that are late when a couple begins, as the run keeps it. */
export const chosenLate = (
  wanted: readonly { readonly node: string; readonly choice: LatePolicy }[],
  who: string,
): Chosen => ({
  who,
  by: Object.fromEntries(
    wanted.map(({ node, choice }): [NodeId, Choice] => [node as NodeId, { is: 'late', policy: choice }]),
  ),
})
