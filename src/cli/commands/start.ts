import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { openLog } from '../../log.ts'
import { ensureWebApp, WEB_FOLDER } from '../../web-build.ts'
import { teach } from '../teach.ts'
import { bold, faint, give, say } from '../terminal.ts'
import { whenToldToStop } from '../told-to-stop.ts'

/** Starts the product and stays until it is told to stop; then what is in hand is finished first. */
export function start(program: Command): void {
  teach(
    program
      .command('start')
      .description(
        'Start the web server and the worker: one process and an embedded database, unless configured otherwise.',
      ),
    {
      examples: ['wedsync start', 'PORT=8080 WEDSYNC_DATA=/srv/wedsync wedsync start'],
      more: 'It says the address it is open at and, as long as nobody can sign in, a link by which you open your business. Data lies in WEDSYNC_DATA, the key to it beside that folder: keep a copy of the key. Until WEDSYNC_SENDING is set, letters go to the page /mailbox and nowhere else. Ctrl-C stops it: what is in hand is finished first.',
      next: 'add a vendor with "wedsync vendor add", publish a journey with "wedsync journey publish". "wedsync doctor" lists every setting.',
    },
  ).action((options: { json?: boolean }) => stay(options, {}))
}

export async function stay(
  options: { readonly json?: boolean },
  override: { readonly [name: string]: string },
): Promise<void> {
  const startedAt = performance.now()
  const config = readConfig({ ...process.env, ...override })
  const log = openLog(process.env.WEDSYNC_LOG ? config.logLevel : 'warn')
  // While the database starts, the app is built if it must be.
  const built =
    config.role === 'worker'
      ? Promise.resolve(false)
      : ensureWebApp(say).catch((error: unknown) => {
          say(`The web app could not be made ready: ${error}`)
          return false
        })
  const { serve } = await import('../../serve.ts')
  const serving = await serve(config, log, { built: built.then((there) => (there ? WEB_FOLDER : null)) })
  for (const note of serving.house.notes) say(note)
  const seconds = (performance.now() - startedAt) / 1_000
  const place = config.role === 'worker' ? 'works' : `is open at ${bold(serving.address)}`
  say(`${bold('WedSync Journeys')} ${place} ${faint(`(${seconds.toFixed(1)} s)`)}`)
  say(
    faint(
      serving.house.sending
        ? 'Sending is on.'
        : 'Nothing leaves this machine: letters go to the captured mailbox. Stop with Ctrl-C.',
    ),
  )
  const { installation_id: installation } = serving.house.installation
  if (serving.ownerLink) {
    say('Nobody can sign in here yet. Open your business with this link; it works once, for one day:')
    say(`  ${bold(serving.ownerLink)}`)
  }
  if (options.json)
    give(
      true,
      {
        address: serving.address,
        role: config.role,
        installation,
        sending: serving.house.sending,
        seconds,
        ownerLink: serving.ownerLink,
      },
      [],
    )
  whenToldToStop(async () => {
    say('Stopping: what is in hand is finished first.')
    await serving.drain()
    say('Stopped. Everything is kept.')
  })
}
