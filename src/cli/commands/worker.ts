import type { Command } from 'commander'
import { teach } from '../teach.ts'
import { stay } from './start.ts'

/** A worker alone, beside others on one database. */
export function worker(program: Command): void {
  teach(
    program.command('worker').description('Start a worker only, for a database that several programs share.'),
    {
      examples: [
        'DATABASE_URL=postgres://… wedsync worker',
        'DATABASE_URL=postgres://… REDIS_URL=redis://… wedsync worker',
      ],
      next: 'start as many as you like, on as many machines: they share the work by themselves. "wedsync doctor" shows who is alive.',
    },
  ).action((options: { json?: boolean }) => stay(options, { WEDSYNC_ROLE: 'worker' }))
}
