import type { RunId, VendorId } from '../src/core/ids.ts'
import type { RunState } from '../src/core/run/run.ts'
import type { RunRef } from '../src/store/refs.ts'
import { type Came, type Reading as Oracle, readStory, type Story, type Turn } from './oracle.ts'
import { momentOf, ruleIn } from './oracle-time.ts'
import type { Couple, Vendor } from './people.ts'
import type { Call } from './provider.ts'

/**
 * What the engine did against what the oracle reads in the same journeys. A run is compared when nobody has laid
 * hands on it (no command, no new version, no hold) and its wedding was left as it was: then nothing but faults can
 * have made a difference, and faults may only make things later. Waits that hang on the wedding are compared in
 * every run.
 */
export type Ask = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>
export type Violate = (rule: string, what: string) => void
export type Compared = { runs: number; messages: number; waits: number; left: number; replayed: number }

const PLAIN = new Set([
  'started',
  'due',
  'happened',
  'settled',
  'task_done',
  'approval_answered',
  'details_changed',
])

type RunRow = {
  run_id: RunId
  vendor_id: VendorId
  client_id: string
  key: string
  version: number
  status: string
  state: string
}
type EffectRow = { effect_id: string; run_id: string; name: string; planned: number }

const RUNS = `select r.run_id, r.vendor_id, r.client_id, j.key, r.version, r.status, r.state
  from app.run r join app.journey j using (vendor_id, journey_id) order by r.run_id`

export type Reading = {
  readonly ask: Ask
  readonly violate: Violate
  readonly vendors: readonly Vendor[]
  readonly couples: readonly Couple[]
  readonly calls: readonly Call[]
}

/** `read` are the runs that the oracle has read to their end. */
export async function compare(facts: Reading): Promise<Compared & { readonly read: readonly RunRef[] }> {
  const { ask, violate } = facts
  const compared: Compared = { runs: 0, messages: 0, waits: 0, left: 0, replayed: 0 }
  const read: RunRef[] = []
  const runs = await ask<RunRow>(RUNS)
  const turns = await turnsOf(ask)
  const effects = new Map<string, EffectRow[]>()
  for (const row of await ask<EffectRow>(
    `select effect_id, run_id, name, (extract(epoch from planned_at) * 1000)::float8 as planned from app.effect order by run_id, name`,
  ))
    effects.set(row.run_id, [...(effects.get(row.run_id) ?? []), row])
  for (const run of runs) {
    const couple = facts.couples.find((one) => one.client === run.client_id)
    const vendor = facts.vendors.find((one) => one.id === run.vendor_id)
    const taken = turns.get(run.run_id) ?? []
    if (!couple || !vendor || !isPlain(run, taken, couple)) continue
    const journey = vendor.first.find((one) => one.key === run.key)?.document
    if (!journey) continue
    const story: Story = {
      journey,
      client: run.client_id,
      people: couple.people,
      budget: couple.budget,
      dates: couple.dates,
      turns: taken,
    }
    const reading = readStory(story)
    const own = effects.get(run.run_id) ?? []
    compared.runs += 1
    compared.left += reading.left === null ? 0 : 1
    compared.messages += reading.meant.length
    compareMessages(run, reading, own, facts.calls, violate)
    if (reading.left !== null) continue
    comparePlaces(run, reading, violate)
    read.push({ vendor: run.vendor_id, run: run.run_id })
  }
  compared.waits = await compareWaits(facts)
  return { ...compared, read }
}

async function turnsOf(ask: Ask): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>()
  for (const row of await ask<{ run_id: string; event: string }>(
    'select run_id, event from app.run_log order by run_id, rev',
  )) {
    const came = JSON.parse(row.event) as Came & { at: number }
    turns.set(row.run_id, [...(turns.get(row.run_id) ?? []), { at: came.at, came }])
  }
  return turns
}

function isPlain(run: RunRow, turns: readonly Turn[], couple: Couple): boolean {
  const state = JSON.parse(run.state) as RunState
  return (
    run.version === 1 &&
    !couple.changed &&
    turns.every(({ came }) => PLAIN.has(came.is)) &&
    (state.holds ?? []).length === 0
  )
}

