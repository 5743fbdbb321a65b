import { Command, Help } from 'commander'
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
import { EXIT } from './terminal.ts'
import { VERSION } from './version.ts'

/** The command `wedsync`: one file a command, written out in the order one meets them. */
export const program = new Command('wedsync')
  .description(
    'WedSync Journeys: every message, form, meeting and task between a wedding vendor and a couple, at its time.',
  )
  .version(VERSION, '-V, --version', 'say which version this is')
  .helpOption('-h, --help', 'say this')
  .helpCommand('help [command]', 'say how a command is used')
  .showHelpAfterError('Add --help to see how it is used.')
  .showSuggestionAfterError()
  .exitOverride()
  .configureHelp({
    optionDescription: (option) =>
      `${new Help().optionDescription(option)}${option.mandatory ? ' (required)' : ''}`,
  })
  .addHelpText(
    'after',
    `
First steps:
  $ wedsync start
      stays, in a terminal of its own; it says its address, and a link by which you open your business
  $ wedsync vendor add "Lumen Photography" --type photographer --zone Europe/London --region GB
      the same without the app; either is enough
  $ wedsync journey check   examples/first-reply.json
  $ wedsync journey publish examples/first-reply.json
  $ wedsync event inquiry_received --partner "Anna Ashworth" --email anna@example.org --wedding 2027-06-12
  $ wedsync journey explain --client Anna
      what she has heard, what she will hear next, and why

Words:
  vendor   a wedding business; couples, journeys and keys belong to one
  journey  what happens with every couple: messages, forms, waits, tasks, one step after the other
  run      one couple on one journey; it has an id, which "wedsync run list" tells
  step     one place in a journey, by the id it has in the file, such as final-details
  job      one thing asked of many; "wedsync run job" tells how far it is and what became of each

Commands work beside the program that runs on the same data, and by themselves when none does.
The answer goes to standard output, everything else to standard error; --json makes it one value, problems too.
Exit codes: ${EXIT.fine} done · ${EXIT.problems} something wants a look · ${EXIT.usage} not understood · ${EXIT.data} what was given is wrong
            ${EXIT.unavailable} cannot be reached · ${EXIT.refused} refused · 130 interrupted
Settings are environment variables: "wedsync doctor" lists each with its value. All of this in one place: docs/cli.md
`,
  )

type Part = (group: Command) => void

function group(name: string, description: string, commands: readonly Part[], more: string): void {
  const one = program.command(name).description(description).addHelpText('after', `\n${more}\n`)
  for (const command of commands) command(one)
}

program.commandsGroup('The program:')
for (const command of [start, worker, migrate, doctor, mailIn]) command(program)

program.commandsGroup('Businesses, and who may enter:')
ownerLink(program)
group(
  'vendor',
  'Wedding businesses: the tenants of this installation.',
  [vendorAdd, vendorList],
  'With one vendor no command asks which; with several, name it with --vendor "Lumen Photography".',
)
group(
  'key',
  'Keys by which programs speak for a vendor.',
  [keyAdd, keyList, keyRevoke],
  'A website tells of inquiries with such a key: POST /api/v1/events. The program shows the whole API under /reference.',
)

program.commandsGroup('Couples and their journeys:')
group(
  'couples',
  'Couples as a table: in and out.',
  [couplesImport, couplesExport],
  'Look first: "wedsync couples import book.csv --dry-run" names every cell that cannot be understood and writes nothing.',
)
event(program)
group(
  'journey',
  'Journeys: as files, and as they run.',
  [journeyCheck, journeyForecast, journeySimulate, journeyPublish, journeyList, journeyDiff, journeyExplain],
  'On the way to a journey that is live: check says what is wrong with it, forecast what it does with one couple, explain why,\nsimulate what it does with a whole book, diff what is new in it, publish makes it live. examples/ holds finished ones.',
)
group(
  'run',
  'Couples on their way: look at them, and take them by the hand.',
  [runList, runShow, ...runCommands, runEdit, undo, job],
  'A run is one couple on one journey. Name runs by their ids ("wedsync run list"), or pick them with --journey, --status and\n--client; --dry-run says how many are meant. What was asked of them is taken back with "wedsync run undo <job>" for ten minutes.',
)
group(
  'wedding',
  'Weddings that move.',
  [weddingMove, undo, job],
  'Look first: "wedsync wedding move … --preview" shows what stays, what moves and what needs you. What was sent stays sent.',
)

program.commandsGroup('When something goes wrong:')
group(
  'dead-letters',
  'What could not be delivered.',
  [deadLettersList, deadLettersShow, deadLettersRequeue],
  'list says what failed and why, show tells every attempt, requeue tries again once the cause is mended.',
)
group(
  'audit',
  'The record of changes.',
  [auditVerify],
  'Every change is written down and sealed in batches; verify finds whatever was altered afterwards.',
)
group(
  'backup',
  'Everything in one sealed file.',
  [backupCreate, backupVerify],
  '"wedsync restore <file>" makes an installation of it, in an empty place.',
)
restore(program)
