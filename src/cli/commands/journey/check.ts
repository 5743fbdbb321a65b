import type { Command } from 'commander'
import { problemLine } from '../../journey-file.ts'
import { HOW_NAMED, withJourneys } from '../../journeys-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, EXIT, give, green, onOutput, say } from '../../terminal.ts'

type Options = { json?: boolean; vendor?: string; strict?: boolean }

/** Files need no database: they, and the module types that come with the program, are enough. */
export function journeyCheck(group: Command): void {
  teach(
    ofVendor(
      group
        .command('check <journeys...>')
        .description(
          'Judge journeys: every error and every warning at once, of a file with line and column. Exit code 1 when there is an error.',
        )
        .option('--strict', 'warnings count as errors'),
    ),
    {
      examples: [
        'wedsync journey check examples/*.json',
        'wedsync journey check my.json --strict --json',
        'wedsync journey check booked@draft',
      ],
      more: HOW_NAMED,
      next: '"wedsync journey forecast <journey>" shows what it would do; "wedsync journey publish <file>" makes it live.',
    },
  ).action((words: string[], options: Options) =>
    withJourneys(words, { ...options, judging: true }, async (journeys) => {
      const problems = journeys.flatMap((one) => one.problems)
      const errors = problems.filter((one) => one.severity === 'error').length
      if (errors > 0 || (options.strict && problems.length > 0)) process.exitCode = EXIT.problems
      const colour = (line: string, isError: boolean): string =>
        isError ? onOutput.red(line) : onOutput.ochre(line)
      give(
        options.json,
        journeys.map(({ words: named, key, of, journey, problems: found }) => ({
          ...(of === 'file' ? { file: named } : { of }),
          key,
          name: journey?.name ?? null,
          nodes: journey?.nodes.length ?? null,
          problems: found,
        })),
        problems.map((one) => colour(problemLine(one), one.severity === 'error')),
      )
      const what = journeys.every((one) => one.of === 'file') ? 'file' : 'journey'
      const verdict = `${count(journeys.length, what)}: ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}.`
      say(problems.length === 0 ? green(verdict) : verdict)
    }),
  )
}
