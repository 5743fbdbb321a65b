import type { Json } from '../ids.ts'
import type { Decision, DecisionCode } from './decision.ts'
import { type Teller, tellAnchor, tellEvent, tellPerson, tellReasons, tellRule, tellWhen } from './teller.ts'

/**
 * Every decision in one plain sentence, the person first and the reason in the same breath. The record is
 * exhaustive: a new code does not compile without its sentence.
 */
export type Values = { readonly [key: string]: Json }
// Old logs must stay readable: a sentence holds together even where a value is missing.
export const sentenceOf = (decision: Pick<Decision, 'code' | 'values'>, teller: Teller): string =>
  SENTENCES[decision.code](decision.values ?? {}, teller)

export const SENTENCES: { readonly [Code in DecisionCode]: (values: Values, teller: Teller) => string } = {
  // the run
  started: ({ event }) =>
    event === undefined ? 'The journey began.' : `The journey began with ${tellEvent(event)}.`,
  completed: () => 'The journey has come to its end.',
  failed: () => 'The journey has failed and stands still.',
  cancelled: () => 'The journey was ended early.',
  yielded: () => 'There was a lot to do at once; the journey goes on in the next moment.',
  goal_reached: () => 'The goal of the journey is reached, so nothing more is sent.',
  left: ({ on }) =>
    on === 'wedding_cancelled'
      ? 'The wedding is cancelled, so the journey ends.'
      : `The journey ends because ${tellEvent(on)} came.`,
  trigger_filter_failed: ({ why }) => because('The journey did not begin', tellReasons(why)),
  held: ({ reason }) => `Nothing new starts: ${holdInWords(reason)}.`,
  released: ({ reason }) =>
    reason === 'wedding_cancelled'
      ? 'The wedding takes place after all, so the journey goes on.'
      : `The journey goes on: it is no longer so that ${holdInWords(reason)}.`,
  paused: () => 'A person has paused the journey.',
  resumed: () => 'A person has let the journey go on.',
  // steps
  entered: () => 'The couple came to this step.',
  left_by: ({ exit, to }) =>
    to === null ? 'This path ends here.' : `The way on from here was "${wordsOf(exit)}".`,
  ended: () => 'This path ends here.',
  case_chosen: ({ exit, why }) => because(`The way "${wordsOf(exit)}" was taken`, tellReasons(why)),
  otherwise_chosen: ({ why }) => because('None of the cases held', tellReasons(why)),
  arm_chosen: ({ exit }) => `By an even draw, this couple goes the way "${wordsOf(exit)}".`,
  forked: ({ arms }) =>
    arms === 0
      ? 'There was nobody to do this for.'
      : `From here ${counted(arms, 'branch', 'branches')} ${arms === 1 ? 'goes' : 'go'} on side by side.`,
  arm_queued: ({ waiting }) => `${counted(waiting, 'branch waits', 'branches wait')} for a free place.`,
  joined: ({ mode }) =>
    mode === 'first' ? 'The first branch has arrived; the others end.' : 'All branches have arrived.',
  join_waits: () => 'This branch waits here for the others.',
  arm_cancelled: ({ why }) =>
    why === 'other_arm_jumped'
      ? 'Another branch was sent on past where they meet, so this one ended.'
      : 'Another branch arrived first, so this one ended.',
  changed: ({ what }) => CHANGES[String(what)] ?? 'The couple’s record was changed.',
  repeat_done: ({ until }) =>
    until === undefined
      ? 'It has been repeated as often as it should be.'
      : 'The time for repeating it is over.',
  // the chain of a wait
  nominal: ({ rule, to }, teller) => {
    const phrase = tellRule(rule)
    return phrase === null
      ? `It is planned for ${tellWhen(to, teller)}.`
      : `The rule is "${phrase}": ${tellWhen(to, teller)}.`
  },
  anchor_unknown: ({ anchor }) => `It waits because ${tellAnchor(anchor)} has no date yet.`,
  late: ({ nominal }, teller) => `Its moment, ${tellWhen(nominal, teller)}, was already past.`,
  late_skipped: ({ nominal, over }, teller) =>
    over === true
      ? `It was left out: its moment, ${tellWhen(nominal, teller)}, was past, and so is what it was meant for.`
      : nominal === undefined
        ? 'It was left out because it came too late.'
        : `It was left out because its moment, ${tellWhen(nominal, teller)}, was already past.`,
  late_sent_now: ({ to }, teller) => `Its moment was past, so it goes at once: ${tellWhen(to, teller)}.`,
  late_merged: () => 'Its moment was past, so it is told inside the next message.',
  late_compressed: ({ to }, teller) =>
    `Its moment was past and they had another late message that day, so it goes on ${tellWhen(to, teller)}.`,
  overtaken: ({ by }) => `"${wordsOf(by)}" has to be there sooner, so that goes first.`,
  late_task: () => 'Its moment was past, so a person sees to it.',
  late_until_undo: ({ until }, teller) =>
    `The move put it in the past; what becomes of it is decided at ${tellWhen(until, teller)}, when the move can no longer be undone.`,
  free_day: ({ from, to }, teller) =>
    `You work a wedding on ${dayIn(from, teller)}, so it goes on ${tellWhen(to, teller)}.`,
  business_day: ({ from, to }, teller) =>
    `${upper(dayIn(from, teller))} is no working day, so it goes on ${tellWhen(to, teller)}.`,
  quiet_hours: ({ from, to, open }, teller) =>
    `${upper(tellWhen(from, teller))} lies outside the hours they are written to${typeof open === 'string' ? ` (${open})` : ''}, so it goes at ${tellWhen(to, teller)}.`,
  quiet_skipped: ({ at }, teller) =>
    `It was left out because ${tellWhen(at, teller)} lies outside the hours they are written to.`,
  capped: (values, teller) => `${capInWords(values)}, so it goes on ${tellWhen(values.to, teller)}.`,
  cap_merged: (values) => `${capInWords(values)}, so it is told inside the next one.`,
  cap_skipped: (values) => `${capInWords(values)}, so it was left out.`,
  deadline_wins: ({ to, over, deadline }, teller) =>
    `It must be there by ${tellWhen(deadline, teller)}, so it goes on ${tellWhen(to, teller)} ${windowsGivenUp(over)}.`,
  deadline_missed: ({ deadline }, teller) => `Its last moment, ${tellWhen(deadline, teller)}, has passed.`,
  windows_unsettled: () => 'No day and hour fits all the rules, so a person sees to it.',
  waits: ({ until }, teller) => `It waits until ${tellWhen(until, teller)}.`,
  waits_for_event: ({ event, until }, teller) =>
    until === null || until === undefined
      ? `It waits for ${tellEvent(event)}.`
      : `It waits for ${tellEvent(event)}, at most until ${tellWhen(until, teller)}.`,
  due: ({ due }, teller) => `Its moment came: ${tellWhen(due, teller)}.`,
  outage_late: ({ due, at, outcome }, teller) =>
    `The service was down at ${tellWhen(due, teller)} and back at ${tellWhen(at, teller)}${outcome === 'task' ? ', too late to go by itself' : ''}.`,
  woken: ({ type, event, past }) =>
    `${upper(tellEvent(type ?? event))} ${past === true ? 'had come already' : 'came'}.`,
  timed_out: ({ until }, teller) => `Nothing came until ${tellWhen(until, teller)}.`,
  // messages
  planned: ({ to }, teller) => `It goes to ${tellPerson(to, teller)}.`,
  merged_in: () => 'It was told inside another message.',
  no_recipient: () => 'Nobody of this couple is meant by this step.',
  no_address: ({ to, channel }, teller) =>
    `${upper(tellPerson(to, teller))} has no ${channel === 'sms' ? 'phone number' : 'email address'}.`,
  no_consent: ({ to, channel, why }, teller) =>
    why === 'dead_address'
      ? `Nothing arrives at ${tellPerson(to, teller)}’s ${channel === 'sms' ? 'phone number' : 'email address'} any more; ask for another.`
      : `${upper(tellPerson(to, teller))} has not agreed to ${channel === 'sms' ? 'text messages' : 'emails'} of this kind.`,
  suppressed: ({ cause }) =>
    cause === 'no_consent'
      ? 'It was withdrawn: they do not want to hear this any more.'
      : cause === 'dead_address'
        ? 'It was withdrawn: nothing arrives at this address any more.'
        : `It was held back: ${wordsOf(cause)}.`,
  sent: ({ effect }, teller) => `It was sent to ${tellPerson(recipientIn(effect), teller)}.`,
  refused: ({ cause }) => `It was refused: ${wordsOf(cause)}.`,
  failed_step: ({ cause }) => FAILURES[String(cause)] ?? `It could not be done: ${wordsOf(cause)}.`,
  unresolved: ({ cause }) => `Nobody can know whether it arrived: ${wordsOf(cause)}.`,
  cancelled_effect: () => 'It was taken back before it left.',
  resend_planned: ({ anchor }) =>
    `${upper(tellAnchor(anchor))} has changed since it was sent, so it goes out once more as updated.`,
  resend_gone: ({ anchor, step }) =>
    `${upper(tellAnchor(anchor))} has changed since "${wordsOf(step)}" told the old one; this version has no such step, so somebody must tell the couple.`,
  approval_asked: ({ role, until }, teller) =>
    until === null || until === undefined
      ? `${askedWords(role)} is asked first.`
      : `${askedWords(role)} is asked first, until ${tellWhen(until, teller)}.`,
  approved: ({ by }) => `${whoDid(by)} said yes.`,
  approval_skipped: ({ by }) => `${whoDid(by)} said no, so it was left out.`,
  approval_timed_out: ({ until }, teller) => `Nobody said yes or no until ${tellWhen(until, teller)}.`,
  task_opened: ({ why }) => TASKS[String(why)] ?? 'A task was opened.',
  task_done: ({ by }) => `${whoDid(by)} did the task.`,
  // moved dates and versions
  stays: ({ at, to }, teller) => `The change left it where it was: ${tellWhen(at ?? to, teller)}.`,
  moves: ({ from, to, stale, why }, teller) =>
    stale === true
      ? 'The date moved before it left, so it was planned anew.'
      : plannedAnew(why) !== null
        ? `It was planned anew because ${plannedAnew(why)}: from ${tellWhen(from, teller)} to ${tellWhen(to, teller)}.`
        : `The change moved it from ${tellWhen(from, teller)} to ${tellWhen(to, teller)}.`,
  needs_you: ({ from, why }, teller) =>
    `${why === 'hours_changed' ? 'Your hours or days have changed' : 'The date moved'}; a person decides whether it stays at ${tellWhen(from, teller)}.`,
  parked: ({ anchor }) => `It waits because ${tellAnchor(anchor)} has no date yet.`,
  unparked: ({ anchor }) => `${upper(tellAnchor(anchor))} has a date again.`,
  migrated: ({ to }) => `The couple went over to version ${String(to ?? 'that is newer')} of the journey.`,
  redirected: ({ from }) =>
    `The step ${String(from ?? 'before')} is gone in the new version, so they went on here.`,
  // commands
  edited: ({ by, step }) => `${whoDid(by)} changed the words of "${wordsOf(step)}" for this couple.`,
  snoozed: ({ by, until }, teller) => `${whoDid(by)} put it off until ${tellWhen(until, teller)}.`,
  skipped_by_person: ({ by }) => `${whoDid(by)} left it out.`,
  kept_by_person: ({ by, at }, teller) =>
    `${whoDid(by)} kept it at ${tellWhen(at, teller)}, wherever the date has gone.`,
  done_now: ({ by }) => `${whoDid(by)} had it done at once.`,
  jumped: ({ by }) => `${whoDid(by)} moved the couple elsewhere.`,
  stopped: ({ by, reason }) =>
    `${whoDid(by)} stopped the journey${typeof reason === 'string' && reason !== '' ? `: ${wordsOf(reason)}` : ''}.`,
  restarted: () => 'The journey began anew.',
  retried: ({ by }) => `${whoDid(by)} had it tried again.`,
  edited_once: ({ by }) => `${whoDid(by)} changed this one message.`,
  undone: ({ by }) => `${whoDid(by)} took the last change back.`,
  // trouble
  stuck: ({ message, code }) =>
    typeof message === 'string' ? `It cannot go on: ${message}` : `It cannot go on: ${wordsOf(code)}.`,
  ignored_event: ({ why }) =>
    typeof why === 'string' ? why : 'Something came that no longer concerned anybody.',
  fuel_spent: ({ stepsMax }) =>
    `The journey took more than the ${typeof stepsMax === 'number' ? `${stepsMax} ` : ''}steps it may take and was stopped.`,
}

