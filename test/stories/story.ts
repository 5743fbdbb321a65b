import { house } from '../../sim/house.ts'
import type { ClientId, RunId, WeddingId } from '../../src/core/ids.ts'
import type { MigrationChoice } from '../../src/core/journey/migrate.ts'
import type { Command } from '../../src/core/run/event.ts'
import { forecast } from '../../src/core/run/forecast.ts'
import { DAY_MS, instantFrom, plusMs } from '../../src/core/time/instant.ts'
import type { LocalDate, Zone } from '../../src/core/time/local.ts'
import { localDateOf, localTimeOf } from '../../src/core/time/zone.ts'
import type { MessageClass } from '../../src/core/wedding/policy.ts'
import { changeDetails, type DetailsChange, undoDetails } from '../../src/engine/change-details.ts'
import { approve, type CommandResult, command, taskDone, undoCommand } from '../../src/engine/control.ts'
import { publish } from '../../src/engine/publish.ts'
import { loadRuns } from '../../src/engine/turns.ts'
import { readRuns } from '../../src/store/runs.ts'
import { suppress } from '../../src/store/views.ts'
import type { journeyOf } from '../fixtures/told-run.ts'

/**
 * A vendor's house with the words a vendor would use. Everything goes through the real engine; what a story asks
 * about is read from what was really sent and from the rows a screen would show.
 */
export const LONDON = 'Europe/London' as Zone
type Options = Parameters<typeof house>[0]

export async function story(options: Options) {
  const w = await house(options)
  const zone = (options.zone ?? LONDON) as Zone
  const rows = w.session.query.bind(w.session)
  const told = async (client: ClientId): Promise<string[]> =>
    (await w.sentTo(client)).map((one) => {
      const at = instantFrom(one.at)
      return `${localDateOf(at, zone)} ${localTimeOf(at, zone)} ${one.node} → ${one.to}`
    })
  const change = async (change: DetailsChange): Promise<string> => {
    const receipt = await changeDetails(w.engine, w.vendor, [change], 'owner')
    await w.settle()
    return receipt.changes[0]!
  }
  return {
    ...w,
    /** What a couple has been sent, each as "day hour step → person", on the vendor's clock. */
    told,
    /** What the forecast says that they will be sent, in the same words; nobody answers anything. */
    async promised(run: RunId): Promise<string[]> {
      const now = w.clock.now()
      const loaded = await w.engine.db.tx('story.promise', { vendors: [w.vendor] }, async (sql) => {
        const rows = await readRuns(sql, [{ vendor: w.vendor, run }])
        return (await loadRuns(w.engine, sql, now, rows))[0]!
      })
      const until = plusMs(now, 400 * DAY_MS)
      const assume = { is: 'never' } as const
      return forecast(loaded.graph, loaded.run, loaded.view, now, { until, assume }).steps.flatMap((step) =>
        (step.what === 'send' || step.what === 'change') && step.at !== null && step.at <= until
          ? step.recipients.map(
              (to) => `${localDateOf(step.at!, zone)} ${localTimeOf(step.at!, zone)} ${step.node} → ${to}`,
            )
          : [],
      )
    },
    /** The words of what was sent, by step. */
    async subjects(client: ClientId): Promise<string[]> {
      return (await w.sentTo(client)).map((one) => `${one.node}: ${String(one.content.subject)}`)
    },
    async publishes(key: string, journey: ReturnType<typeof journeyOf>, plan?: MigrationChoice) {
      const receipt = await publish(w.engine, w.vendor, {
        key,
        document: journey,
        by: 'owner',
        ...(plan ? { plan } : {}),
      })
      await w.settle()
      return receipt
    },
    /** The wedding's new day, or null where it is to be confirmed. Gives what is needed to take it back. */
    moves: (wedding: WeddingId | null, on: string | null) =>
      change({
        wedding: wedding!,
        anchors: { wedding: on === null ? null : { is: 'day', on: on as LocalDate } },
      }),
    changes: change,
    async unsubscribes(address: string, from: MessageClass): Promise<void> {
      const mark = await w.engine.vault.mark(w.vendor, 'email', address)
      const one = {
        vendor: w.vendor,
        mark,
        channel: 'email',
        class: from,
        reason: 'unsubscribed',
        at: w.clock.now(),
      }
      await w.engine.db.tx('story.unsubscribe', { vendors: [w.vendor] }, (sql) => suppress(sql, one))
    },
    cancels: (wedding: WeddingId | null) => change({ wedding: wedding!, status: 'cancelled' }),
    async takesBack(changed: string): Promise<void> {
      await undoDetails(w.engine, w.vendor, changed, 'owner')
      await w.settle()
    },
    async commands(run: RunId, wanted: Command): Promise<CommandResult> {
      const [result] = await command(w.engine, w.vendor, [run], wanted, 'owner')
      await w.settle()
      return result!
    },
    async takesCommandBack(id: string): Promise<void> {
      await undoCommand(w.engine, w.vendor, id, 'owner')
      await w.settle()
    },
    async answers(run: RunId, answer: 'approved' | 'skipped'): Promise<void> {
      const [open] = await rows<{ name: string }>(
        `select name from app.approval where run_id = '${run}' and state = 'open'`,
      )
      await approve(w.engine, w.vendor, run, open!.name, answer, 'owner')
      await w.settle()
    },
    async finishesTask(run: RunId): Promise<void> {
      const [open] = await rows<{ name: string }>(
        `select name from app.task where run_id = '${run}' and state = 'open'`,
      )
      await taskDone(w.engine, w.vendor, run, open!.name, 'owner')
      await w.settle()
    },
    /** What lies on the vendor's desk: open tasks as "step: why". */
    async desk(): Promise<string[]> {
      const open = await rows<{ node: string; why: string }>(
        `select node, why from app.task where state = 'open' order by opened_at, node`,
      )
      return open.map((one) => `${one.node}: ${one.why}`)
    },
    /** What Today tells of, as "step: code". */
    async today(): Promise<string[]> {
      const open = await rows<{ node: string; code: string }>(
        `select node, code from app.notice where settled_at is null order by at, node, code`,
      )
      return open.map((one) => `${one.node}: ${one.code}`)
    },
    async status(run: RunId): Promise<string> {
      const [row] = await rows<{ status: string }>(`select status from app.run where run_id = '${run}'`)
      return row!.status
    },
    async due(run: RunId): Promise<string | null> {
      const [row] = await rows<{ due_at: string | null }>(
        `select due_at::text as due_at from app.run where run_id = '${run}'`,
      )
      return row!.due_at
    },
    async tokens(run: RunId): Promise<string> {
      const [row] = await rows<{ tokens: string }>(
        `select (state::jsonb -> 'tokens')::text as tokens from app.run where run_id = '${run}'`,
      )
      return row!.tokens
    },
  }
}
export type Story = Awaited<ReturnType<typeof story>>

export const startedRun = (receipt: { started: readonly { run: RunId }[] }): RunId => receipt.started[0]!.run

export const both = [
  { ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' },
  { ref: 'partner_b', name: 'Ben Brown', email: 'ben@example.org' },
]
