import {
  BookOpen,
  ClipboardList,
  Eye,
  Flag,
  Gift,
  GitMerge,
  Hourglass,
  LogIn,
  Mail,
  MessageSquareMore,
  Repeat2,
  Shuffle,
  Split,
  Square,
  SquareCheck,
  SquareStack,
  Star,
  Timer,
  Video,
  Zap,
} from 'lucide-react'
import type { Node, RecipientRule } from '../../../core/journey/graph.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { tellWait } from '../../../core/journey/phrase.ts'
import {
  doingOf,
  doingOfAction,
  eachOf,
  saidBy,
  sharesOf,
  tellCondition,
  titleOf,
} from '../../../core/run/step-title.ts'
import { tellEvent } from '../../../core/run/teller.ts'
import { type WaitRule, waitRuleSchema } from '../../../core/wedding/wait-rule.ts'
import type { IconShape } from '../../../ui/Icon.tsx'
import { registry } from './registry.ts'

/** How steps are called, drawn and told in the designer. */
const OF_MODULE: { readonly [type: string]: IconShape } = {
  email: Mail,
  sms: MessageSquareMore,
  form: ClipboardList,
  meeting: Video,
  info: BookOpen,
  review: Star,
  referral: Gift,
}

export const iconOfModule = (type: string): IconShape => OF_MODULE[type] ?? Zap

export function iconOf(node: Node): IconShape {
  switch (node.kind) {
    case 'trigger':
      return LogIn
    case 'module':
      return iconOfModule(node.type)
    case 'delay':
      return 'every' in node.wait ? Repeat2 : Timer
    case 'await':
      return Hourglass
    case 'condition':
      return Split
    case 'split':
      return Shuffle
    case 'action':
      return 'task' in node.do ? SquareCheck : Zap
    case 'approval':
      return Eye
    case 'fork':
      return SquareStack
    case 'join':
      return GitMerge
    case 'goal':
      return Flag
    case 'end':
      return Square
  }
}

/** Which of the four kinds of tile a step has: what speaks, what decides, what is for the team, and the beginning. */
export type Tile = 'speaks' | 'logic' | 'team' | 'start'
export function tileOf(node: Node): Tile {
  if (node.kind === 'trigger') return 'start'
  if (node.kind === 'module') return 'speaks'
  if (node.kind === 'action' || node.kind === 'approval') return 'team'
  return 'logic'
}

/** What a step is called; one without words of its own by the label of its type. */
export function nameOf(node: Node): string {
  if (node.name || saidBy(node)) return titleOf(node)
  return labelOf(node) ?? titleOf(node)
}

function labelOf(node: Node): string | undefined {
  if (node.kind === 'trigger') return registry.triggers.get(node.type)?.label
  return node.kind === 'module' ? registry.modules.get(`${node.type}@${node.version}`)?.label : undefined
}

/** The rule by which a step has its moment, told short beside its date. */
export function ruleOf(node: Node): string {
  if (node.kind === 'trigger') {
    const begins = beginningOf(node)
    return begins === null ? '' : withoutClock(tellWait(begins))
  }
  if (node.kind === 'delay') return withoutClock(tellWait(node.wait))
  if (node.kind === 'await')
    return 'before' in node.timeout || isFromDate(node.timeout)
      ? `until ${withoutClock(tellWait(node.timeout))}`
      : `at most ${withoutClock(tellWait(node.timeout))}`
  if (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval') {
    if (node.when) return later(node.when, withoutClock(tellWait(node.when)))
    return node.kind === 'module' ? 'at once' : 'for the team'
  }
  return ''
}
/** "10 minutes later", where a moment is told and not how long something lasts. */
const later = (rule: WaitRule, told: string): string =>
  'after' in rule && !isFromDate(rule) ? told.replace(/^(\S+ \S+?)(?=$| at )/, '$1 later') : told
const isFromDate = (rule: WaitRule): boolean => 'after' in rule && rule.of !== undefined && rule.of !== 'now'

/** The moment at which a journey begins, where it is one on the calendar. */
function beginningOf(node: Node): WaitRule | null {
  if (node.kind !== 'trigger') return null
  const parsed = waitRuleSchema.safeParse((node.config as { when?: unknown } | undefined)?.when)
  return parsed.success ? parsed.data : null
}
const withoutClock = (phrase: string): string => phrase.replace(/ at \d\d:\d\d.*$/, '')

/** A way out as people read it. */
export function exitWord(node: Node, exit: string): string {
  if (exit === 'otherwise') {
    const only = node.kind === 'condition' && node.cases.length === 1 ? node.cases[0]?.exit : undefined
    return only === undefined ? 'otherwise' : only === 'no' ? 'yes' : 'no'
  }
  if (node.kind === 'await') {
    if (exit === 'happened') return HAPPENED[node.for.event] ?? 'it came'
    return timeoutWord(node.timeout)
  }
  if (node.kind === 'approval' && exit === 'timeout') return `no answer ${timeoutWord(node.timeout)}`
  if (node.kind === 'split') {
    const at = node.arms.findIndex((arm) => arm.exit === exit)
    return `${exit.replaceAll('_', ' ')}, ${sharesOf(node.arms.map((arm) => arm.weight))[at] ?? ''}`
  }
  if (node.kind === 'delay') return exit === 'again' ? 'each time' : exit === 'done' ? 'in the end' : ''
  if (exit === 'next' || exit === 'sent' || exit === 'each') return exit === 'each' ? 'for each' : ''
  return exit.replaceAll('_', ' ')
}

