import type { Command } from 'commander'
import { problemLine, readJourneyFile } from '../../journey-file.ts'
import { teach } from '../../teach.ts'
import { count, EXIT, give, green, onOutput, say } from '../../terminal.ts'

/** Needs no database: files, and the module types that come with the program. */
export function journeyCheck(group: Command): void {
  teach(
    group
      .command('check <files...>')
      .description(
        'Judge journey files: every error and every warning at once, with file, line and column. Exit code 1 when there is an error.',
      )
      .option('--strict', 'warnings count as errors'),
    {
      examples: ['wedsync journey check examples/*.json', 'wedsync journey check my.json --strict --json'],
      next: '"wedsync journey forecast <file>" shows what it would do; "wedsync journey publish <file>" makes it live.',
    },
  ).action(async (files: string[], options: { json?: boolean; strict?: boolean }) => {
    const read = await Promise.all(files.map((file) => readJourneyFile(file)))
    const problems = read.flatMap((one) => one.problems)
    const errors = problems.filter((one) => one.severity === 'error').length
    if (errors > 0 || (options.strict && problems.length > 0)) process.exitCode = EXIT.problems
    const colour = (line: string, isError: boolean): string =>
      isError ? onOutput.red(line) : onOutput.ochre(line)
    give(
      options.json,
      read.map(({ file, key, journey, problems: found }) => ({
        file,
        key,
        name: journey?.name ?? null,
        nodes: journey?.nodes.length ?? null,
        problems: found,
      })),
      problems.map((one) => colour(problemLine(one), one.severity === 'error')),
    )
    const verdict = `${count(files.length, 'file')}: ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}.`
    say(problems.length === 0 ? green(verdict) : verdict)
  })
}
