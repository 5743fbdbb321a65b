import type { Command } from 'commander'
import type { NodeId, RunId } from '../../../core/ids.ts'
import type { Command as RunCommand } from '../../../core/run/event.ts'
import type { RunStatus } from '../../../core/run/run.ts'
import type { Instant } from '../../../core/time/instant.ts'
import { BULK_ROWS_MAX, startBulk } from '../../../engine/bulk.ts'
import { picking, type RunOptions, refuseVague, runsLike } from '../../runs-meant.ts'
import { moment, ofVendor, teach, wholeNumber } from '../../teach.ts'
import { count, give } from '../../terminal.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'
import { tellBulk } from './bulk.ts'

/** What a person may do with runs. The verbs differ in a word and an option; that they are here together is the point. */
type Options = RunOptions & {
  json?: boolean
  vendor?: string
  token?: number
  until?: Instant
  to?: string
  reason?: string
  dryRun?: boolean
}
type Verb = {
  readonly name: string
  readonly says: string
  readonly example: string
  /** Which runs it can be meant for when they are not named. */
  readonly of?: readonly RunStatus[]
  readonly with?: (command: Command) => Command
  readonly make: (options: Options) => RunCommand
}

const ofToken = (command: Command): Command =>
  command.option(
    '--token <number>',
    'which branch, when the run stands in several places; "wedsync run show" numbers them',
    wholeNumber,
  )
const token = ({ token: at }: Options): { token?: number } => (at === undefined ? {} : { token: at })

const VERBS: readonly Verb[] = [
  {
    name: 'pause',
    says: 'Nothing of it starts any more; time goes on.',
    example: '--journey booked',
    of: ['active', 'waiting'],
    make: () => ({ do: 'pause' }),
  },
  {
    name: 'resume',
    says: 'Let it go on: what fell due meanwhile follows its late policy, never a burst.',
    example: '--all',
    of: ['paused'],
    make: () => ({ do: 'resume' }),
  },
  {
    name: 'snooze',
    says: 'Let the step that waits wait until another moment.',
    example: '0198c1d2-… --until 2027-05-01T09:00:00Z',
    with: (command) => ofToken(command).requiredOption('--until <moment>', 'the new moment', moment),
    make: (options) => ({ do: 'snooze', ...token(options), until: options.until! }),
  },
  {
    name: 'skip',
    says: 'Leave the step out where it stands and go on.',
    example: '0198c1d2-…',
    with: ofToken,
    make: (options) => ({ do: 'skip', ...token(options) }),
  },
  {
    name: 'do-now',
    says: 'Do the step that waits, now.',
    example: '0198c1d2-…',
    with: ofToken,
    make: (options) => ({ do: 'do_now', ...token(options) }),
  },
  {
    name: 'jump',
    says: 'Go on at another step of the journey; the other branches of a fork that is left end with it.',
    example: '0198c1d2-… --to thanks',
    with: (command) => ofToken(command).requiredOption('--to <node>', 'the step to go on at'),
    make: (options) => ({ do: 'jump', ...token(options), to: options.to as NodeId }),
  },
  {
    name: 'retry',
    says: 'Try a stuck step again.',
    example: '0198c1d2-…',
    with: ofToken,
    make: (options) => ({ do: 'retry', ...token(options) }),
  },
  {
    name: 'restart',
    says: 'Begin the journey anew; what was sent stays sent and is not sent again by the same key.',
    example: '0198c1d2-…',
    make: () => ({ do: 'restart' }),
  },
  {
    name: 'stop',
    says: 'End it: what has not left the house is withdrawn, what was sent stays sent.',
    example: '--client anna@example.org --reason "they asked us to"',
    with: (command) => command.option('--reason <words>', 'why, for the record', 'stopped by hand'),
    make: (options) => ({ do: 'stop', reason: options.reason ?? 'stopped by hand' }),
  },
]

export const runCommands: readonly ((group: Command) => void)[] = VERBS.map(
  (verb) =>
    (group: Command): void => {
      const command = picking(
        group.command(`${verb.name} [runs...]`).description(`${verb.says} For one run or many.`),
      )
        .option('--all', 'every run it can be meant for')
        .option('--dry-run', 'only say how many runs are meant')
      teach(ofVendor(verb.with ? verb.with(command) : command), {
        examples: [`wedsync run ${verb.name} ${verb.example}`],
        next: '"wedsync run undo <job>" takes it back within ten minutes, where nothing has left the house.',
      }).action((ids: string[], options: Options) => {
        refuseVague(ids, options)
        return withHouse(async ({ engine }) => {
          const vendor = await vendorFor(engine, options.vendor)
          const runs =
            ids.length > 0
              ? (ids as RunId[])
              : (await runsLike(engine, vendor.id, options, BULK_ROWS_MAX + 1, verb.of)).map(
                  (row) => row.run_id,
                )
          if (options.dryRun)
            return give(options.json, { dryRun: true, runs }, [
              `${count(runs.length, 'run')} would be asked to ${verb.name}.`,
            ])
          const bulk = { is: 'command', command: verb.make(options), runs } as const
          await tellBulk(verb.name, runs, options.json, (tell) =>
            startBulk(engine, vendor.id, bulk, ACTOR, tell),
          )
        })
      })
    },
)