/** The last part of an effect's name is who it is for. */
const recipientIn = (effect: Json | undefined): string | undefined =>
  typeof effect === 'string' ? effect.slice(effect.lastIndexOf('|') + 1) : undefined

const because = (what: string, why: string): string => (why === '' ? `${what}.` : `${what} because ${why}.`)
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const wordsOf = (code: Json | undefined): string =>
  typeof code === 'string' ? code.replaceAll('_', ' ') : 'no reason was given'
const counted = (count: Json | undefined, one: string, many: string): string =>
  `${String(count ?? 0)} ${count === 1 ? one : many}`

const askedWords = (role: Json | undefined): string =>
  role === 'owner' ? 'The owner' : role === 'manager' ? 'A manager' : 'Somebody of you'

/** The day of a moment, without its hour. */
const dayIn = (value: Json | undefined, teller: Teller): string =>
  tellWhen(value, teller).replace(/ \d{2}:\d{2} .*$/, '')

/** What of the world of dates is another now, as the end of a sentence. */
export function plannedAnew(why: Json | undefined): string | null {
  switch (why) {
    case 'calendar':
      return 'the business’s hours or days changed'
    case 'zone_data':
      return 'the clocks of that place have new rules'
    default:
      return null
  }
}

/** Members are told by their role; a journey that commands another is no person. */
export function whoDid(by: Json | undefined): string {
  if (typeof by !== 'string') return 'Somebody'
  if (by.startsWith('run:')) return 'Another journey'
  const role = by.startsWith('member:') ? by.slice('member:'.length) : by
  return role === 'owner' ? 'The owner' : role === 'manager' ? 'A manager' : 'A member'
}

