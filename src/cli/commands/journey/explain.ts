import type { Command } from 'commander'
import type { RunId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Decision } from '../../../core/run/decision.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import { explain } from '../../../core/run/explain.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { findClient, type NamedClient, namedClients, namesOf } from '../../../engine/find-clients.ts'
import { type Loaded, loadRuns } from '../../../engine/turns.ts'
import type { House } from '../../../main.ts'
import { type LogRow, readLog, readRuns } from '../../../store/runs.ts'
import { runsLike } from '../../runs-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give, onOutput } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; client?: string; run?: string; evidence?: boolean }
const RUNS_MAX = 50

/** Why they did or did not hear from you: one sentence for every step, and what it rests on. */
export function journeyExplain(group: Command): void {
  teach(
    ofVendor(
      group
        .command('explain')
        .description(
          'Say of every step of a couple whether it was done, will be or will not, and why; each in one sentence.',
        )
        .option('--client <id, e-mail or name>', 'every journey of this couple')
        .option('--run <id>', 'one run')
        .option('--evidence', 'with the decisions each sentence rests on'),
    ),
    {
      examples: [
        'wedsync journey explain --client anna@example.org',
        'wedsync journey explain --run 0198c1d2-… --evidence --json',
      ],
      next: 'what decided is named after each sentence: change it there, or take the run by the hand with "wedsync run …".',
    },
  ).action((options: Options) => {
    if ((options.client === undefined) === (options.run === undefined))
      throw new Refusal('invalid', 'Say whom it is about: --client <…> or --run <id>.')
    return withHouse(async (house) => {
      const vendor = await vendorFor(house.engine, options.vendor)
      const runs = await runsMeant(house, vendor.id, options)
      const told = await Promise.all(runs.map((run) => explainRun(house, vendor.id, run)))
      give(
        options.json,
        told.map(({ lines: _, ...one }) => one),
        told.flatMap((one) => [
          onOutput.bold(`${one.names}: run ${one.run}, ${one.status}`),
          ...one.lines(options.evidence === true),
        ]),
      )
    })
  })
}

async function runsMeant(
  { engine }: House,
  vendor: Parameters<typeof findClient>[1],
  options: Options,
): Promise<RunId[]> {
  if (options.run !== undefined) return [options.run as RunId]
  const client = await findClient(engine, vendor, options.client ?? '')
  const rows = await runsLike(engine, vendor, { client: client.client_id }, RUNS_MAX, [
    'active',
    'waiting',
    'paused',
    'completed',
    'failed',
    'cancelled',
  ])
  if (rows.length === 0)
    throw new Refusal('not_found', `${namesOf(client)} are in no journey. "wedsync event …" starts one.`)
  return rows.map((row) => row.run_id)
}

async function explainRun({ engine }: House, vendor: Parameters<typeof findClient>[1], run: RunId) {
  const now = engine.clock.now()
  const { loaded, log } = await engine.db.tx(
    'explain.load',
    { vendors: [vendor] },
    async (sql): Promise<{ loaded: Loaded; log: LogRow[] }> => {
      const rows = await readRuns(sql, [{ vendor, run }])
      if (rows.length === 0) throw new Refusal('not_found', `No run is called ${run}.`)
      const [found] = await loadRuns(engine, sql, now, rows)
      return { loaded: found!, log: await readLog(sql, { vendor, run }) }
    },
  )
  const [client] = await namedClients(engine, vendor, [loaded.run.client])
  const rows = log.map((row) => ({
    ...row,
    event: JSON.parse(row.event) as RunEvent,
    because: JSON.parse(row.because) as Decision[],
  }))
  const steps = explain(loaded.graph, loaded.run, rows, loaded.view, now, { names: firstNames(client) })
  return {
    run,
    journey: loaded.graph.journey.name,
    status: loaded.run.status,
    client: loaded.run.client,
    names: client ? namesOf(client) : 'erased',
    steps: steps.map((one) => ({ ...one, at: one.at === null ? null : isoOf(one.at) })),
    lines: (evidence: boolean): string[] =>
      steps.flatMap((one) => [
        `  ${one.sentence} ${onOutput.faint(`(${one.decidedBy})`)}`,
        ...(evidence ? one.evidence.map((part) => onOutput.faint(`      ${part.sentence}`)) : []),
      ]),
  }
}

const firstNames = (client: NamedClient | undefined): { [ref: string]: string } =>
  Object.fromEntries((client?.people ?? []).map((person) => [person.ref, person.firstName]))
