import type { Command } from 'commander'
import { Refusal } from '../../../core/refusal.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { readDeadLetters } from '../../../store/dead-letter-list.ts'
import { ofVendor, teach, wholeNumber } from '../../teach.ts'
import { give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; kind?: string; cause?: string; max: number }

export function deadLettersShow(group: Command): void {
  teach(
    ofVendor(
      group
        .command('show [effect]')
        .description(
          'Tell undelivered messages in full, every attempt of them: one, or those of a kind or cause.',
        )
        .option('--kind <kind>', 'such as email@1')
        .option('--cause <cause>', 'such as address_unknown')
        .option('--max <number>', 'at most so many', wholeNumber, 50),
    ),
    {
      examples: ['wedsync dead-letters show 8f14e45f-…', 'wedsync dead-letters show --kind email@1 --json'],
      next: '"wedsync run show <run>" tells the journey around it.',
    },
  ).action((effect: string | undefined, options: Options) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const { kind, cause } = options
      const which = { ...(effect ? { effect } : {}), ...(kind ? { kind } : {}), ...(cause ? { cause } : {}) }
      const rows = await engine.db.tx('dead_letter.read', { vendors: [vendor.id] }, (sql) =>
        readDeadLetters(sql, vendor.id, which, options.max),
      )
      if (effect && rows.length === 0)
        throw new Refusal('not_found', `No undelivered message of ${vendor.name} is called ${effect}.`)
      const letters = rows.map(({ effect_id, run_id, at, ...row }) => ({
        effect: effect_id,
        run: run_id,
        at: isoOf(at),
        ...row,
      }))
      give(
        options.json,
        letters,
        letters.flatMap((one) => [
          `${one.effect}  ${one.kind} to ${one.recipient} at step ${one.node}, run ${one.run}`,
          `  ${one.at}: ${one.cause}${one.detail ? `, ${one.detail}` : ''}`,
          ...one.attempts.map(
            (attempt) =>
              `  attempt ${attempt.attempt}: ${attempt.result ?? 'no answer'}${attempt.detail ? `, ${attempt.detail}` : ''}`,
          ),
        ]),
      )
    }),
  )
}
