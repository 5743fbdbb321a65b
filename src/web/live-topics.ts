import type { Changed, Topic } from '../contract/live.ts'

/** Which answers a topic makes old, by the beginning of their operation's name. */
const OLD: { readonly [topic in Topic]: readonly string[] } = {
  runs: [
    'runs.',
    'clients.timeline',
    'clients.promises',
    'today.',
    'journeys.list',
    'journeys.read',
    'journeys.statistics',
    'journeys.pulse',
    'journeys.flow',
  ],
  messages: ['messages.', 'clients.timeline', 'clients.promises', 'today.', 'journeys.pulse'],
  work: ['approvals.', 'tasks.', 'notices.', 'dead_letters.', 'today.'],
  clients: ['clients.', 'weddings.', 'today.'],
  journeys: ['journeys.'],
  forms: ['forms.list', 'forms.answers', 'forms.unanswered'],
  events: ['events.'],
  jobs: ['jobs.'],
  business: ['vendors.', 'sending.', 'keys.', 'session.'],
  members: ['members.', 'invitations.'],
  audit: ['audit.'],
}
/** Whoever writes in these has their own eye on what others do there. */
const OWN_EYES = ['journeys.draft.']

type Kept = readonly unknown[]

/** Whether this answer may be another now. What names somebody else's is left as it is. */
export function isOld(key: Kept, topic: Topic, changed: Changed): boolean {
  const [op, input] = key
  if (typeof op !== 'string' || OWN_EYES.some((one) => op.startsWith(one))) return false
  return OLD[topic].some((one) => op.startsWith(one)) && !isOfOthers(input, changed)
}

function isOfOthers(input: unknown, { clients, journeys, runs }: Changed): boolean {
  const { params, query } = (input ?? {}) as {
    params?: Record<string, unknown>
    query?: Record<string, unknown>
  }
  const named = { ...query, ...params }
  const others = (ids: readonly string[] | null, id: unknown): boolean =>
    typeof id === 'string' && ids !== null && !ids.includes(id)
  return others(clients, named.client) || others(journeys, named.journey) || others(runs, named.run)
}
