import { CommanderError } from 'commander'
import { Refusal } from '../core/refusal.ts'
import { machineRefusal } from './machine-refusal.ts'
import { program } from './program.ts'
import { EXIT, give, red, say } from './terminal.ts'

/** Runs one command, and is the one home for errors. */
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

/** Words where an id belongs are what was given wrong, whichever command they were given to. */
function wordsForId(error: unknown): Refusal | null {
  const found =
    error instanceof Error ? /^invalid input syntax for type uuid: (".*")$/s.exec(error.message) : null
  if (!found) return null
  return new Refusal(
    'invalid',
    `${found[1]} is not an id. Give the whole of one, 36 characters, as the lists tell it.`,
  )
}

/** Every problem named and located, for people on standard error and for programs as one value. */
function tell(thrown: unknown, json: boolean): number {
  const error = wordsForId(thrown) ?? thrown
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
  const refused = machineRefusal(error)
  if (refused) {
    if (json) give(true, { error: { code: 'setup', message: refused, problems: [] } }, [])
    say(red(refused))
    return EXIT.unavailable
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (json) give(true, { error: { code: 'failed', message: text, problems: [] } }, [])
  say(red(text))
  return EXIT.problems
}
