import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import type { BECAME, Is } from '../designer/modes.ts'

export const WORDS: { readonly [is in Is]: string } = {
  waiting: 'waiting now',
  done: 'went on',
  skipped: 'left out',
  failed: 'failed',
}
export type Figures = { readonly [is in Is]: number }
export type Gone = { readonly from: string; readonly exit: string; readonly runs: number }

export function figuresOf(
  node: NodeId,
  standing: readonly { readonly node: string; readonly runs: number }[],
  steps: readonly ({ readonly node: string } & { readonly [is in (typeof BECAME)[number]]: number })[],
): Figures {
  const { done = 0, skipped = 0, failed = 0 } = steps.find((one) => one.node === node) ?? {}
  const waiting = standing.filter((one) => one.node === node).reduce((sum, one) => sum + one.runs, 0)
  return { waiting, done, skipped, failed }
}

/** "92 %" of those who left a step went this way; empty where nobody has. */
export function shareOf(ways: readonly Gone[], from: string, exit: string): string {
  const here = ways.filter((way) => way.from === from)
  const all = here.reduce((sum, way) => sum + way.runs, 0)
  if (all === 0) return ''
  const own = here.find((way) => way.exit === exit)?.runs ?? 0
  return `${Math.round((own / all) * 100)} %`
}

/** A step at which couples stand though the version that is live has it no more. */
export type GoneStep = { readonly node: string; readonly version: number; readonly runs: number }

/** Each once, by the latest version that couples stand at it with; where most of them stand is first. */
export function goneSteps(
  { nodes }: Journey,
  standing: readonly { readonly version: number; readonly node: string; readonly runs: number }[],
): readonly GoneStep[] {
  const there = new Set<string>(nodes.map(({ id }) => id))
  const gone = Map.groupBy(
    standing.filter(({ node }) => !there.has(node)),
    ({ node }) => node,
  )
  return [...gone]
    .map(([node, rows]) => ({
      node,
      version: Math.max(...rows.map((one) => one.version)),
      runs: rows.reduce((sum, one) => sum + one.runs, 0),
    }))
    .toSorted((a, b) => b.runs - a.runs)
}

/** By which the page finds a number again, when what stands behind it is closed. */
export const doorName = (node: string, is: Is): string => `${node} ${is}`