function compareMessages(
  run: RunRow,
  reading: Oracle,
  own: readonly EffectRow[],
  calls: readonly Call[],
  violate: Violate,
): void {
  const where = `run ${run.run_id} (${run.key})`
  for (const meant of reading.meant) {
    const row = own.find((one) => one.name === meant.name)
    if (!row) {
      violate('oracle: forgotten', `${where} should have planned ${meant.name}`)
      continue
    }
    if (row.planned < meant.due)
      violate('5 waits', `${where} planned ${meant.name} ${meant.due - row.planned} ms before it was due`)
    for (const call of calls) {
      if (call.effect !== row.effect_id || meant.kind !== 'email') continue
      const { subject, body } = call.content as { subject?: string; body?: string }
      if (subject !== meant.subject || body !== meant.body)
        violate(
          'oracle: other words',
          `effect ${row.effect_id} of ${where} went out as "${subject}", meant was "${meant.subject}"`,
        )
      if (call.to !== meant.to)
        violate(
          'oracle: other person',
          `effect ${row.effect_id} of ${where} went to ${call.to}, meant was ${meant.to}`,
        )
    }
  }
  if (reading.left !== null) return
  for (const row of own)
    if (!reading.meant.some((one) => one.name === row.name))
      violate('oracle: by surprise', `${where} planned ${row.name}, which nobody meant`)
}

function comparePlaces(run: RunRow, reading: Oracle, violate: Violate): void {
  const where = `run ${run.run_id} (${run.key})`
  const over = ['completed', 'failed', 'cancelled'].includes(run.status)
  if (over !== reading.over)
    return violate(
      'oracle: other way',
      `${where} is ${run.status}; by the oracle it stands at ${reading.stands.map((one) => one.at).join(', ') || 'its end'}`,
    )
  const tokens = (JSON.parse(run.state) as RunState).tokens.map((token) => ({
    at: token.at as string,
    until:
      token.is === 'waiting'
        ? token.due
        : token.is === 'awaiting' || token.is === 'gated'
          ? token.until
          : null,
  }))
  const told = (places: readonly { at: string; until: number | null }[]): string =>
    places
      .map(({ at, until }) => `${at} until ${until}`)
      .sort()
      .join('; ')
  if (told(tokens) !== told(reading.stands))
    violate(
      'oracle: other way',
      `${where} stands at ${told(tokens)}; by the oracle at ${told(reading.stands)}`,
    )
}

/** Invariant 5 in every run: a wait that hangs on the wedding is where the wedding, as it is now, puts it. */
export async function compareWaits({ ask, violate, vendors }: Reading): Promise<number> {
  const runs = (await ask<RunRow>(RUNS)).filter((run) => run.state.includes('"anchor":"wedding"'))
  if (runs.length === 0) return 0
  const weddings = new Map(
    (
      await ask<{ run_id: string; on: string | null; generation: number; zone: string; letters: number }>(
        `select r.run_id, w.anchors -> 'wedding' -> 'value' ->> 'on' as on, (w.anchors -> 'wedding' ->> 'generation')::int as generation,
                w.zone, r.inbox as letters
           from app.run r join app.wedding w using (vendor_id, wedding_id)`,
      )
    ).map((row) => [row.run_id, row]),
  )
  // What is being planned anew is true when it is through.
  const zones = new Map(
    (
      await ask<{ vendor_id: VendorId; zone: string }>(
        `select vendor_id, zone from app.vendor v
          where not exists (select from app.job j where j.vendor_id = v.vendor_id and j.state = 'running' and j.kind in ('vendor.calendar', 'zone.data'))
            and not exists (select from app.installation where zone_data = '2026c')`,
      )
    ).map((row) => [row.vendor_id, row.zone]),
  )
  let count = 0
  for (const run of runs) {
    const home = zones.get(run.vendor_id)
    const wedding = weddings.get(run.run_id)
    const vendor = vendors.find((one) => one.id === run.vendor_id)
    const journey = vendor?.first.find((one) => one.key === run.key)?.document
    // A letter that has not been read may be the one that tells of the move.
    if (!home || !wedding || !vendor || !journey || wedding.letters > 0) continue
    const dates = { wedding: wedding.on, venue: wedding.zone ?? home, vendor: home }
    const state = JSON.parse(run.state) as RunState
    for (const token of state.tokens) {
      const node = journey.nodes.find((one) => one.id === token.at)
      if (token.is !== 'waiting' || token.anchor !== 'wedding' || token.for !== 'moment' || token.rule)
        continue
      if (!node || token.generation !== wedding.generation || ('move' in node && node.move === 'keep'))
        continue
      const rule =
        node.kind === 'delay'
          ? ruleIn(node.wait)
          : node.kind === 'trigger'
            ? ruleIn(node.config?.when)
            : 'when' in node
              ? ruleIn(node.when)
              : undefined
      if (!rule || rule.every) continue
      count += 1
      const due = momentOf(rule, 0, dates)
      if (due !== token.nominal)
        violate(
          '5 waits',
          `run ${run.run_id} at ${token.at} waits for ${token.nominal}; the wedding of ${wedding.on} says ${due}`,
        )
    }
  }
  return count
}
