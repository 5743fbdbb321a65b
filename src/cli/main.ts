import { Command, CommanderError } from 'commander'
import { Refusal } from '../core/refusal.ts'
import { auditVerify } from './commands/audit/verify.ts'
import { backupCreate } from './commands/backup/create.ts'
import { backupVerify } from './commands/backup/verify.ts'
import { couplesExport } from './commands/couples/export.ts'
import { couplesImport } from './commands/couples/import.ts'
import { deadLettersList } from './commands/dead-letters/list.ts'
import { deadLettersRequeue } from './commands/dead-letters/requeue.ts'
import { deadLettersShow } from './commands/dead-letters/show.ts'
import { doctor } from './commands/doctor.ts'
import { event } from './commands/event.ts'
import { journeyCheck } from './commands/journey/check.ts'
import { journeyDiff } from './commands/journey/diff.ts'
import { journeyExplain } from './commands/journey/explain.ts'
import { journeyForecast } from './commands/journey/forecast.ts'
import { journeyList } from './commands/journey/list.ts'
import { journeyPublish } from './commands/journey/publish.ts'
import { journeySimulate } from './commands/journey/simulate.ts'
import { keyAdd } from './commands/key/add.ts'
import { keyList } from './commands/key/list.ts'
import { keyRevoke } from './commands/key/revoke.ts'
import { mailIn } from './commands/mail-in.ts'
import { migrate } from './commands/migrate.ts'
import { ownerLink } from './commands/owner-link.ts'
import { restore } from './commands/restore.ts'
import { runCommands } from './commands/run/commands.ts'
import { runEdit } from './commands/run/edit.ts'
import { job } from './commands/run/job.ts'
import { runList } from './commands/run/list.ts'
import { runShow } from './commands/run/show.ts'
import { undo } from './commands/run/undo.ts'
import { start } from './commands/start.ts'
import { vendorAdd } from './commands/vendor/add.ts'
import { vendorList } from './commands/vendor/list.ts'
import { weddingMove } from './commands/wedding/move.ts'
import { worker } from './commands/worker.ts'
import { EXIT, give, red, say } from './terminal.ts'
import { VERSION } from './version.ts'

/** The command `wedsync`: one file a command, written out in the order one meets them; one home for errors. */
const program = new Command('wedsync')
  .description('WedSync Journeys: durable journeys between a wedding vendor and every couple they serve.')
  .version(VERSION)
  .showHelpAfterError('Add --help to see how it is used.')
  .showSuggestionAfterError()
  .exitOverride()

const group = (name: string, description: string, commands: readonly ((group: Command) => void)[]): void => {
  const one = program.command(name).description(description)
  for (const command of commands) command(one)
}

start(program)
worker(program)
migrate(program)
doctor(program)
ownerLink(program)
group('vendor', 'Wedding businesses: the tenants of this installation.', [vendorAdd, vendorList])
group('key', 'Keys by which programs speak for a vendor.', [keyAdd, keyList, keyRevoke])
group('couples', 'Couples as a table: in and out.', [couplesImport, couplesExport])
event(program)
mailIn(program)
group('journey', 'Journeys: as files, and as they run.', [
  journeyCheck,
  journeyForecast,
  journeySimulate,
  journeyPublish,
  journeyList,
  journeyDiff,
  journeyExplain,
])
group('run', 'Couples on their way: look at them, and take them by the hand.', [
  runList,
  runShow,
  ...runCommands,
  runEdit,
  undo,
  job,
])
group('wedding', 'Weddings that move.', [weddingMove, undo, job])
group('dead-letters', 'What could not be delivered.', [deadLettersList, deadLettersShow, deadLettersRequeue])
group('audit', 'The record of changes.', [auditVerify])
group('backup', 'Everything in one sealed file.', [backupCreate, backupVerify])
restore(program)

// Whoever reads may have seen enough ("| head"): the command still ends in order.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tell(error, process.argv.includes('--json'))
}

function usageOf({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'A command is missing here. Add --help to see which there are.'
  return message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
}

/** Every problem named and located, for people on standard error and for programs as one value. */
function tell(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.fine
    // People were told already, where it was noticed.
    if (json) give(true, { error: { code: 'usage', message: usageOf(error), problems: [] } }, [])
    return EXIT.usage
  }
  if (error instanceof Refusal) {
    const { code, message, problems } = error
    if (json) give(true, { error: { code, message, problems } }, [])
    say(red(message))
    for (const problem of problems)
      if (!message.includes(problem.message))
        say(`  ${problem.path ? `${problem.path}: ` : ''}${problem.message}`)
    return code === 'setup'
      ? EXIT.unavailable
      : code === 'invalid' || code === 'journey_invalid'
        ? EXIT.data
        : EXIT.refused
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (json) give(true, { error: { code: 'failed', message: text } }, [])
  say(red(text))
  return EXIT.problems
}
