import {
  BookOpen,
  ClipboardList,
  Flag,
  Gift,
  Hourglass,
  Mail,
  MessageSquareMore,
  Shuffle,
  Split,
  SquareCheck,
  Star,
  Timer,
  Video,
  Zap,
} from 'lucide-react'
import type { IconShape } from '../../../ui/Icon.tsx'
import type { Status } from '../../../ui/status.ts'
import type { Bead } from '../../../ui/Thread.tsx'
import { cityOf, dayIn, hereZone, tellMoment } from '../../times.ts'

/** How a step of a journey shows itself: the same sign and the same word wherever one meets it. */
const BY_TYPE: { readonly [type: string]: IconShape } = {
  email: Mail,
  sms: MessageSquareMore,
  form: ClipboardList,
  meeting: Video,
  info: BookOpen,
  review: Star,
  referral: Gift,
}
const BY_KIND: { readonly [kind: string]: IconShape } = {
  module: Mail,
  action: SquareCheck,
  approval: SquareCheck,
  delay: Timer,
  await: Hourglass,
  condition: Split,
  split: Shuffle,
  trigger: Zap,
  goal: Flag,
}
export const stepIcon = (kind: string, type: string | null = null): IconShape =>
  (type === null ? undefined : BY_TYPE[type]) ?? BY_KIND[kind] ?? Zap

export type Sign = { readonly bead: Bead; readonly status: Status; readonly word?: string }
const SIGNS: { readonly [is: string]: Sign } = {
  sent: { bead: 'done', status: 'sent' },
  done: { bead: 'done', status: 'done' },
  not_sent: { bead: 'skipped', status: 'skipped', word: 'Not sent' },
  skipped: { bead: 'skipped', status: 'skipped' },
  failed: { bead: 'failed', status: 'failed' },
  held: { bead: 'held', status: 'held' },
  waiting_for: { bead: 'planned', status: 'waiting' },
  will_be_sent: { bead: 'planned', status: 'planned' },
  not_reached: { bead: 'planned', status: 'planned' },
  send: { bead: 'planned', status: 'planned' },
  change: { bead: 'planned', status: 'planned' },
  wait: { bead: 'planned', status: 'waiting' },
  task: { bead: 'you', status: 'task' },
  approval: { bead: 'you', status: 'approval' },
  skip: { bead: 'skipped', status: 'skipped', word: 'Left out' },
  merge: { bead: 'planned', status: 'moved', word: 'In the next one' },
}
type Because = readonly { readonly code: string }[]
export function signOf(is: string, because: Because = []): Sign {
  const sign = SIGNS[is] ?? { bead: 'planned', status: 'planned' }
  // Planned, but somebody has to say yes first.
  return sign.status === 'planned' && because.some(({ code }) => code === 'approval_asked')
    ? SIGNS.approval!
    : sign
}

/** How a step came to its moment and whom it reaches; that it then also went, and where to, explains nothing. */
const MECHANICS = new Set([
  'left_by',
  'sent',
  'planned',
  'due',
  'waits',
  'ended',
  'entered',
  'approved',
  'forked',
])
export const tellsWhy = ({ code }: { readonly code: string }): boolean => !MECHANICS.has(code)

/** What a couple or the vendor notices; waits and forks are only the way there. */
export const isNoticed = (kind: string): boolean =>
  kind === 'module' || kind === 'action' || kind === 'approval' || kind === 'await'

/** Of what is past, a wait is told when what was waited for came; one that ran out was only the way on. */
export const isTold = ({ kind, because }: { readonly kind: string; readonly because: Because }): boolean =>
  kind === 'await' ? because.some(({ code }) => code === 'woken') : isNoticed(kind)

/** "Thu 17 June 10:00": the year only when it is another one. */
export function tellWhen(iso: string, zone: string, now: string = new Date().toISOString()): string {
  const year = dayIn(new Date(now), hereZone()).slice(0, 4)
  return tellMoment(iso, zone).replace(new RegExp(`,? ${year}(?= )`), '')
}

export const tellWhere = (iso: string, zone: string): string => `${tellWhen(iso, zone)} ${cityOf(zone)}`

/** Whole days from one moment to the other, as calendars count them. */
export function daysBetween(from: string, to: string, zone: string): number {
  const day = (iso: string) => Date.parse(dayIn(new Date(iso), zone))
  return Math.round((day(to) - day(from)) / 86_400_000)
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`
