import type { NodeId } from '../../ids.ts'
import type { SingleWaitRule } from '../../wedding/wait-rule.ts'
import { called, type Outline } from '../outline.ts'
import type { PatchStep } from '../patch.ts'
import { pointerTo } from '../pointer.ts'
import { components } from '../walk.ts'
import { daysIn, offsetOf, rulesOf } from '../written.ts'
import { classOf, type LintRule, messagesOf, pathIn } from './rule.ts'

/** Rules about when. */

export const deadlineMissing: LintRule = {
  code: 'deadline_missing',
  about: 'What matters in the last week before the wedding has a deadline.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const offset = message.when && offsetOf(message.when)
      if (message.deadline || offset?.anchor !== 'wedding' || offset.days > 0 || offset.days < -7) return []
      const matters = message.asksForAnswer || message.band || classOf(outline, message) === 'transactional'
      if (!matters) return []
      const days = Math.ceil(-offset.days / 2)
      const value = { before: { days }, of: 'wedding', at: days === 0 ? '08:00' : '18:00' }
      return [
        {
          node: message,
          message: `${called(message)} matters shortly before the wedding, but has no deadline: when it cannot go in time, nobody would be told.`,
          fix: {
            label:
              days === 0
                ? 'Due by 08:00 on the day'
                : `Due ${days} ${days === 1 ? 'day' : 'days'} before the wedding`,
            change: [{ op: 'add' as const, path: pathIn(outline, message, 'deadline'), value }],
          },
        },
      ]
    }),
}

export const deadlineTooEarly: LintRule = {
  code: 'deadline_too_early',
  about: 'A deadline does not lie before the moment itself.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const offset = message.when && offsetOf(message.when)
      const limit = message.deadline && offsetOf(message.deadline)
      if (!offset || !limit || offset.anchor !== limit.anchor || limit.days >= offset.days) return []
      return [
        {
          node: message,
          message: `${called(message)} is due before it is planned, so it could never go as planned. Correct one of the two.`,
          inside: ['deadline'],
        },
      ]
    }),
}

export const onWeddingDay: LintRule = {
  code: 'on_wedding_day',
  about: 'On the wedding day only what is critical is written.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const offset = message.when && offsetOf(message.when)
      if (offset?.anchor !== 'wedding' || Math.abs(offset.days) >= 1 || message.band === 'critical') return []
      return [
        {
          node: message,
          message: `${called(message)} would arrive on the wedding day itself. Move it, or make it critical if it must.`,
        },
      ]
    }),
}

export const weekendForBusiness: LintRule = {
  code: 'weekend_for_business',
  about: 'Other businesses are written to on their working days.',
  find: (outline) => {
    const eachIsVendor = outline.journey.nodes.some((node) => node.kind === 'fork' && node.each === 'vendor')
    return messagesOf(outline).flatMap((message) => {
      const { to } = message
      const isBusiness =
        to === 'planner' || (to === 'each' && eachIsVendor) || (typeof to === 'object' && 'vendorOf' in to)
      const offset = message.when && offsetOf(message.when)
      if (!isBusiness || message.windows?.businessDay || offset?.anchor !== 'wedding') return []
      // Counted from a Saturday, as half of all weddings are: 0 is Saturday again, 1 is Sunday.
      const day = ((offset.days % 7) + 7) % 7
      if (day !== 0 && day !== 1) return []
      const value = offset.days < 0 ? 'earlier' : 'later'
      const path = pathIn(outline, message, 'windows')
      const change: PatchStep = message.windows
        ? { op: 'add', path: `${path}/businessDay`, value }
        : { op: 'add', path, value: { businessDay: value } }
      const name = day === 0 ? 'Saturday' : 'Sunday'
      return [
        {
          node: message,
          message: `${called(message)} goes to another business, for a Saturday wedding on a ${name}. Let it go on a working day.`,
          fix: { label: `On the working day ${value === 'earlier' ? 'before' : 'after'}`, change: [change] },
        },
      ]
    })
  },
}

export const smsAtNight: LintRule = {
  code: 'sms_at_night',
  about: 'A text message is planned between eight in the morning and eight in the evening.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const rule = message.when
      const at = rule && ('next' in rule ? rule.next : rule.at)
      if (outline.moduleType(message)?.channel !== 'sms' || !at || (at >= '08:00' && at < '20:00')) return []
      const path = pathIn(outline, message, 'when', rule && 'next' in rule ? 'next' : 'at')
      return [
        {
          node: message,
          message: `${called(message)} is planned for ${at}, outside the hours in which a text message may be sent.`,
          fix: { label: 'Send it at 10:00', change: [{ op: 'replace' as const, path, value: '10:00' }] },
        },
      ]
    }),
}

