import type { Command } from 'commander'
import type { RunId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Decision } from '../../../core/run/decision.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import type { RunState } from '../../../core/run/run.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { effectsOfRun } from '../../../store/run-list.ts'
import { readLog, readRuns } from '../../../store/runs.ts'
import { standing } from '../../runs-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { columns, give, onOutput } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function runShow(group: Command): void {
  teach(
    ofVendor(
      group
        .command('show <run>')
        .description(
          'Tell one run in full: where it stands, every turn it took and why, every message it made.',
        ),
    ),
    {
      examples: ['wedsync run show 0198c1d2-…', 'wedsync run show 0198c1d2-… --json'],
      next: '"wedsync journey explain --run <id>" says the same in sentences.',
    },
  ).action((id: string, options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const ref = { vendor: vendor.id, run: id as RunId }
      const [[row], log, effects] = await engine.db.tx('run.show', { vendors: [vendor.id] }, async (sql) =>
        Promise.all([readRuns(sql, [ref]), readLog(sql, ref), effectsOfRun(sql, vendor.id, ref.run)]),
      )
      if (!row) throw new Refusal('not_found', `No run of ${vendor.name} is called ${id}.`)
      const state = JSON.parse(row.state) as RunState
      const turns = log.map((line) => ({
        at: isoOf(line.at),
        event: JSON.parse(line.event) as RunEvent,
        because: JSON.parse(line.because) as Decision[],
      }))
      const { run_id: run, status, version, client_id: client, due_at, journey_id: journey } = row
      const messages = effects.map((one) => ({ ...one, planned_at: isoOf(one.planned_at) }))
      give(
        options.json,
        {
          run,
          journey,
          version,
          status,
          client,
          due: due_at === null ? null : isoOf(due_at),
          state,
          turns,
          messages,
        },
        [
          `Run ${run}: ${status}, version ${version}, couple ${client}.`,
          state.tokens.length > 0 ? `Stands at ${standing(state.tokens)}.` : 'Has ended.',
          ...(state.holds?.length ? [`Held: ${state.holds.join(', ')}.`] : []),
          onOutput.bold('Turns'),
          ...turns.map((turn) => `  ${turn.at}  ${turn.event.is}: ${turn.because.map(told).join('; ')}`),
          onOutput.bold('Messages'),
          ...columns(
            messages.map((one) => [
              `  ${one.planned_at}`,
              one.node,
              one.kind,
              one.recipient,
              `${one.state}${one.cause ? ` (${one.cause})` : ''}`,
            ]),
          ),
        ],
      )
    }),
  )
}

const told = ({ code, node, values }: Decision): string =>
  `${code}${node ? ` ${node}` : ''}${
    values
      ? ` ${Object.entries(values)
          .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
          .join(' ')}`
      : ''
  }`
