import type { Command } from 'commander'
import type { EffectId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import { requeue } from '../../../engine/dead-letters.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, give } from '../../terminal.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; kind?: string; cause?: string; all?: boolean }

export function deadLettersRequeue(group: Command): void {
  teach(
    ofVendor(
      group
        .command('requeue [effect]')
        .description(
          'Try undelivered messages once more under their old key, so that a provider that knows the key does not send twice.',
        )
        .option('--kind <kind>', 'those of a kind')
        .option('--cause <cause>', 'those with a cause')
        .option('--all', 'all of them'),
    ),
    {
      examples: [
        'wedsync dead-letters requeue 8f14e45f-…',
        'wedsync dead-letters requeue --cause connection_refused',
        'wedsync dead-letters requeue --all',
      ],
      next: '"wedsync dead-letters list" shows what failed again. An unresolved message may have arrived: a second one is then your decision, and recorded as yours.',
    },
  ).action((effect: string | undefined, options: Options) => {
    const { kind, cause, all } = options
    if (!effect && !kind && !cause && !all)
      throw new Refusal('invalid', 'Say which: an effect, --kind, --cause, or --all.')
    return withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const which = {
        ...(effect ? { effect: effect as EffectId } : {}),
        ...(kind ? { kind } : {}),
        ...(cause ? { cause } : {}),
      }
      const rows = await watched('Putting messages back', () => requeue(engine, vendor.id, which, ACTOR))
      if (effect && rows.length === 0)
        throw new Refusal('not_found', `No undelivered message of ${vendor.name} is called ${effect}.`)
      give(options.json, { requeued: rows.map((row) => ({ effect: row.effect_id, run: row.run_id })) }, [
        `${count(rows.length, 'message')} will be tried again.`,
      ])
    })
  })
}
