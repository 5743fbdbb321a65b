import type { Condition } from '../journey/condition.ts'
import type { Node } from '../journey/graph.ts'
import { tellWait } from '../journey/phrase.ts'
import { leavesOf } from '../journey/written.ts'
import { tellAnchor, tellEvent, tellReason } from './teller.ts'

/**
 * What a step is called where people read it: its own name, else what it says or asks, else what it does. Never empty
 * and never an id: who wrote no name still reads "Wait: 2 days", not "delay-3".
 */
export function titleOf(node: Node): string {
  return node.name || saidBy(node) || doingOf(node)
}

/** The words of a step that says or asks something; null when it has none, or none yet. */
export function saidBy(node: Node): string | null {
  if (node.kind === 'module') return subjectOf(node.config) ?? beginningOf(node.config)
  if (node.kind === 'action' && 'task' in node.do) return node.do.task.title || null
  if (node.kind === 'action' && 'notify' in node.do) return node.do.notify.text || null
  return node.kind === 'approval' ? node.ask || null : null
}

type Config = Extract<Node, { kind: 'module' }>['config']

const subjectOf = ({ subject }: Config): string | null =>
  typeof subject === 'string' && subject.trim() !== '' ? subject : null

const WORDS_MAX = 60
/** How a message without a subject begins; what is filled in later stands as three dots. */
function beginningOf({ text, body }: Config): string | null {
  const whole = typeof text === 'string' ? text : typeof body === 'string' ? body : ''
  const line = (whole.trim().split('\n')[0] ?? '').replace(/\{\{.*?\}\}/g, '…')
  if (line === '') return null
  return line.length <= WORDS_MAX ? line : `${line.slice(0, WORDS_MAX - 1)}…`
}

/** What a step does, in a few words, whatever it is called. */
export function doingOf(node: Node): string {
  switch (node.kind) {
    case 'trigger':
    case 'module':
      return capital(node.type.replaceAll('_', ' '))
    case 'delay':
      return 'every' in node.wait ? capital(tellWait(node.wait)) : `Wait: ${tellWait(node.wait)}`
    case 'await':
      return `Wait for ${tellEvent(node.for.event)}`
    case 'condition':
      return node.cases.length === 1 && node.cases[0]
        ? `If ${tellCondition(node.cases[0].if)}`
        : `${node.cases.length} cases`
    case 'split':
      return `Split ${sharesOf(node.arms.map((arm) => arm.weight)).join(' / ')}`
    case 'action':
      return doingOfAction(node.do)
    case 'approval':
      return node.ask === '' ? 'Approval' : node.ask
    case 'fork':
      return node.each === undefined ? 'Side by side' : `For each ${eachOf(node.each)}`
    case 'join':
      return node.mode === 'all' ? 'Together again' : 'Whoever comes first'
    case 'goal':
      return `Goal: ${tellEvent(node.for.event)}`
    case 'end':
      return 'End'
  }
}

export const eachOf = (each: 'partner' | 'vendor' | { guestsOf: string }): string =>
  typeof each === 'string' ? each : `guest of ${each.guestsOf}`

export function doingOfAction(does: Extract<Node, { kind: 'action' }>['do']): string {
  if ('task' in does) return does.task.title || 'Task'
  if ('notify' in does) return does.notify.text || 'Tell the team'
  if ('setStage' in does) return `Stage: ${does.setStage.replaceAll('_', ' ')}`
  if ('addTag' in does) return does.addTag ? `Add the tag ${does.addTag}` : 'Add a tag'
  if ('removeTag' in does) return does.removeTag ? `Remove the tag ${does.removeTag}` : 'Remove a tag'
  if ('setField' in does) return `Fill in ${does.setField.replaceAll('_', ' ')}`
  if ('webhook' in does) return 'Call a web address'
  if ('startJourney' in does) return `Start ${tellJourney(does.startJourney)}`
  if ('stopJourney' in does) return `Stop ${tellJourney(does.stopJourney)}`
  return 'holdJourneys' in does ? 'Hold other journeys' : 'Release other journeys'
}

/** Ids of journeys are words only where somebody has written them. */
const tellJourney = (id: string): string =>
  id === '' ? 'a journey' : UUID.test(id) ? 'another journey' : id.replaceAll(/[-_]/g, ' ')
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/** "the tags include gold and exactly 30 days before the wedding": a tree of conditions in one breath. */
export function tellCondition(condition: Condition): string {
  const word = 'any' in condition ? ' or ' : ' and '
  const told = leavesOf({ condition, inside: [] }).map(({ leaf }) => {
    if ('happened' in leaf) return `${tellEvent(leaf.happened)} has come`
    if ('daysUntil' in leaf) return tellDaysUntil(leaf)
    const want = 'value' in leaf ? { want: leaf.value } : {}
    return tellReason({ fact: leaf.fact, is: leaf.is, holds: true, ...want } as never)
  })
  if (told.length === 0) return 'always'
  return told.length > 2 ? `${told.slice(0, 2).join(word)} …` : told.join(word)
}

/** "less than 56 days before the wedding"; that its day is here or over is said in a word. */
function tellDaysUntil({ daysUntil, is, value }: Extract<Condition, { daysUntil: unknown }>): string {
  const anchor = tellAnchor(daysUntil)
  if ((is === 'less' && value === 1) || (is === 'at_most' && value === 0)) return `${anchor} has come`
  const amount = Math.abs(value)
  const side = value < 0 ? 'after' : 'before'
  return `${DISTANCE[is]} ${amount} ${amount === 1 ? 'day' : 'days'} ${side} ${anchor}`
}

const DISTANCE = {
  less: 'less than',
  at_most: 'at most',
  more: 'more than',
  at_least: 'at least',
  equal: 'exactly',
} as const

export const sharesOf = (weights: readonly number[]): string[] => {
  const sum = weights.reduce((all, one) => all + one, 0)
  return weights.map((one) => `${Math.round((one / sum) * 100)} %`)
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
