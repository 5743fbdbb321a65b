import {
  AlarmClock,
  ArrowLeftRight,
  Check,
  CircleDashed,
  CirclePause,
  CircleX,
  Eye,
  Hourglass,
  Layers,
  MailOpen,
  OctagonAlert,
  Pencil,
  Phone,
  Play,
  Reply,
  Send,
  ShieldCheck,
  SignalHigh,
  SignalLow,
  SignalMedium,
  SignalZero,
  SkipForward,
  SquareCheck,
  TriangleAlert,
  X,
} from 'lucide-react'
import type { IconShape } from './Icon.tsx'
import type { Tone } from './tone.ts'

/** One word, one icon and one tone for every state anything can be in. The same on each screen. */
type Sign = { readonly word: string; readonly icon: IconShape; readonly tone: Tone; readonly means: string }
const sign = (word: string, icon: IconShape, tone: Tone, means: string): Sign => ({ word, icon, tone, means })

export const STATUS = {
  planned: sign('Planned', CircleDashed, 'plan', 'will go, by rule'),
  waiting: sign('Waiting', Hourglass, 'quiet', 'for an answer'),
  approval: sign('Needs approval', Eye, 'primary', 'read it first'),
  task: sign('Task', SquareCheck, 'primary', 'a person acts'),
  sending: sign('Sending', Send, 'primary', 'in hand'),
  sent: sign('Sent', Check, 'success', 'accepted'),
  delivered: sign('Delivered', Check, 'success', 'arrived'),
  opened: sign('Opened', MailOpen, 'success', 'seen'),
  answered: sign('Answered', Reply, 'success', 'they acted'),
  done: sign('Done', Check, 'success', 'step over'),
  skipped: sign('Skipped', SkipForward, 'quiet', 'on purpose'),
  moved: sign('Moved', ArrowLeftRight, 'plan', 'date or day'),
  snoozed: sign('Snoozed', AlarmClock, 'held', 'until a date'),
  held: sign('Held', CirclePause, 'held', 'a hand on it'),
  cancelled: sign('Cancelled', X, 'quiet', 'by a person'),
  safe: sign('Safe', ShieldCheck, 'success', 'before deadline'),
  risk: sign('At risk', TriangleAlert, 'warning', 'a look'),
  call: sign('Call needed', Phone, 'danger', 'you, now'),
  missed: sign('Missed', OctagonAlert, 'danger', 'deadline gone'),
  failed: sign('Failed', CircleX, 'danger', 'with a cause'),
  draft: sign('Draft', Pencil, 'quiet', 'journey'),
  active: sign('Active', Play, 'success', 'journey, run'),
  paused: sign('Paused', CirclePause, 'held', 'journey, run'),
  archived: sign('Archived', Layers, 'quiet', 'journey'),
  goes: sign('Goes', Check, 'plan', 'in simulation'),
  critical: sign('Critical', SignalHigh, 'danger', '0 to 1 days'),
  high: sign('High', SignalMedium, 'warning', '2 to 7 days'),
  medium: sign('Medium', SignalLow, 'plan', '8 to 30 days'),
  low: sign('Low', SignalZero, 'quiet', 'more'),
  paid: sign('Paid', Check, 'success', 'money'),
} as const satisfies { readonly [name: string]: Sign }

export type Status = keyof typeof STATUS