export const delayBeforeMessage: LintRule = {
  code: 'delay_before_message',
  about: 'A message carries its own moment instead of standing behind a delay.',
  find: (outline) => {
    const messages = new Map<NodeId, ReturnType<typeof messagesOf>[number]>(
      messagesOf(outline).map((message) => [message.id, message]),
    )
    return outline.journey.nodes.flatMap((delay) => {
      if (delay.kind !== 'delay' || 'every' in delay.wait) return []
      const [way, ...more] = outline.ways(delay.id)
      const message = way && messages.get(way.to)
      if (!way || !message || more.length > 0 || message.when || outline.into(message.id).length !== 1)
        return []
      const node = (key: string): string => pathIn(outline, message, key)
      const change: PatchStep[] = [
        { op: 'add', path: node('when'), value: delay.wait },
        ...(delay.late && !message.late
          ? [{ op: 'add' as const, path: node('late'), value: delay.late }]
          : []),
        ...(delay.move && !message.move
          ? [{ op: 'add' as const, path: node('move'), value: delay.move }]
          : []),
        ...outline.into(delay.id).map((into) => ({
          op: 'replace' as const,
          path: pointerTo('edges', into.index, 'to'),
          value: message.id,
        })),
        { op: 'remove', path: pointerTo('edges', way.index) },
        { op: 'remove', path: pathIn(outline, delay) },
      ]
      return [
        {
          node: delay,
          message: `${called(delay)} only holds back ${called(message)}. As the message's own moment it would know deadlines, quiet hours and late bookings.`,
          fix: { label: `Give the moment to ${called(message)}`, change },
        },
      ]
    })
  },
}

export const emptyWait: LintRule = {
  code: 'empty_wait',
  about: 'A wait waits, and a timeout leaves time.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) =>
      rulesOf(node)
        .filter(({ rule, use }) => (use === 'wait' || use === 'timeout') && isNothing(rule as SingleWaitRule))
        .map(({ inside, use }) => ({
          node,
          inside,
          message:
            use === 'wait'
              ? `${called(node)} waits for no time at all. Remove it, or give it some.`
              : `${called(node)} gives up at once, before anybody can answer. Give it some days.`,
        })),
    ),
}
const isNothing = (rule: SingleWaitRule): boolean =>
  'after' in rule && (rule.of ?? 'now') === 'now' && rule.at === undefined && daysIn(rule.after) === 0

export const gateWithoutDue: LintRule = {
  code: 'gate_without_due',
  about: 'A task that holds the journey says by when it is done.',
  find: (outline) =>
    outline.journey.nodes.flatMap((node) => {
      if (node.kind !== 'action' || !('task' in node.do) || !node.do.task.gate || node.do.task.due) return []
      const path = pathIn(outline, node, 'do', 'task', 'due')
      return [
        {
          node,
          message: `${called(node)} holds the couple until somebody has done it, but has no due date. It could be forgotten for ever.`,
          fix: {
            label: 'Due in 3 days',
            change: [{ op: 'add' as const, path, value: { after: { days: 3 } } }],
          },
        },
      ]
    }),
}

export const timesBackwards: LintRule = {
  code: 'times_backwards',
  about: 'What comes later in the journey does not lie earlier before the wedding.',
  find: (outline) => {
    const earliest = earliestArrivals(outline)
    return outline.journey.nodes.flatMap((node) => {
      const own = weddingOffset(outline, node.id)
      const arrives = earliest.get(node.id) ?? Number.NEGATIVE_INFINITY
      if (own === null || arrives - own < 1) return []
      return [
        {
          node,
          message: `${called(node)} lies earlier than the steps before it, so it would always be late. Move it forward, or change its moment.`,
        },
      ]
    })
  },
}

function weddingOffset(outline: Outline, id: NodeId): number | null {
  const node = outline.node(id)
  const written = node && rulesOf(node).find(({ use }) => use === 'wait' || use === 'when')
  const offset = written && offsetOf(written.rule)
  return offset?.anchor === 'wedding' ? offset.days : null
}

/** The day, counted from the wedding, before which no token can come to a node; the least over all ways there. */
function earliestArrivals(outline: Outline): Map<NodeId, number> {
  const arrivals = new Map<NodeId, number>()
  const ids = outline.journey.nodes.map((node) => node.id)
  const parts = components(ids, (id) => outline.ways(id).map((way) => way.to))
  for (const part of parts.reverse()) {
    for (const id of part) {
      const ways = outline.into(id).filter((way) => arrivals.has(way.from))
      const before = ways.map((way) =>
        Math.max(arrivals.get(way.from)!, weddingOffset(outline, way.from) ?? -1e9),
      )
      arrivals.set(id, before.length > 0 ? Math.min(...before) : Number.NEGATIVE_INFINITY)
    }
  }
  return arrivals
}
