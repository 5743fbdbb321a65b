import type { Changed, Topic } from '../../contract/live.ts'
import { type ChangeLine, LINES_MAX } from '../../store/live.ts'

/** Which topics a committed change is of. What is not known here is of every topic: rather once too often. */
const OF_A_RUN: readonly Topic[] = ['runs', 'messages', 'work']
const OF_ACTION: readonly (readonly [RegExp, readonly Topic[]])[] = [
  [/^client\./, ['clients']],
  [/^wedding\./, ['clients', ...OF_A_RUN]],
  [/^(runs?|approval|task|notice|message|dead_letter)\./, OF_A_RUN],
  [/^journey\.(draft|added)/, ['journeys']],
  [/^form\./, ['forms']],
  [/^journey\./, ['journeys', 'runs']],
  [/^(member|invitation)\./, ['members']],
  [/^(vendor|key)\./, ['business']],
  [/^job\./, ['jobs']],
]
const EVERYTHING: readonly Topic[] = [
  'clients',
  ...OF_A_RUN,
  'journeys',
  'forms',
  'events',
  'jobs',
  'business',
  'members',
]

export function topicsOf(line: ChangeLine): readonly Topic[] {
  switch (line.source) {
    case 'turn':
      return OF_A_RUN
    case 'event':
      return ['events', 'clients']
    case 'notice':
      return ['work']
    case 'job':
      // Taking a job back writes inside savepoints, under numbers that no snapshot knows: its progress tells of them.
      return ['jobs', 'clients', ...OF_A_RUN]
    case 'audit': {
      const known = OF_ACTION.find(([action]) => action.test(line.said ?? ''))
      return ['audit', ...(known?.[1] ?? EVERYTHING)]
    }
  }
}

/** Whose a change is, as far as it says; a kind it says nothing of may be anybody's. */
type Kind = 'clients' | 'journeys' | 'runs'
const KINDS: readonly Kind[] = ['clients', 'journeys', 'runs']
type Whose = { readonly [kind in Kind]: readonly string[] | null }
const ANYBODY: Whose = { clients: null, journeys: null, runs: null }
const NOBODY: Whose = { clients: [], journeys: [], runs: [] }

function whoseIs(line: ChangeLine, turned: ReadonlySet<string>): Whose {
  const one = (id: string | null): readonly string[] => (id === null ? [] : [id])
  switch (line.source) {
    case 'turn':
      return { clients: one(line.client_id), journeys: one(line.journey_id), runs: one(line.run_id) }
    case 'event':
      return { ...NOBODY, clients: one(line.client_id) }
    case 'notice':
      return { ...ANYBODY, runs: one(line.run_id) }
    case 'job':
      return ANYBODY
    case 'audit': {
      const said = line.said ?? ''
      if (/^client\./.test(said)) return { ...NOBODY, clients: one(line.subject) }
      if (/^(run|approval|task)\./.test(said))
        return turned.has(line.subject ?? '') ? NOBODY : { ...ANYBODY, runs: one(line.subject) }
      return /^journey\./.test(said) ? { ...ANYBODY, journeys: one(line.subject) } : ANYBODY
    }
  }
}

/** Named one by one up to this many; more are "many". */
export const NAMED_MAX = 50

export type Told = ReadonlyMap<Topic, Changed>

/** What to tell of these lines, whoever may hear it. */
export function toldOf(lines: readonly ChangeLine[]): Told {
  const turned = new Set(lines.flatMap(({ source, run_id }) => (source === 'turn' && run_id ? [run_id] : [])))
  const bySource = Map.groupBy(lines, ({ source }) => source)
  const isCut = (line: ChangeLine): boolean => (bySource.get(line.source)?.length ?? 0) >= LINES_MAX
  const heard = new Map<Topic, Whose[]>()
  for (const line of lines) {
    const whose = isCut(line) ? ANYBODY : whoseIs(line, turned)
    for (const topic of topicsOf(line)) {
      const all = heard.get(topic)
      if (all) all.push(whose)
      else heard.set(topic, [whose])
    }
  }
  return new Map([...heard].map(([topic, all]) => [topic, together(all)]))
}

function together(all: readonly Whose[]): Changed {
  const named = KINDS.map((kind) => {
    const ids = new Set<string>()
    for (const { [kind]: some } of all) {
      if (some === null) return [kind, null] as const
      for (const id of some) ids.add(id)
    }
    return [kind, ids.size > NAMED_MAX ? null : [...ids]] as const
  })
  return Object.fromEntries(named) as Changed
}
