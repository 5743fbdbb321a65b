import type { Command } from 'commander'
import { Option } from 'commander'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { RunStatus, Token } from '../core/run/run.ts'
import { isoOf } from '../core/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import { findClient } from '../engine/find-clients.ts'
import { listRuns, type RunLine } from '../store/run-list.ts'

/** Which runs a command is about: named by id, or picked by journey, status and couple. */
export type RunOptions = {
  readonly journey?: string
  readonly status?: RunStatus[]
  readonly client?: string
  readonly all?: boolean
}
const STATUSES: readonly RunStatus[] = ['active', 'waiting', 'paused', 'completed', 'failed', 'cancelled']
const LIVE: readonly RunStatus[] = ['active', 'waiting', 'paused']

export const picking = (command: Command): Command =>
  command
    .option('--journey <key>', 'runs of this journey')
    .addOption(new Option('--status <status...>', 'runs that stand like this').choices(STATUSES))
    .option('--client <id, e-mail or name>', 'runs of this couple')

export async function runsLike(
  engine: Engine,
  vendor: VendorId,
  options: RunOptions,
  max: number,
  statuses: readonly RunStatus[] = LIVE,
): Promise<RunLine[]> {
  const client =
    options.client === undefined ? null : (await findClient(engine, vendor, options.client)).client_id
  const filter = {
    journey: options.journey ?? null,
    statuses: options.status ?? statuses,
    client,
    wedding: null,
  }
  return engine.db.tx('run.list', { vendors: [vendor] }, (sql) => listRuns(sql, vendor, filter, max))
}

/** A command over everything by mistake is worse than one more word. */
export function refuseVague(ids: readonly string[], options: RunOptions): void {
  const picked = options.journey !== undefined || options.status !== undefined || options.client !== undefined
  if (ids.length > 0 && (picked || options.all))
    throw new Refusal(
      'invalid',
      'Name runs by their ids, or pick them with --journey, --status and --client; not both.',
    )
  if (ids.length === 0 && !picked && !options.all)
    throw new Refusal('invalid', 'Say which runs: ids, or --journey, --status, --client, or --all.')
}

/** Where a run stands, in a few words; in several places each with the number of its branch, by which --token names it. */
export const standing = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => `${tokens.length > 1 ? `${token.id}: ` : ''}${token.at} (${placeOf(token)})`)
    .join(', ')

function placeOf(token: Token): string {
  switch (token.is) {
    case 'waiting':
      return token.due === null ? 'waits for a date' : `waits until ${isoOf(token.due)}`
    case 'awaiting':
      return token.until === null
        ? 'waits for something to happen'
        : `waits for something to happen, until ${isoOf(token.until)}`
    case 'gated':
      return `waits for ${token.by === 'task' ? 'a task' : 'an approval'}`
    case 'stuck':
      return `stuck: ${token.problem.message}`
    default:
      return token.is
  }
}
