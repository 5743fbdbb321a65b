import type { Problem } from '../problem.ts'
import type { Deadline } from '../wedding/policy.ts'
import type { WaitRule, WhoseZone } from '../wedding/wait-rule.ts'
import { eachIsOpen, type Forks } from './forks.ts'
import type { Node, NodeOf } from './graph.ts'
import { didYouMean } from './nearest.ts'
import { called, type Outline, problemAt } from './outline.ts'
import { type Step, stepsOf } from './pointer.ts'
import { shapeProblems } from './shape-problems.ts'
import { reachable } from './walk.ts'
import { daysIn, rulesOf } from './written.ts'

/** Does each step by itself make sense: its type, its configuration, its moment, the person it speaks to. */

export function checkTypes(outline: Outline, fields: readonly string[]): Problem[] {
  return outline.journey.nodes.flatMap((node) => {
    if (node.kind === 'module') return checkModule(outline, node, fields)
    return node.kind === 'trigger' ? checkTrigger(outline, node) : []
  })
}

function checkModule(outline: Outline, node: NodeOf<'module'>, fields: readonly string[]): Problem[] {
  const type = outline.moduleType(node)
  if (!type || type.inner) {
    const known = [...outline.registry.modules.values()].filter((one) => !one.inner)
    const versions = known.filter((one) => one.type === node.type).map((one) => one.version)
    const message =
      versions.length > 0
        ? `The module type "${node.type}" has no version ${node.version}. It has ${versions.join(', ')}.`
        : `There is no module type "${node.type}".${didYouMean(node.type, new Set(known.map((one) => one.type)))}`
    return [problemAt(outline, node, { code: 'unknown_module', message, inside: ['type'] })]
  }
  const read = type.config.safeParse(node.config)
  const found = read.success
    ? (type.check?.(node.config, { fields }) ?? [])
    : shapeProblems(type.config, node.config, read.error.issues)
  return found.map((one) => problemAt(outline, node, { ...one, inside: ['config', ...stepsOf(one.path)] }))
}

function checkTrigger(outline: Outline, node: NodeOf<'trigger'>): Problem[] {
  const type = outline.registry.triggers.get(node.type)
  if (!type) {
    const hint = didYouMean(node.type, outline.registry.triggers.keys())
    const message = `There is no trigger "${node.type}".${hint}`
    return [problemAt(outline, node, { code: 'unknown_trigger', message, inside: ['type'] })]
  }
  const read = type.config.safeParse(node.config ?? {})
  if (!read.success) {
    return shapeProblems(type.config, node.config ?? {}, read.error.issues).map((one) =>
      problemAt(outline, node, { ...one, inside: ['config', ...stepsOf(one.path)] }),
    )
  }
  const rule = type.when?.(node.config ?? {})
  return rule ? ruleProblems(outline, node, rule, ['config'], 'when') : []
}

/** Days that exist, zones that exist, repeats only where something can repeat. */
export function checkRules(outline: Outline): Problem[] {
  return outline.journey.nodes.flatMap((node) => {
    const problems = rulesOf(node).flatMap(({ rule, inside, use }) =>
      ruleProblems(outline, node, rule, inside, use),
    )
    const deadline = 'deadline' in node ? node.deadline : undefined
    return deadline ? [...problems, ...zoneProblems(outline, node, deadline, ['deadline'])] : problems
  })
}

function ruleProblems(
  outline: Outline,
  node: Node,
  rule: WaitRule,
  inside: readonly Step[],
  use: string,
): Problem[] {
  const problems = zoneProblems(outline, node, rule, inside)
  const tell = (code: string, message: string, ...more: Step[]): void => {
    problems.push(problemAt(outline, node, { code, message, inside: [...inside, ...more] }))
  }
  if ('on' in rule && !dayExists(rule.on)) {
    tell('no_such_day', `${rule.on} is not a day of the calendar. Correct it.`, 'on')
  }
  if ('every' in rule && use !== 'wait') {
    tell(
      'repeat_not_here',
      `Only a delay can repeat. Give ${called(node)} one moment, or put a repeating delay before it.`,
    )
  }
  if ('every' in rule && daysIn(rule.every) === 0) {
    tell(
      'repeat_without_pause',
      'A repeat needs a pause between two rounds, for example {"days": 3}.',
      'every',
    )
  }
  return problems
}

function zoneProblems(
  outline: Outline,
  node: Node,
  rule: WaitRule | Deadline,
  inside: readonly Step[],
): Problem[] {
  const zone: WhoseZone | undefined = rule.zone
  if (typeof zone !== 'object' || zoneExists(zone.fixed)) return []
  const message = `There is no time zone "${zone.fixed}". Write one such as "Europe/Rome", or venue, vendor or couple.`
  return [problemAt(outline, node, { code: 'no_such_zone', message, inside: [...inside, 'zone', 'fixed'] })]
}

function dayExists(day: string): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && date >= 1 && date <= days && year >= 1900
}

function zoneExists(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

export function checkRecipients(outline: Outline, forks: Forks): Problem[] {
  return outline.journey.nodes.flatMap((node) => {
    if (node.kind !== 'module' || node.to !== 'each') return []
    const frame = forks.frameAt(node.id)
    if (frame === undefined || eachIsOpen(frame)) return []
    const message = `${called(node)} speaks to "each", but stands in no "for each". Put it between such a fork and its join, or name somebody.`
    return [problemAt(outline, node, { code: 'each_of_nobody', message, inside: ['to'] })]
  })
}

/** A journey must not start itself, neither directly nor by way of others; and those it starts must exist. */
export function checkStarts(
  outline: Outline,
  journeys: ReadonlyMap<string, readonly string[]> | undefined,
): Problem[] {
  const own = outline.journey.name
  const startsOf = (name: string): readonly string[] => (name === own ? [] : (journeys?.get(name) ?? []))
  return outline.journey.nodes.flatMap((node) => {
    if (node.kind !== 'action' || !('startJourney' in node.do)) return []
    const target = node.do.startJourney
    const tell = (code: string, message: string): Problem[] => [
      problemAt(outline, node, { code, message, inside: ['do', 'startJourney'] }),
    ]
    if (reachable([target], startsOf).has(own)) {
      const way = target === own ? 'itself' : `"${target}", which leads back to it`
      return tell(
        'starts_itself',
        `This journey starts ${way}: a couple would go round for ever. Start another one, or repeat with a bounded delay.`,
      )
    }
    if (!journeys || journeys.has(target)) return []
    return tell('unknown_journey', `There is no journey "${target}".${didYouMean(target, journeys.keys())}`)
  })
}