export function holdInWords(reason: Json | undefined): string {
  const own = typeof reason === 'string' ? reason.replace(/^hold:/, '') : ''
  switch (own) {
    case 'paused':
      return 'a person has paused the journey'
    case 'everything':
      return 'you have held everything'
    case 'reply':
    case 'conversation':
      return 'they have written back'
    case 'date_moved':
      return 'their date is moving'
    case 'wedding_cancelled':
      return 'the wedding is cancelled, and the journey ends once that can no longer be taken back'
    default:
      return own === '' ? 'the journey is held' : `the journey is held (${own.replaceAll('_', ' ')})`
  }
}

function capInWords({ max, windowHours }: Values): string {
  if (typeof max !== 'number' || typeof windowHours !== 'number') return 'They have heard enough from you'
  const hours = Number(windowHours)
  const span = hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`
  return `They hear from you at most ${max === 1 ? 'once' : `${String(max)} times`} in ${span}`
}

const WINDOWS: { readonly [name: string]: string } = {
  free_day: 'although you work a wedding that day',
  business_day: 'although that is no working day',
  quiet_hours: 'although that is outside their hours',
  cap: 'although they have heard from you lately',
}

function windowsGivenUp(over: Json | undefined): string {
  if (!Array.isArray(over) || over.length === 0) return 'instead'
  return (over as readonly Json[]).map((one) => WINDOWS[String(one)] ?? wordsOf(one)).join(' and ')
}

const CHANGES: { readonly [what: string]: string } = {
  setStage: 'The couple’s stage was set.',
  addTag: 'A tag was added.',
  removeTag: 'A tag was removed.',
  setField: 'A field was filled in.',
  startJourney: 'Another journey was started.',
  stopJourney: 'Another journey was stopped.',
  holdJourneys: 'The couple’s other journeys are held.',
  releaseJourneys: 'The couple’s other journeys go on.',
}

const FAILURES: { readonly [cause: string]: string } = {
  no_recipient: 'It was not sent because nobody of this couple is meant by it.',
  nobody_reachable: 'It was not sent because nobody it is meant for can be reached.',
  suppressed: 'It was not sent because the address refuses mail.',
  failed: 'It was not sent because it was refused.',
}

const TASKS: { readonly [why: string]: string } = {
  journey: 'A task was opened, as the journey says.',
  late_task: 'Its moment was past, so a task was opened for a person.',
  deadline_missed: 'Its last moment had passed, so a task was opened for a person.',
  outage_late: 'The service was down too long, so a task was opened for a person.',
  date_moved: 'The date moved, so a task asks a person what becomes of it.',
  hours_changed: 'Your hours or days changed, so a task asks a person what becomes of it.',
  nobody_reachable: 'Nobody could be reached, so a task was opened for a person.',
  no_recipient: 'Nobody is meant by it, so a task was opened for a person.',
}
