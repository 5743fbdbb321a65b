import type { RunId, VendorId } from '../core/ids.ts'
import { returnedWhy, sayReturned } from '../core/returned-mail.ts'
import { isPromise, type Promised, promisesIn } from '../core/run/promises.ts'
import { titleOf } from '../core/run/step-title.ts'
import { zoneOfStep } from '../core/run/step-zone.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import type { Sql } from '../ports.ts'
import { messagesOfRuns, type SentLine } from '../store/run-pages.ts'
import type { Engine } from './engine.ts'
import { explainRuns, type Names, type Told } from './timeline.ts'

/** What one couple was promised, as the log tells it and what came back of the mail; and how much is still ahead. */
export type PromiseRow = Promised & {
  readonly run: RunId
  readonly journey: string
  readonly name: string
  readonly kind: 'message' | 'task'
  readonly type: string | null
  readonly zone: Zone
}

export async function promisesOf(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  runs: readonly RunId[],
  names: Names,
): Promise<{ readonly items: readonly PromiseRow[]; readonly ahead: number }> {
  const [told, sent] = await Promise.all([
    explainRuns(engine, sql, now, vendor, runs, names),
    messagesOfRuns(sql, vendor, runs),
  ])
  const byRun = Map.groupBy(sent, (one) => one.run_id)
  const items = told.flatMap(({ loaded: { graph, run, view }, log, teller }) =>
    promisesIn(graph, run, log, teller).map((one): PromiseRow => {
      const node = graph.node(one.node)!
      const messages = (byRun.get(run.id) ?? []).filter(
        (message) => message.node === one.node && message.visit === one.visit,
      )
      return {
        ...cameBack(one, messages),
        run: run.id,
        journey: graph.journey.name,
        name: titleOf(node),
        kind: node.kind === 'module' ? 'message' : 'task',
        type: node.kind === 'module' ? node.type : null,
        zone: zoneOfStep(graph, one.node, view),
      }
    }),
  )
  return {
    items: items.sort((a, b) => a.at - b.at),
    ahead: told.reduce((sum, one) => sum + aheadOf(one), 0),
  }
}

/** The run went on in good faith; to whom it came back, nothing was delivered. */
function cameBack(one: Promised, messages: readonly SentLine[]): Promised {
  const back = messages.flatMap(({ cause }) => returnedWhy(cause) ?? [])
  const [why] = back
  if (why === undefined || (one.verdict !== 'kept' && one.verdict !== 'late')) return one
  const some = back.length < messages.length
  const sentence = `${some ? 'To one of them it' : 'It'} was sent and came back: ${sayReturned(why)}.`
  return some
    ? { ...one, sentence: one.sentence === null ? sentence : `${one.sentence} ${sentence}` }
    : { ...one, verdict: 'not_delivered', lateMs: null, sentence }
}

/** What is foreseen to go or to be asked; what will be left out is no promise. */
function aheadOf({ loaded: { graph }, ahead }: Told): number {
  const coming = ahead.steps.filter(({ node: id, what }) => {
    const node = graph.node(id)
    return node !== undefined && isPromise(node) && what !== 'skip' && what !== 'merge'
  })
  return new Set(coming.map(({ node, visit }) => `${node}|${visit}`)).size
}
