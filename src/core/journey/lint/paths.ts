import type { NodeId } from '../../ids.ts'
import { isRepeat } from '../check-graph.ts'
import type { Action, Node } from '../graph.ts'
import { called, type Outline } from '../outline.ts'
import type { PatchStep } from '../patch.ts'
import { reachable } from '../walk.ts'
import type { LintRule } from './rule.ts'

/** Rules about where paths lead, how often, and when the journey is over. */

export const exitUnconnected: LintRule = {
  code: 'exit_unconnected',
  about: 'Every way a decision can go leads somewhere, if only to an end.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      const taken = new Set(outline.ways(node.id).map((way) => way.exit))
      return decisiveExits(outline, node)
        .filter((exit) => !taken.has(exit))
        .map((exit) => ({
          node,
          message: `Couples who leave ${called(node)} by "${exit}" go nowhere. Say what happens to them, or end there on purpose.`,
          fix: { label: `End there`, change: toAnEnd(outline, node, exit) },
        }))
    }),
}

function decisiveExits(outline: Outline, node: Node): readonly string[] {
  switch (node.kind) {
    case 'await':
    case 'condition':
    case 'split':
    case 'fork':
      return outline.exits(node)
    case 'approval':
      return ['approved', 'timeout']
    case 'delay':
      return isRepeat(node) ? ['again', 'done'] : []
    case 'module':
      return outline.exits(node).filter((exit) => exit === 'timeout' || exit === 'failed')
    default:
      return []
  }
}

function toAnEnd(outline: Outline, node: Node, exit: string): PatchStep[] {
  const end = outline.journey.nodes.find((one) => one.kind === 'end')
  let id = end?.id ?? ('end' as NodeId)
  for (let n = 2; !end && outline.node(id); n++) id = `end-${n}` as NodeId
  const edge: PatchStep = { op: 'add', path: '/edges/-', value: { from: node.id, exit, to: id } }
  return end ? [edge] : [{ op: 'add', path: '/nodes/-', value: { id, kind: 'end' } }, edge]
}

export const repeatWithoutReturn: LintRule = {
  code: 'repeat_without_return',
  about: 'What a repeat does leads back to it.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      const again = isRepeat(node) && outline.ways(node.id).find((way) => way.exit === 'again')
      if (!again) return []
      const round = reachable([again.to], (id) => outline.ways(id).map((way) => way.to))
      if (round.has(node.id)) return []
      const change: PatchStep[] = [...round]
        .map((id) => outline.node(id)!)
        .filter((last) => outline.ways(last.id).length === 0 && outline.exits(last).length > 0)
        .map((last) => ({
          op: 'add',
          path: '/edges/-',
          value: { from: last.id, exit: outline.exits(last)[0], to: node.id },
        }))
      const message = `${called(node)} repeats, but the path from "again" never comes back, so it happens once. Lead its last step back.`
      return [{ node, message, ...(change.length === 1 && { fix: { label: 'Lead it back', change } }) }]
    }),
}

export const armMissesJoin: LintRule = {
  code: 'arm_misses_join',
  about: 'When branches are joined, each of them gets there.',
  find: (outline) => {
    const joins = outline.journey.nodes.filter((node) => node.kind === 'join').map((node) => node.id)
    const leading = reachable(joins, (id) => outline.into(id).map((way) => way.from))
    return outline.journey.nodes.flatMap((node) => {
      if (node.kind !== 'fork') return []
      const ways = outline.ways(node.id)
      const lost = ways.filter((way) => !leading.has(way.to))
      if (lost.length === 0 || lost.length === ways.length || joinsLeadAround(outline, node.id)) return []
      return lost.map((way) => ({
        node,
        message: `The branch "${way.exit}" of ${called(node)} never comes to the join the others wait at. Lead it there, or let the others end too.`,
      }))
    })
  },
}

/** A fork inside another's arm may leave its own arms open and still stand before the outer join. */
const joinsLeadAround = (outline: Outline, fork: NodeId): boolean => {
  const before = reachable([fork], (id) => outline.into(id).map((way) => way.from))
  return [...before].some((id) => id !== fork && outline.node(id)?.kind === 'fork')
}

