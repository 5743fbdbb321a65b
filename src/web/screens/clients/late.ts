import type { z } from 'zod'
import type { startRun } from '../../../contract/runs.ts'
import type { Status } from '../../../ui/status.ts'
import type { Bead } from '../../../ui/Thread.tsx'
import { capital, inWords } from '../../times.ts'
import { isNoticed } from '../foresight/steps.ts'

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

/** What a person may want of a late step, as the contract names it. */
export type LateChoice = NonNullable<z.input<typeof startRun.body>['late']>[number]['choice']
export type LateChosen = { readonly [node: string]: LateChoice }

const USUAL: { readonly [fate in Fate]: LateChoice | null } = {
  past: 'skip',
  merged: 'merge',
  at_once: 'send_now',
  later: 'compress',
  task: 'task',
  planned: null,
}

/** What becomes of it when nobody chooses; null where it is not late. */
export const usualOf = (fate: Fate): LateChoice | null => USUAL[fate]

const SAID: { readonly [choice in LateChoice]: string } = {
  send_now: 'Send it at once',
  compress: 'Spread: one letter a day',
  merge: 'Tell it in the next one',
  skip: 'Leave it out',
  task: 'Give me a task',
}

/** Who can be told in the next letter was asked of the journey; what is no letter is done or left out. */
export function choicesFor(kind: string, usual: LateChoice): readonly { value: LateChoice; label: string }[] {
  const all: readonly LateChoice[] =
    kind === 'module' ? ['send_now', 'compress', 'merge', 'skip', 'task'] : ['send_now', 'skip', 'task']
  return all
    .filter((value) => value === usual || (value !== 'merge' && !(value === 'task' && kind === 'action')))
    .map((value) => ({
      value,
      label: value === 'send_now' && kind !== 'module' ? 'Do it at once' : SAID[value],
    }))
}

/** Only what is another than would happen anyway travels with the beginning. */
export const lateOf = (
  steps: readonly { readonly node: string; readonly because: readonly { readonly code: string }[] }[],
  chosen: LateChosen,
): { node: string; choice: LateChoice }[] => {
  const usual = new Map(steps.toReversed().map((step) => [step.node, usualOf(fateOf(step))]))
  return Object.entries(chosen).flatMap(([node, choice]) =>
    (usual.get(node) ?? null) === null || usual.get(node) === choice ? [] : [{ node, choice }],
  )
}

type Foreseen = { readonly kind: string; readonly because: readonly { readonly code: string }[] }

/** What it means for them to come as late as they do, in one sentence; in good time, that is said. */
export function tellFates(steps: readonly Foreseen[], who: string): string {
  const fates = Map.groupBy(
    steps.filter((step) => isNoticed(step.kind)),
    fateOf,
  )
  const count = (fate: Fate) => fates.get(fate)?.length ?? 0
  const late = count('past') + count('merged') + count('at_once') + count('later') + count('task')
  const planned = count('planned')
  if (late === 0)
    return `${who} are in good time: ${planned === 0 ? 'nothing has a moment yet' : `${inWords(planned)} ${planned === 1 ? 'step comes at the moment of its rule' : 'steps come at the moment of their rules'}`}.`
  const parts = [
    count('at_once') > 0
      ? `${inWords(count('at_once'))} ${count('at_once') === 1 ? 'goes' : 'go'} at once`
      : '',
    count('later') > 0
      ? `${inWords(count('later'))} ${count('later') === 1 ? 'is' : 'are'} caught up on the following days`
      : '',
    count('merged') > 0
      ? `${inWords(count('merged'))} ${count('merged') === 1 ? 'is' : 'are'} told inside the next one`
      : '',
    count('past') > 0 ? `${inWords(count('past'))} ${count('past') === 1 ? 'is' : 'are'} left out` : '',
    count('task') > 0
      ? `${inWords(count('task'))} ${count('task') === 1 ? 'becomes a task' : 'become tasks'} for you`
      : '',
  ].filter(Boolean)
  const list = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0]
  return `${who} are late for ${late === 1 ? 'one step' : `${inWords(late)} steps`}: ${list}. ${capital(inWords(planned))} ${planned === 1 ? 'comes at the moment of its rule' : 'come at the moment of their rules'}.`
}

export const isLate = (steps: readonly Foreseen[]): boolean =>
  steps.some((step) => isNoticed(step.kind) && fateOf(step) !== 'planned')
