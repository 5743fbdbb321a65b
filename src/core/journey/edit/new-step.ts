import { z } from 'zod'
import type { JsonObject, NodeId } from '../../ids.ts'
import type { Action, ModuleType, Node, Registry } from '../graph.ts'
import type { Clip } from './clip.ts'

/**
 * What can be added to a journey, each as it stands when it is new: sensible where sense can be had, empty where only
 * the author knows. An empty text is told by the check, at its place.
 */
export type NewStep = {
  readonly key: string
  readonly label: string
  readonly about: string
  readonly group: 'Pieces' | 'Messages' | 'Time' | 'Ways' | 'Doing' | 'Ends'
  /** Other words somebody may look for it by. */
  readonly words: readonly string[]
  readonly clip: Clip
}

const one = (node: object): Clip => ({ nodes: [node as Node], edges: [] })
const action = (
  key: string,
  label: string,
  about: string,
  words: readonly string[],
  does: Action,
): NewStep => ({
  key,
  label,
  about,
  group: 'Doing',
  words,
  clip: one({ id: key, kind: 'action', do: does }),
})

const FIXED: readonly NewStep[] = [
  {
    key: 'wait',
    label: 'Wait',
    about: 'For some days, or until a moment before the wedding',
    group: 'Time',
    words: ['delay', 'pause', 'timer', 'until', 'days before'],
    clip: one({ id: 'wait', kind: 'delay', wait: { after: { days: 1 } } }),
  },
  {
    key: 'repeat',
    label: 'Repeat',
    about: 'Go round every few days, at most so often',
    group: 'Time',
    words: ['loop', 'every', 'again', 'round'],
    clip: one({ id: 'repeat', kind: 'delay', wait: { every: { days: 14 }, timesMax: 3 } }),
  },
  {
    key: 'await',
    label: 'Wait for something',
    about: 'Until a form, a payment or anything else comes, or time is up',
    group: 'Time',
    words: ['await', 'event', 'answer', 'happened', 'timeout', 'form', 'payment'],
    clip: one({
      id: 'await',
      kind: 'await',
      for: { event: 'form_submitted' },
      timeout: { after: { days: 7 } },
    }),
  },
  {
    key: 'condition',
    label: 'If',
    about: 'Different ways for different couples',
    group: 'Ways',
    words: ['condition', 'branch', 'case', 'decide', 'otherwise'],
    clip: one({
      id: 'if',
      kind: 'condition',
      cases: [{ exit: 'yes', if: { fact: 'client.tags', is: 'contains', value: '' } }],
    }),
  },
  {
    key: 'split',
    label: 'Split',
    about: 'By chance, in shares, to compare two ways',
    group: 'Ways',
    words: ['experiment', 'test', 'random', 'share', 'a/b'],
    clip: one({
      id: 'split',
      kind: 'split',
      arms: [
        { exit: 'a', weight: 1 },
        { exit: 'b', weight: 1 },
      ],
    }),
  },
  {
    key: 'fork',
    label: 'Side by side',
    about: 'Two branches at the same time, which meet again',
    group: 'Ways',
    words: ['fork', 'parallel', 'join', 'both'],
    clip: {
      nodes: [
        { id: 'side-by-side', kind: 'fork', arms: ['a', 'b'] },
        { id: 'together', kind: 'join', mode: 'all' },
      ] as unknown as Node[],
      edges: [
        { from: 'side-by-side' as NodeId, exit: 'a', to: 'together' as NodeId },
        { from: 'side-by-side' as NodeId, exit: 'b', to: 'together' as NodeId },
      ],
    },
  },
  {
    key: 'each',
    label: 'For each',
    about: 'Once for each partner, vendor or guest',
    group: 'Ways',
    words: ['every partner', 'guest', 'vendor', 'fork', 'loop over'],
    clip: {
      nodes: [
        { id: 'for-each', kind: 'fork', each: 'partner' },
        { id: 'all-done', kind: 'join', mode: 'all' },
      ] as unknown as Node[],
      edges: [{ from: 'for-each' as NodeId, exit: 'each', to: 'all-done' as NodeId }],
    },
  },
  {
    key: 'join',
    label: 'Meet again',
    about: 'Where branches that walk side by side come together',
    group: 'Ways',
    words: ['join', 'merge', 'together'],
    clip: one({ id: 'together', kind: 'join', mode: 'all' }),
  },
  {
    key: 'approval',
    label: 'Approval',
    about: 'Somebody of you says yes first',
    group: 'Ways',
    words: ['approve', 'review', 'check', 'yes'],
    clip: one({
      id: 'approval',
      kind: 'approval',
      ask: 'May this go on?',
      timeout: { after: { days: 3 } },
    }),
  },
  action('task', 'Task', 'Something a person must do', ['todo', 'call', 'gate', 'remind me'], {
    task: { title: '' },
  }),
  action('notify', 'Tell the team', 'A note to you and yours', ['notify', 'notice', 'alert'], {
    notify: { text: '' },
  }),
  action('stage', 'Set the stage', 'Inquiry, booked, planning …', ['stage', 'status', 'pipeline'], {
    setStage: 'booked',
  }),
  action('tag', 'Add a tag', 'So that others can ask for it', ['label', 'mark'], { addTag: '' }),
  action('untag', 'Remove a tag', 'It holds no longer', ['label', 'unmark'], { removeTag: '' }),
  action('field', 'Fill in a field', 'A value of the couple’s own', ['set field', 'value', 'custom'], {
    setField: 'note',
    value: '',
  }),
  action(
    'webhook',
    'Call a web address',
    'Tell another system',
    ['webhook', 'http', 'zapier', 'integration'],
    {
      webhook: { url: '' },
    },
  ),
  action('start-journey', 'Start a journey', 'Another one begins for the couple', ['begin', 'trigger'], {
    startJourney: '',
  }),
  action('stop-journey', 'Stop a journey', 'Another one ends for the couple', ['end', 'cancel'], {
    stopJourney: '',
  }),
  action('hold', 'Hold other journeys', 'Nothing else goes out meanwhile', ['pause', 'freeze'], {
    holdJourneys: 'on_hold',
  }),
  action('release', 'Release other journeys', 'They go on again', ['resume', 'unfreeze'], {
    releaseJourneys: 'on_hold',
  }),
  {
    key: 'goal',
    label: 'Goal',
    about: 'When this happens, the journey is done, wherever they stand',
    group: 'Ends',
    words: ['done', 'success', 'target', 'complete'],
    clip: one({ id: 'goal', kind: 'goal', for: { event: 'contract_signed' } }),
  },
  {
    key: 'end',
    label: 'End',
    about: 'This path is over here',
    group: 'Ends',
    words: ['stop', 'finish', 'exit'],
    clip: one({ id: 'end', kind: 'end' }),
  },
]