export const holdWithoutRelease: LintRule = {
  code: 'hold_without_release',
  about: 'Who holds the other journeys releases them again.',
  find: (outline) => {
    const released = new Set(
      actionsOf(outline).map(({ act }) => 'releaseJourneys' in act && act.releaseJourneys),
    )
    return actionsOf(outline).flatMap(({ node, act }) => {
      if (!('holdJourneys' in act) || released.has(act.holdJourneys)) return []
      return [
        {
          node,
          message: `${called(node)} holds the couple's other journeys for "${act.holdJourneys}", and nothing here releases them. Add a release for the same reason.`,
        },
      ]
    })
  },
}

const actionsOf = (outline: Outline): { node: Node; act: Action }[] =>
  outline.journey.nodes.flatMap((node) => (node.kind === 'action' ? [{ node, act: node.do }] : []))

const HAPPENS_OFTEN = new Set([
  'payment_received',
  'wedding_date_changed',
  'meeting_booked',
  'meeting_cancelled',
  'meeting_held',
])

export const onceOnly: LintRule = {
  code: 'once_only',
  about: 'A journey about something that happens often may be entered again.',
  find: (outline) => {
    const { trigger, journey } = outline
    if (!trigger || !HAPPENS_OFTEN.has(trigger.type) || journey.reentry !== 'never') return []
    return [
      {
        node: null,
        inside: ['reentry'],
        message: `This begins with "${trigger.type}", which can happen more than once, but a couple may enter only the first time.`,
        fix: {
          label: 'Let them enter again after finishing',
          change: [{ op: 'replace', path: '/reentry', value: 'after_finish' }],
        },
      },
    ]
  },
}

export const sellsOn: LintRule = {
  code: 'sells_on',
  about: 'A journey that follows an inquiry stops when the couple has booked or declined.',
  find: (outline) => {
    const { journey, trigger } = outline
    const stops = journey.nodes.some((node) => node.kind === 'goal') || (journey.leaveOn ?? []).length > 0
    if (trigger?.type !== 'inquiry_received' || stops) return []
    const node = {
      id: outline.node('booked' as NodeId) ? 'goal-booked' : 'booked',
      kind: 'goal',
      for: { event: 'contract_signed' },
    }
    return [
      {
        node: trigger,
        message: 'This follows an inquiry but has no goal: it would go on courting a couple who has signed.',
        fix: {
          label: 'Stop when the contract is signed',
          change: [{ op: 'add', path: '/nodes/-', value: node }],
        },
      },
    ]
  },
}

export const staysWhenCancelled: LintRule = {
  code: 'stays_when_cancelled',
  about: 'Only a journey about moved dates goes on when the wedding is cancelled.',
  find: ({ journey, trigger }) => {
    if (journey.onWeddingCancelled !== 'stay' || trigger?.type === 'wedding_date_changed') return []
    return [
      {
        node: null,
        inside: ['onWeddingCancelled'],
        message: 'This would go on writing to a couple whose wedding is cancelled.',
        fix: { label: 'Leave when it is cancelled', change: [{ op: 'remove', path: '/onWeddingCancelled' }] },
      },
    ]
  },
}

export const startsAgain: LintRule = {
  code: 'starts_again',
  about: 'What a journey changes does not start the same journey again.',
  find: (outline) => {
    const { trigger, journey, registry } = outline
    const type = trigger && registry.triggers.get(trigger.type)
    const config = trigger?.config ?? {}
    if (!type?.matches || journey.reentry === 'never' || !type.config.safeParse(config).success) return []
    return actionsOf(outline).flatMap(({ node, act }) => {
      const event = eventOf(act)
      if (!event || event.type !== type.listensTo || !type.matches!(config, event).matches) return []
      return [
        {
          node,
          message: `${called(node)} causes just what this journey begins with, so each round would begin the next. Choose another trigger, or let couples enter once.`,
        },
      ]
    })
  },
}

function eventOf(act: Action): { type: string; data: { [key: string]: string | boolean } } | null {
  if ('setStage' in act) return { type: 'stage_changed', data: { to: act.setStage } }
  if ('addTag' in act) return { type: 'tag_changed', data: { tag: act.addTag, added: true } }
  if ('removeTag' in act) return { type: 'tag_changed', data: { tag: act.removeTag, added: false } }
  return null
}
