import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { Explanation } from '../core/run/explain.ts'
import { titleOf } from '../core/run/step-title.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { liveVersions } from '../store/message-pages.ts'
import { runsOfClient } from '../store/run-pages.ts'
import type { Engine } from './engine.ts'
import { firstNamesOf, type NamedClient, namedClientsIn } from './find-clients.ts'
import { fold, type NameIndex } from './name-index.ts'
import { explainRuns } from './timeline.ts'

/**
 * Words somebody looks for a message by: names of the couple, and what the message is called or says in its subject.
 * The texts themselves lie sealed, each with its couple's key, and are not searched; what a journey writes in a subject
 * is known from the journey.
 */
export type Meant = {
  /** Null: of anybody. */
  readonly clients: readonly ClientId[] | null
  /** `journey/node`; null: any message. */
  readonly steps: readonly string[] | null
  /** What told the steps, for whoever searches among them again. */
  readonly stepWords: readonly string[]
}
export const WORDS_MAX = 6
const NOBODY: Meant = { clients: [], steps: [], stepWords: [] }

export const wordsIn = (search: string): readonly string[] =>
  search.split(/\s+/).filter(Boolean).slice(0, WORDS_MAX)

export async function whatIsMeant(
  engine: Engine,
  names: NameIndex,
  vendor: VendorId,
  search: string,
): Promise<Meant> {
  const words = wordsIn(search)
  const [steps, ...found] = await Promise.all([
    engine.db.read('message.steps', { vendors: [vendor] }, (sql) => stepsOf(engine, sql, vendor)),
    names.find(engine, vendor, words),
    ...words.map((word) => names.find(engine, vendor, [word])),
  ])
  const [together = [], ...each] = found
  if (together.length > 0) return { clients: together, steps: null, stepWords: [] }
  const told = words.filter((word) => steps.some((step) => step.text.includes(fold(word))))
  const named = words.filter((word, index) => !told.includes(word) && (each[index]?.length ?? 0) > 0)
  if (told.length + named.length < words.length) return NOBODY
  const folded = told.map(fold)
  return {
    clients: named.length > 0 ? await names.find(engine, vendor, named) : null,
    steps:
      told.length > 0
        ? steps
            .filter(({ text }) => folded.every((word) => text.includes(word)))
            .map(({ journey, node }) => `${journey}/${node}`)
        : null,
    stepWords: told,
  }
}

type Step = { readonly journey: JourneyId; readonly node: string; readonly text: string }

async function stepsOf(engine: Engine, sql: Sql, vendor: VendorId): Promise<Step[]> {
  const versions = await liveVersions(sql, vendor)
  const graphs = await Promise.all(
    versions.map(async ({ journey_id, version }) => ({
      journey: journey_id,
      graph: await engine.graphs.find(sql, vendor, journey_id, version),
    })),
  )
  return graphs.flatMap(({ journey, graph }) =>
    graph.journey.nodes.flatMap((node): Step[] => {
      if (node.kind !== 'module') return []
      const { subject } = node.config
      const text = fold(`${titleOf(node)} ${typeof subject === 'string' ? subject : ''}`)
      return [{ journey, node: node.id, text }]
    }),
  )
}

export type Account = {
  readonly client: NamedClient
  readonly run: RunId
  readonly journey: string
  readonly name: string
  readonly zone: string
  readonly step: Explanation
}
const COUPLES_MAX = 3
const RUNS_MAX = 20
const ACCOUNTS_MAX = 12

/** "Why didn't Mia get the timeline form?": of each couple and step that is meant, the one explanation there is. */
export async function whyOf(
  engine: Engine,
  names: NameIndex,
  vendor: VendorId,
  search: string,
  now: Instant,
): Promise<Account[]> {
  const meant = await whatIsMeant(engine, names, vendor, search)
  if (meant.clients === null || meant.steps === null) return []
  const couples = meant.clients.slice(0, COUPLES_MAX)
  return engine.db.read('message.why', { vendors: [vendor] }, (sql) =>
    accountsOf(engine, sql, vendor, couples, meant.stepWords, now),
  )
}

async function accountsOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  couples: readonly ClientId[],
  stepWords: readonly string[],
  now: Instant,
): Promise<Account[]> {
  const clients = await namedClientsIn(engine, sql, vendor, couples)
  const folded = stepWords.map(fold)
  const accounts: Account[] = []
  for (const client of clients) {
    const runs = (await runsOfClient(sql, vendor, client.client_id, RUNS_MAX)).map((line) => line.run_id)
    for (const { loaded, steps, teller } of await explainRuns(
      engine,
      sql,
      now,
      vendor,
      runs,
      firstNamesOf(client),
    ))
      for (const step of steps) {
        const node = loaded.graph.node(step.node)
        const { subject } = node?.kind === 'module' ? node.config : {}
        const text = node ? fold(`${titleOf(node)} ${typeof subject === 'string' ? subject : ''}`) : ''
        if (node?.kind !== 'module' || !folded.every((word) => text.includes(word))) continue
        accounts.push({
          client,
          run: loaded.run.id,
          journey: loaded.graph.journey.name,
          name: titleOf(node),
          zone: teller.zone,
          step,
        })
      }
  }
  return accounts.slice(0, ACCOUNTS_MAX)
}
