import type { Command } from 'commander'
import type { RunId, VendorId, WeddingId } from '../../../core/ids.ts'
import { graphOf } from '../../../core/journey/graph.ts'
import { Refusal } from '../../../core/refusal.ts'
import { type Explanation, explainNew } from '../../../core/run/explain.ts'
import type { RunStatus } from '../../../core/run/run.ts'
import { isoOf } from '../../../core/time/instant.ts'
import {
  findClient,
  firstNamesOf,
  type NamedClient,
  namedClients,
  namesOf,
} from '../../../engine/find-clients.ts'
import { beginningOf, imaginedRun } from '../../../engine/imagined.ts'
import { explainRuns } from '../../../engine/timeline.ts'
import { loadViews } from '../../../engine/views.ts'
import type { House } from '../../../main.ts'
import { readRuns } from '../../../store/runs.ts'
import { type CoupleOptions, coupleMeant, describingCouple } from '../../imagined-couple.ts'
import { houseRegistry } from '../../journey-file.ts'
import {
  HOW_NAMED,
  type MeantJourney,
  type Standing,
  sound,
  viewOf,
  withJourneys,
} from '../../journeys-meant.ts'
import { runsLike } from '../../runs-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give, onOutput } from '../../terminal.ts'

type Options = CoupleOptions & {
  json?: boolean
  vendor?: string
  client?: string
  run?: string
  evidence?: boolean
}
const RUNS_MAX = 50
const ANY: readonly RunStatus[] = ['active', 'waiting', 'paused', 'completed', 'failed', 'cancelled']

/** What is told of one journey of one couple, who may be on their way or only imagined. */
type Told = {
  readonly run: RunId | null
  readonly journey: string
  readonly status: string
  readonly client: string | null
  readonly names: string
  readonly steps: readonly Explanation[]
}

/** Why they did or did not hear from you, or will: one sentence for every step, and what it rests on. */
export function journeyExplain(group: Command): void {
  teach(
    ofVendor(
      describingCouple(
        group
          .command('explain [journey]')
          .description(
            'Say of every step of a journey whether it was done, will be or will not, and why; each in one sentence. Of couples on their way (--client, --run), of one who would begin now (a journey and --client), or of one you describe (a journey and --wedding).',
          )
          .option('--client <id, e-mail or name>', 'this couple: every journey they are on, or the one named')
          .option('--run <id>', 'one run')
          .option('--evidence', 'with the decisions each sentence rests on'),
        'silent',
      ),
    ),
    {
      examples: [
        'wedsync journey explain --client anna@example.org',
        'wedsync journey explain --run 0198c1d2-… --evidence --json',
        'wedsync journey explain booked.json --wedding 2027-06-12 --booked 2026-10-01',
        'wedsync journey explain booked@draft --client anna@example.org',
      ],
      more: `${HOW_NAMED}\nWith a journey and --client: the couple's own run of it where it is here and they are on it; otherwise as if they began now. Options that describe a couple (--wedding, --booked …) are for one who does not exist.`,
      next: 'what decided is named after each sentence: change it there, or take the run by the hand with "wedsync run …".',
    },
  ).action((words: string | undefined, options: Options) => {
    const named = words === undefined ? [] : [words]
    refuseVague(words, options)
    const here = options.client !== undefined || options.run !== undefined
    return withJourneys(named, { vendor: options.vendor, here }, async ([meant], standing) => {
      const told =
        options.run !== undefined
          ? await explainHere(standing!, [options.run as RunId], null)
          : options.client !== undefined
            ? await ofCouple(standing!, meant, options.client, options)
            : [await ofImagined(meant!, standing, options)]
      give(
        options.json,
        told.map((one) => ({ ...one, steps: one.steps.map(dated) })),
        told.flatMap((one) => lines(one, options.evidence === true)),
      )
    })
  })
}

function refuseVague(words: string | undefined, { client, run }: Options): void {
  if (words === undefined && (client === undefined) === (run === undefined))
    throw new Refusal('invalid', 'Say whom it is about: --client <…> or --run <id>; or name a journey.')
  if (run !== undefined && (words !== undefined || client !== undefined))
    throw new Refusal('invalid', 'A run is one couple on one journey: --run <id> needs nothing beside it.')
}

const dated = (one: Explanation) => ({ ...one, at: one.at === null ? null : isoOf(one.at) })

