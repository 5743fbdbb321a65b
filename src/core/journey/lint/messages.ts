import { called, type Outline } from '../outline.ts'
import { reachable } from '../walk.ts'
import { type Leaf, leaveConditions, leavesOf, offsetOf } from '../written.ts'
import { classOf, type LintRule, type Message, messagesOf, pathIn, samePerson, unasked } from './rule.ts'

/** Rules about what is said to whom. */

export const classMissing: LintRule = {
  code: 'class_missing',
  about: 'A message says whether it is transactional, relationship or marketing.',
  find: (outline) =>
    messagesOf(outline)
      .filter((message) => message.class === undefined)
      .map((message) => {
        const value = classOf(outline, message)
        return {
          node: message,
          message: `${called(message)} does not say what class of message it is. The class decides which consent it needs and when it may go.`,
          fix: {
            label: `Make it ${value}`,
            change: [{ op: 'add', path: pathIn(outline, message, 'class'), value }],
          },
        }
      }),
}

export const lateMissing: LintRule = {
  code: 'late_missing',
  about: 'A message with a moment says what happens when the moment is already past.',
  find: (outline) =>
    messagesOf(outline)
      .filter((message) => message.when !== undefined && message.late === undefined)
      .map((message) => {
        const value = message.deadline ? 'task' : classOf(outline, message) === 'marketing' ? 'skip' : 'merge'
        return {
          node: message,
          message: `${called(message)} does not say what to do for a couple who book after its moment has passed.`,
          fix: {
            label: `When late: ${value}`,
            change: [{ op: 'add', path: pathIn(outline, message, 'late'), value }],
          },
        }
      }),
}

export const reviewUnguarded: LintRule = {
  code: 'review_unguarded',
  about: 'Nobody who has complained is asked for a review or a referral.',
  find: (outline) => {
    const asksForMore = messagesOf(outline).filter(
      (message) =>
        message.type === 'review' ||
        message.type === 'referral' ||
        /\b(review|referral)/.test(spaced(message)),
    )
    if (asksForMore.length === 0 || leavesOnComplaint(outline)) return []
    const free = unasked(outline, isAboutComplaint)
    return asksForMore
      .filter((message) => free.has(message.id))
      .map((message) => ({
        node: message,
        message: `${called(message)} would also go to a couple who has complained. Put a condition on the tag "complaint" before it.`,
      }))
  },
}

const spaced = (message: Message): string =>
  `${message.id} ${message.name ?? ''}`.toLowerCase().replace(/[-_]/g, ' ')
const COMPLAINT = /complain|refund|dispute|unhappy/
const isAboutComplaint = (leaf: Leaf): boolean =>
  ('fact' in leaf && COMPLAINT.test(`${leaf.fact} ${'value' in leaf ? JSON.stringify(leaf.value) : ''}`)) ||
  ('happened' in leaf && COMPLAINT.test(leaf.happened))
const leavesOnComplaint = (outline: Outline): boolean =>
  (outline.journey.leaveOn ?? []).some((leave) => COMPLAINT.test(leave.on.event)) ||
  leaveConditions(outline.journey).some((written) =>
    leavesOf(written).some(({ leaf }) => isAboutComplaint(leaf)),
  )

export const marketingUnasked: LintRule = {
  code: 'marketing_unasked',
  about: 'Marketing goes only where a condition has asked for consent.',
  find: (outline) => {
    const free = unasked(outline, (leaf) => {
      const words = 'fact' in leaf ? `${leaf.fact} ${'value' in leaf ? JSON.stringify(leaf.value) : ''}` : ''
      return /consent|opt_?in/.test(words)
    })
    return messagesOf(outline)
      .filter((message) => classOf(outline, message) === 'marketing' && free.has(message.id))
      .map((message) => ({
        node: message,
        message: `${called(message)} is marketing, and no condition before it asks for consent. Those who have not agreed would be left out silently, one by one.`,
      }))
  },
}

export const marketingInWeddingWeek: LintRule = {
  code: 'marketing_in_wedding_week',
  about: 'Nothing is sold in the week before the wedding.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const offset = message.when && offsetOf(message.when)
      if (classOf(outline, message) !== 'marketing' || offset?.anchor !== 'wedding') return []
      if (offset.days < -7 || offset.days > 1) return []
      return [
        {
          node: message,
          message: `${called(message)} sells something in the wedding week. Move it away from there.`,
        },
      ]
    }),
}

export const bandAfterWedding: LintRule = {
  code: 'band_after_wedding',
  about: 'After the wedding nothing asks to be urgent.',
  find: (outline) =>
    messagesOf(outline).flatMap((message) => {
      const offset = message.when && offsetOf(message.when)
      if (offset?.anchor !== 'wedding' || offset.days <= 0) return []
      if (message.band !== 'critical' && message.band !== 'high') return []
      return [
        {
          node: message,
          message: `${called(message)} asks for the band "${message.band}" after the wedding; it would overtake tomorrow's couple.`,
          fix: {
            label: 'Take the usual band',
            change: [{ op: 'remove' as const, path: pathIn(outline, message, 'band') }],
          },
        },
      ]
    }),
}

export const sameDayTwice: LintRule = {
  code: 'same_day_twice',
  about: 'Nobody gets two planned messages on one day.',
  find: (outline) => {
    const days = new Map<string, Message[]>()
    for (const message of messagesOf(outline)) {
      const offset = message.when && offsetOf(message.when)
      if (!offset) continue
      const key = `${offset.anchor} ${Math.floor(offset.days)}`
      days.set(key, [...(days.get(key) ?? []), message])
    }
    return [...days.values()]
      .filter((sameDay) => sameDay.length > 1)
      .flatMap((sameDay) =>
        sameDay.flatMap((first) => {
          const later = reachable([first.id], (id) => outline.ways(id).map((way) => way.to))
          const second = sameDay.find(
            (one) => one !== first && later.has(one.id) && samePerson(first.to, one.to),
          )
          if (!second) return []
          const message = `${called(first)} and ${called(second)} go to the same person on the same day. Make them one, or move one.`
          return [{ node: second, message }]
        }),
      )
  },
}

export const backToBack: LintRule = {
  code: 'back_to_back',
  about: 'Two messages to one person have time between them.',
  find: (outline) => {
    const messages = new Map(messagesOf(outline).map((message) => [message.id, message]))
    return [...messages.values()].flatMap((first) => {
      const next = outline.ways(first.id).find((way) => way.exit === 'sent')?.to
      const second = next && messages.get(next)
      if (!second || second.when || second.approval || !samePerson(first.to, second.to)) return []
      const message = `${called(second)} follows ${called(first)} in the same minute, to the same person. Give it a moment of its own, or make them one.`
      return [{ node: second, message }]
    })
  },
}
