import type { Command } from 'commander'
import { Option } from 'commander'
import type { NodeId, RunId } from '../../../core/ids.ts'
import { diff, summaryOf } from '../../../core/journey/diff.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import type { MigrationChoice } from '../../../core/journey/migrate.ts'
import { Refusal } from '../../../core/refusal.ts'
import { openDocument } from '../../../engine/graphs.ts'
import { publish } from '../../../engine/publish.ts'
import type { House } from '../../../main.ts'
import { findJourney } from '../../../store/journeys.ts'
import { readVersion } from '../../../store/views.ts'
import { keyOf, problemLine, soundJourney } from '../../journey-file.ts'
import { watched } from '../../progress.ts'
import { ofVendor, pair, teach } from '../../teach.ts'
import { count, give, ochre, say } from '../../terminal.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = {
  json?: boolean
  vendor?: string
  key?: string
  plan: 'move' | 'finish' | 'jump'
  to?: string
  redirect?: Record<string, string>
  only?: string[]
  dryRun?: boolean
}
const KEY = /^[a-z0-9][a-z0-9_-]{0,99}$/

export function journeyPublish(group: Command): void {
  teach(
    ofVendor(
      group
        .command('publish <file>')
        .description(
          'Make a journey live as a new version. Couples in flight finish on the old one unless the plan says otherwise.',
        )
        .option('--key <key>', "the journey's name among the vendor's; by default the name of the file")
        .addOption(
          new Option('--plan <plan>', 'what couples in flight do')
            .choices(['finish', 'move', 'jump'])
            .default('finish'),
        )
        .option('--to <node>', 'with --plan jump: where to')
        .option(
          '--redirect <from=to>',
          'with --plan move: where a token goes whose node is gone; as often as needed',
          pair,
        )
        .option('--only <run...>', 'only these runs move: one couple first')
        .option('--dry-run', 'judge and compare; publish nothing'),
    ),
    {
      examples: [
        'wedsync journey publish booked-to-wedding.json',
        'wedsync journey publish booked.json --key booked --plan move --only 0198…',
      ],
      next: '"wedsync journey list" shows the version; "wedsync event …" or an import starts couples on it.',
    },
  ).action(async (file: string, options: Options) => {
    const { journey, warnings } = await soundJourney(file)
    const key = options.key ?? keyOf(file)
    if (!KEY.test(key))
      throw new Refusal(
        'invalid',
        `"${key}" is no key for a journey: small letters, digits, - and _. Say another with --key.`,
      )
    for (const one of warnings) say(ochre(problemLine(one)))
    await withHouse(async (house) => {
      const vendor = await vendorFor(house.engine, options.vendor)
      const before = await currentOf(house, vendor.id, key)
      const changes = before ? summaryOf(diff(before, journey)) : ['A new journey.']
      if (options.dryRun)
        return give(options.json, { key, dryRun: true, changes, problems: warnings }, changes)
      const publication = {
        key,
        document: journey,
        by: ACTOR,
        plan: planOf(options),
        ...(options.only ? { only: options.only as RunId[] } : {}),
      }
      const receipt = await watched('Publishing, runs taken along', (tell) =>
        publish(house.engine, vendor.id, publication, tell),
      )
      give(options.json, { key, ...receipt, changes, problems: warnings }, [
        `${key} version ${receipt.version} is live (publication ${receipt.publication}).`,
        ...changes.map((one) => `  ${one}`),
        `  ${count(receipt.moved.length, 'run')} moved, ${count(receipt.stayed.length, 'stays', 'stay')} on the old version, ${count(receipt.started.length, 'run')} began.`,
        ...receipt.blocked.map((one) => `  blocked ${one.run}: ${one.why}`),
      ])
    })
  })
}

function planOf({ plan, to, redirect }: Options): MigrationChoice {
  if (plan === 'finish') return { is: 'finish_old' }
  if (plan === 'move') return { is: 'move', redirects: (redirect ?? {}) as { [from: NodeId]: NodeId } }
  if (to === undefined) throw new Refusal('invalid', '--plan jump needs --to <node>.')
  return { is: 'jump', to: to as NodeId }
}

/** The version that is live, or null when there is none yet. */
async function currentOf(
  { engine }: House,
  vendor: Parameters<typeof openDocument>[1],
  key: string,
  version?: number,
): Promise<Journey | null> {
  return engine.db.tx('journey.read', { vendors: [vendor] }, async (sql) => {
    const row = await findJourney(sql, vendor, key)
    const wanted = version ?? row?.version ?? null
    if (!row || wanted === null) return null
    const sealed = await readVersion(sql, vendor, row.journey_id, wanted)
    return sealed ? openDocument(engine.vault, vendor, row.journey_id, wanted, sealed.document) : null
  })
}
