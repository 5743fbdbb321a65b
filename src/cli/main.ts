import { Command, CommanderError } from 'commander'
import { Refusal } from '../core/refusal.ts'
import { start } from './commands/start.ts'
import { EXIT, red, say } from './terminal.ts'

/** The command `wedsync`: one file a command, one home for errors. */
const program = new Command('wedsync')
  .description('WedSync Journeys: durable journeys between a wedding vendor and every couple they serve.')
  .version('0.1.0')
  .showHelpAfterError('Run wedsync --help to see what there is.')
  .exitOverride()
start(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tell(error)
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage
  if (error instanceof Refusal) {
    say(red(error.message))
    for (const problem of error.problems)
      say(`  ${problem.path ? `${problem.path}: ` : ''}${problem.message}`)
    return error.code === 'setup' ? EXIT.unavailable : EXIT.refused
  }
  say(red(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  return EXIT.problems
}