/** "after 5 days", "67 days before the wedding": when time is up. */
const timeoutWord = (rule: WaitRule): string => {
  const told = withoutClock(tellWait(rule))
  return 'after' in rule && !isFromDate(rule) ? `after ${told}` : told
}

const HAPPENED: { readonly [event: string]: string } = {
  form_submitted: 'answered',
  contract_signed: 'signed',
  payment_received: 'paid',
  meeting_booked: 'booked',
  meeting_held: 'held',
  review_received: 'reviewed',
  reply_received: 'they wrote',
  message_bounced: 'it came back',
}

export const RECIPIENTS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'couple', label: 'both partners' },
  { value: 'partner_a', label: 'the first partner' },
  { value: 'partner_b', label: 'the second partner' },
  { value: 'payer', label: 'whoever pays' },
  { value: 'planner', label: 'the planner' },
  { value: 'each', label: 'each of them' },
  { value: 'member:owner', label: 'the owner' },
  { value: 'member:manager', label: 'the manager' },
  { value: 'member:assistant', label: 'the assistant' },
]
export function recipientWord(to: RecipientRule | undefined): string {
  if (to === undefined) return 'both partners'
  if (typeof to === 'string') return RECIPIENTS.find((one) => one.value === to)?.label ?? to
  return 'member' in to ? `the ${to.member}` : `the ${to.vendorOf.replaceAll('_', ' ')}`
}

/** The parts of a step's sentence: words between, and words that can be pressed. Rose where it hangs on the wedding. */
export type Said = string | { readonly says: string; readonly part: Part; readonly rose?: boolean }
export type Part = 'content' | 'to' | 'when' | 'windows' | 'timeout' | 'for' | 'ways' | 'do'

const isOfWedding = (rule: WaitRule): boolean => 'of' in rule && rule.of === 'wedding'
const moment = (rule: WaitRule, part: Part, lasts = false): Said => ({
  says: lasts ? tellWait(rule) : later(rule, tellWait(rule)),
  part,
  rose: isOfWedding(rule),
})

export function sentenceParts(node: Node, outline: Outline): readonly Said[] {
  switch (node.kind) {
    case 'trigger':
      return [
        'Begins: ',
        { says: lower(labelOf(node) ?? doingOf(node)), part: 'content' },
        node.if ? ', if ' : '',
        ...(node.if ? [{ says: tellCondition(node.if), part: 'for' } as Said] : []),
        '.',
      ]
    case 'module': {
      const type = outline.moduleType(node)
      return [
        { says: type?.label ?? capital(node.type), part: 'content' },
        ' to ',
        { says: recipientWord(node.to), part: 'to' },
        ', ',
        node.when ? moment(node.when, 'when') : { says: 'at once', part: 'when' },
        ...(node.asksForAnswer ? [', on ', { says: 'a day you can answer', part: 'windows' } as Said] : []),
        ...(node.approval ? [', after ', { says: 'somebody has read it', part: 'ways' } as Said] : []),
        '.',
      ]
    }
    case 'delay':
      return 'every' in node.wait
        ? ['Goes round ', moment(node.wait, 'when', true), '.']
        : ['Waits ', moment(node.wait, 'when', true), '.']
    case 'await':
      return [
        'Waits for ',
        { says: tellEvent(node.for.event), part: 'for' },
        node.for.if ? ` where ${tellCondition(node.for.if)}` : '',
        'after' in node.timeout && !isFromDate(node.timeout) ? ', at most ' : ', at the latest ',
        moment(node.timeout, 'timeout', true),
        '.',
      ]
    case 'condition':
      return node.cases.flatMap((one, index): Said[] => [
        index === 0 ? 'If ' : ' Else, if ',
        { says: tellCondition(one.if), part: 'for' },
        `, they go the way “${one.exit.replaceAll('_', ' ')}”.`,
      ])
    case 'split':
      return [
        'Sends couples ',
        {
          says: node.arms
            .map((arm, i) => `${sharesOf(node.arms.map((one) => one.weight))[i]} ${arm.exit}`)
            .join(', '),
          part: 'ways',
        },
        '. The same couple always goes the same way.',
      ]
    case 'action':
      return [
        'task' in node.do ? 'A task for a person: ' : '',
        { says: doingOfAction(node.do), part: 'do' },
        node.when ? ', ' : '',
        ...(node.when ? [moment(node.when, 'when')] : []),
        '.',
      ]
    case 'approval':
      return [
        'Asks ',
        { says: `the ${node.by ?? 'team'}`, part: 'to' },
        ': “',
        { says: node.ask, part: 'content' },
        '”. Without an answer after ',
        moment(node.timeout, 'timeout', true),
        ' it goes another way.',
      ]
    case 'fork':
      return node.each === undefined
        ? ['Goes ', { says: `${node.arms?.length ?? 0} ways at the same time`, part: 'ways' }, '.']
        : ['Does what follows once for each ', { says: eachOf(node.each), part: 'ways' }, '.']
    case 'join':
      return [
        'Goes on when ',
        { says: node.mode === 'all' ? 'all branches have come' : 'the first branch has come', part: 'ways' },
        '.',
      ]
    case 'goal':
      return [
        'When ',
        { says: `${tellEvent(node.for.event)} comes`, part: 'for' },
        node.for.if ? ` where ${tellCondition(node.for.if)}` : '',
        ', the journey is complete, wherever the couple stands.',
      ]
    case 'end':
      return ['This path is over here.']
  }
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
const lower = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1)
