import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { openLog } from '../../log.ts'
import { serve } from '../../serve.ts'
import { bold, faint, say } from '../terminal.ts'
import { whenToldToStop } from '../told-to-stop.ts'

/** Starts the product and stays until it is told to stop; then what is in hand is finished first. */
export function start(program: Command): void {
  program
    .command('start')
    .description(
      'start the web server and the worker (one process, embedded database, unless configured otherwise)',
    )
    .action(() => run({}))
  program
    .command('worker')
    .description('start a worker only, for a database and Redis shared with others')
    .action(() => run({ WEDSYNC_ROLE: 'worker' }))
}

async function run(override: { readonly [name: string]: string }): Promise<void> {
  const startedAt = performance.now()
  const config = readConfig({ ...process.env, ...override })
  const log = openLog(process.env.WEDSYNC_LOG ? config.logLevel : 'warn')
  const serving = await serve(config, log)
  for (const note of serving.house.notes) say(note)
  say(
    `${bold('WedSync Journeys')} is open at ${bold(serving.address)} ${faint(`(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)}`,
  )
  say(
    faint(
      serving.house.sending
        ? 'Sending is on.'
        : 'Nothing leaves this machine: letters go to the captured mailbox. Stop with Ctrl-C.',
    ),
  )
  whenToldToStop(async () => {
    say('Stopping: what is in hand is finished first.')
    await serving.drain()
    say('Stopped. Everything is kept.')
  })
}