function lines({ names, run, journey, status, steps }: Told, evidence: boolean): string[] {
  return [
    onOutput.bold(`${names}, "${journey}": ${run === null ? status : `run ${run}, ${status}`}`),
    ...inOrder(steps).flatMap((one) => [
      `  ${one.sentence} ${onOutput.faint(`(${one.decidedBy})`)}`,
      ...(evidence ? one.evidence.map((part) => onOutput.faint(`      ${part.sentence}`)) : []),
    ]),
  ]
}

/** As it goes through time; what nobody comes to is told last. */
const inOrder = (steps: readonly Explanation[]): Explanation[] =>
  [...steps].sort((a, b) => (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER))

async function ofCouple(
  standing: Standing,
  meant: MeantJourney | undefined,
  words: string,
  options: Options,
): Promise<Told[]> {
  const { house, vendor } = standing
  const client = await findClient(house.engine, vendor.id, words)
  const journey = meant?.of === 'live' ? { journey: meant.key } : {}
  const wouldBegin = meant !== undefined && meant.of !== 'live'
  const runs = wouldBegin
    ? []
    : await runsLike(house.engine, vendor.id, { client: client.client_id, ...journey }, RUNS_MAX, ANY)
  if (runs.length > 0)
    return explainHere(
      standing,
      runs.map((row) => row.run_id),
      client,
    )
  if (meant) return [await asIfBegun(standing, meant, client, options)]
  throw new Refusal('not_found', `${namesOf(client)} are in no journey. "wedsync event …" starts one.`)
}

/** The same sentences as in the app and by the API. */
async function explainHere(
  { house: { engine }, vendor }: Standing,
  runs: readonly RunId[],
  known: NamedClient | null,
): Promise<Told[]> {
  const client = known ?? (await coupleOf(engine, vendor.id, runs[0]!))
  const told = await engine.db.tx('explain.load', { vendors: [vendor.id] }, (sql) =>
    explainRuns(engine, sql, engine.clock.now(), vendor.id, runs, firstNamesOf(client)),
  )
  return told.map(({ loaded: { graph, run }, steps }) => ({
    run: run.id,
    journey: graph.journey.name,
    status: run.status,
    client: run.client,
    names: client ? namesOf(client) : 'erased',
    steps,
  }))
}

async function coupleOf(
  engine: House['engine'],
  vendor: VendorId,
  run: RunId,
): Promise<NamedClient | undefined> {
  const [row] = await engine.db.tx('explain.run', { vendors: [vendor] }, (sql) =>
    readRuns(sql, [{ vendor, run }]),
  )
  if (!row) throw new Refusal('not_found', `No run is called ${run}.`)
  return (await namedClients(engine, vendor, [row.client_id]))[0]
}

const AS_IF = 'as if they began now'

async function asIfBegun(
  { house: { engine }, vendor }: Standing,
  meant: MeantJourney,
  client: NamedClient,
  options: Options,
): Promise<Told> {
  const { assume, facts } = coupleMeant(options, null)
  const now = engine.clock.now()
  const journey = sound(meant)
  const graph = graphOf(journey, engine.registry)
  const view = await engine.db.tx('explain.view', { vendors: [vendor.id] }, async (sql) => {
    const asked = { vendor: vendor.id, client: client.client_id, graph }
    return (await loadViews(engine, sql, now, [asked])).of(client.client_id)
  })
  const identity = {
    ...imaginedRun(client.client_id),
    vendor: vendor.id,
    wedding: client.wedding_id as WeddingId | null,
    journey: meant.row?.journey_id ?? imaginedRun('').journey,
  }
  const names = firstNamesOf(client)
  const by = beginningOf(graph, now, facts)
  const steps = explainNew(graph, identity, by, view, now, { assume, names })
  const told = { run: null, journey: journey.name, status: AS_IF, client: client.client_id }
  return { ...told, names: namesOf(client), steps }
}

async function ofImagined(meant: MeantJourney, standing: Standing | null, options: Options): Promise<Told> {
  const journey = sound(meant)
  const { view, now, wedding, facts, assume } = coupleMeant(
    options,
    standing === null ? null : await viewOf(standing),
  )
  const graph = graphOf(journey, houseRegistry())
  const by = beginningOf(graph, now, facts)
  const steps = explainNew(graph, imaginedRun('couple'), by, view, now, { assume })
  const names = wedding === null ? 'A couple without a date' : `A couple who marry on ${wedding}`
  return { run: null, journey: journey.name, status: AS_IF, client: null, names, steps }
}
