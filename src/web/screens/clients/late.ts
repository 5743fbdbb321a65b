import type { Status } from '../../../ui/status.ts'
import type { Bead } from '../../../ui/Thread.tsx'

/** What becomes of a step for a couple who come late, read from the decisions of the forecast. */
export type Fate = 'past' | 'merged' | 'at_once' | 'later' | 'task' | 'planned'

const BY_CODE: { readonly [code: string]: Fate } = {
  late_skipped: 'past',
  late_merged: 'merged',
  late_sent_now: 'at_once',
  late_compressed: 'later',
  late_task: 'task',
  deadline_missed: 'task',
}

export function fateOf(step: { readonly because: readonly { readonly code: string }[] }): Fate {
  const code = step.because.findLast((one) => one.code in BY_CODE)?.code
  return code === undefined ? 'planned' : BY_CODE[code]!
}

export const FATES: {
  readonly [fate in Fate]: { readonly bead: Bead; readonly status: Status; readonly word: string }
} = {
  past: { bead: 'skipped', status: 'skipped', word: 'Left out' },
  merged: { bead: 'planned', status: 'moved', word: 'In the next one' },
  at_once: { bead: 'key', status: 'sending', word: 'At once' },
  later: { bead: 'planned', status: 'moved', word: 'Caught up' },
  task: { bead: 'you', status: 'task', word: 'Task for you' },
  planned: { bead: 'planned', status: 'planned', word: 'Planned' },
}
