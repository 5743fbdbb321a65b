import type { Described } from './described.ts'

/** The page's order: what a program asks first comes first, what only people do comes last. */
type Chapter = { readonly title: string; readonly about: string; readonly groups: readonly string[] }

const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Events',
    about: 'Tell what happened outside: a journey begins, or goes on, because of it.',
    groups: ['events', 'incoming'],
  },
  {
    title: 'Couples',
    about: 'Who is to be married, how they are reached, and what they agreed to hear.',
    groups: ['clients'],
  },
  {
    title: 'Weddings',
    about: 'The dates that every promise hangs on. Look at what a move would do before it is made.',
    groups: ['weddings'],
  },
  {
    title: 'Journeys',
    about: 'Designed as a draft, checked, looked ahead with, published as versions that never change.',
    groups: ['journeys', 'templates', 'foresight'],
  },
  {
    title: 'Runs',
    about: 'One couple on one journey: where they stand, why, and what a person may do about it.',
    groups: ['runs', 'jobs'],
  },
  {
    title: 'The day’s work',
    about: 'What waits for a person: approvals, tasks, notices, and what could not be sent.',
    groups: ['today', 'approvals', 'tasks', 'notices', 'dead_letters'],
  },
  {
    title: 'Numbers',
    about: 'What has come of it all, in a range of days and in as many before.',
    groups: ['numbers'],
  },
  {
    title: 'Messages',
    about: 'What went out, what will, in which words, by which channel, and who must not be written to.',
    groups: ['messages', 'suppressions', 'channels', 'brand'],
  },
  {
    title: 'Forms',
    about: 'What couples are asked, and what they answered.',
    groups: ['forms', 'form_sendings'],
  },
  {
    title: 'The business',
    about: 'Its settings, its people, its keys, and who changed what.',
    groups: ['vendors', 'members', 'invitations', 'keys', 'audit', 'sample'],
  },
  { title: 'Live updates', about: 'A line that says when to ask again.', groups: ['live'] },
  {
    title: 'Signing in',
    about: 'For people in a browser. Programs use a key and need nothing of this.',
    groups: ['businesses', 'session', 'sessions', 'passwords', 'second_factor'],
  },
]

export type Filled = {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly operations: readonly Described[]
}

/** Each operation in one chapter; a group that no chapter names has one of its own. */
export function chaptersOf(all: readonly Described[]): readonly Filled[] {
  const known = new Set(CHAPTERS.flatMap(({ groups }) => groups))
  const unknown = [...new Set(all.map(({ op }) => op.group))].filter((group) => !known.has(group))
  const chapters = [...CHAPTERS, ...unknown.map((group) => ({ title: group, about: '', groups: [group] }))]
  return chapters
    .map(({ title, about, groups }) => ({
      id: `about-${groups[0]}`,
      title,
      about,
      operations: groups.flatMap((group) => inOrder(all.filter(({ op }) => op.group === group))),
    }))
    .filter(({ operations }) => operations.length > 0)
}

/** What programs alone may do is what they came for. */
const inOrder = (some: readonly Described[]): readonly Described[] => [
  ...some.filter(({ op }) => op.namesItself),
  ...some.filter(({ op }) => !op.namesItself),
]
