import type { readOutlook, readToday } from '../../../contract/today.ts'
import { returnedWhy, sayReturned } from '../../../core/returned-mail.ts'
import type { Status } from '../../../ui/status.ts'
import type { Bead } from '../../../ui/Thread.tsx'
import type { Seen } from '../../api.ts'
import { inWords } from '../../times.ts'

export type Outlook = Seen<typeof readOutlook>['data']
export type OutlookItem = Outlook['items'][number]
export type TodayFigures = Seen<typeof readToday>['data']

export const BEAD: { readonly [is in OutlookItem['is']]: Bead } = {
  sent: 'done',
  not_sent: 'failed',
  on_its_way: 'planned',
  planned: 'planned',
  held: 'held',
}
export const STANDING: {
  readonly [is in OutlookItem['is']]: { readonly of: Status; readonly says?: string }
} = {
  sent: { of: 'sent' },
  not_sent: { of: 'failed', says: 'Not sent' },
  on_its_way: { of: 'sending', says: 'On its way' },
  planned: { of: 'planned' },
  held: { of: 'held' },
}

const RISK: {
  readonly [risk in TodayFigures['weddings'][number]['risks'][number]['is']]: (count: number) => string
} = {
  undelivered: (count) => `${messages(count)} not delivered`,
  stuck: () => 'a journey stands still',
  overdue: (count) => `${inWords(count)} ${count === 1 ? 'task is' : 'tasks are'} overdue`,
  held: () => 'a journey is held',
  approval: (count) => `${messages(count)} to approve`,
}
const messages = (count: number): string => `${inWords(count)} ${count === 1 ? 'message' : 'messages'}`
export const riskWords = (risks: TodayFigures['weddings'][number]['risks']): string =>
  risks.map(({ is, count }) => RISK[is](count)).join(', ')

/** The seven days from today with what goes out on each, by the business's calendar. */
export type RibbonDay = Outlook['days'][number] & {
  readonly weddings: readonly TodayFigures['weddings'][number][]
}
export const weekOf = (outlook: Outlook, figures: TodayFigures): readonly RibbonDay[] =>
  outlook.days.map((day) => ({ ...day, weddings: figures.weddings.filter(({ on }) => on === day.on) }))

type Facts = { readonly [name: string]: unknown }
const NOTICES: { readonly [code: string]: (facts: Facts, who: string) => string } = {
  stuck: () => 'A journey stands still and nothing will move it by itself',
  engine_error: () => 'Something failed inside while a journey was going on',
  unresolved: () => 'Nobody can say whether a message arrived',
  unknown: () => 'Nobody can say whether a message arrived',
  reply_received: ({ channel }) =>
    channel === 'email'
      ? 'They answered a letter, and it is for you to read'
      : 'They answered a text, and it is for you to read',
  mail_returned: ({ why, dead, old_address: old }, who) =>
    old === true
      ? `A letter to the address ${who} had before came back: write to the new one`
      : dead === true
        ? `${who}’s address does not exist any more: ask for another`
        : `A letter to ${who} came back: ${sayReturned(returnedWhy(`returned_${String(why)}`) ?? 'other')}`,
  mail_complained: (_, who) => `${who} told their mail provider that they do not want your letters`,
  failed_send: () => 'A message could not be sent',
  dead_letters: () => 'Messages could not be delivered',
  tasks_late: () => 'Tasks are overdue',
  deadline_missed: () => 'A deadline has passed',
  late: () => 'A step is late and asks what to do',
  late_skipped: () => 'A step came too late and was left out',
  no_address: ({ channel }, who) =>
    `${who} cannot be written to: no ${channel === 'sms' ? 'phone number' : 'email address'}`,
  no_consent: ({ channel, why }, who) =>
    why === 'dead_address'
      ? `${who} was not written to: nothing arrives at the ${channel === 'sms' ? 'phone number' : 'address'} you have`
      : `${who} has not agreed to ${channel === 'sms' ? 'text messages' : 'emails'} of this kind`,
  suppressed: (_, who) => `${who} is not to be written to`,
  no_recipient: () => 'A message was meant for nobody of this couple',
  approval_timed_out: () => 'Nobody said yes in time, so a message was left out',
  resend_gone: () => 'The date has changed since they were told, and no step tells the new one',
  resend_planned: () => 'A message goes out once more, because the date has changed',
  fuel_spent: () => 'A journey went round too often and was stopped',
  too_many_tokens: () => 'A journey went too many ways at once',
  journey_not_started: () => 'A journey was to be started and was not',
  call_refused: ({ name }) => `What “${String(name)}” sent could not be taken`,
  cause_too_deep: () => 'Journeys set each other off too often; the last change was told to none',
}
/** `who`: the first name of whoever it is about, where it is about somebody. */
export function noticeWords(code: string, facts: Facts, who: string): string {
  const said = facts.message ?? facts.text
  return typeof said === 'string'
    ? said
    : (NOTICES[code]?.(facts, who) ?? `Have a look: ${code.replaceAll('_', ' ')}`)
}