/** Every module type that is anybody's to choose, by its newest version first, then what every journey has. */
export function newSteps(registry: Registry): NewStep[] {
  const newest = new Map<string, ModuleType>()
  for (const type of registry.modules.values())
    if (!type.inner && (newest.get(type.type)?.version ?? 0) < type.version) newest.set(type.type, type)
  const modules = [...newest.values()].map(
    (type): NewStep => ({
      key: `module:${type.type}`,
      label: type.label,
      about: ABOUT[type.channel],
      group: 'Messages',
      words: [type.type, type.channel],
      clip: one({
        id: type.type,
        kind: 'module',
        type: type.type,
        version: type.version,
        // Said outright, so that a later version of the type cannot change what this message is.
        ...(type.channel === 'none' ? {} : { class: type.class }),
        config: emptyConfig(type),
      }),
    }),
  )
  return [...modules, ...FIXED]
}

const ABOUT: { readonly [channel in ModuleType['channel']]: string } = {
  email: 'To the couple, or to anybody else who is part of it',
  sms: 'To a phone: short, and never at night',
  webhook: 'Done by another system',
  none: 'A step of its own',
}

type Shape = {
  readonly type?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly properties?: { readonly [name: string]: Shape }
  readonly required?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** What a configuration must have, each empty; what it may have is left out. */
export function emptyConfig(type: ModuleType): JsonObject {
  return empty(z.toJSONSchema(type.config, { io: 'input' }) as Shape) as JsonObject
}

function empty(shape: Shape): unknown {
  if (shape.default !== undefined) return shape.default
  if (shape.const !== undefined) return shape.const
  if (shape.enum) return shape.enum[0]
  const first = shape.anyOf?.[0] ?? shape.oneOf?.[0]
  if (first) return empty(first)
  switch (shape.type) {
    case 'object':
      // A length of time must have one: a week is a sensible first word.
      if (shape.properties?.days && shape.properties.weeks) return { days: 7 }
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [name, empty(shape.properties?.[name] ?? {})]),
      )
    case 'array':
      return []
    case 'number':
    case 'integer':
      return Math.max(0, shape.minimum ?? 0)
    case 'boolean':
      return false
    default:
      return ''
  }
}
