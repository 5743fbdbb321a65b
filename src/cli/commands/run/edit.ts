import type { Command } from 'commander'
import type { JsonObject, RunId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import { BULK_ROWS_MAX, goOnWith } from '../../../engine/bulk.ts'
import { beginEditIn } from '../../../engine/edit-some.ts'
import { picking, type RunOptions, refuseVague, runsLike } from '../../runs-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, give } from '../../terminal.ts'
import { readTextFile } from '../../text-file.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'
import { tellBulk } from './bulk.ts'

type Options = RunOptions & {
  json?: boolean
  vendor?: string
  step: string
  subject?: string
  preheader?: string
  body?: string
  bodyFile?: string
  text?: string
  dryRun?: boolean
}

/** "Edit this message once": other words for these couples, and for nobody else. */
export function runEdit(group: Command): void {
  teach(
    ofVendor(
      picking(
        group
          .command('edit [runs...]')
          .description(
            'Say one message otherwise, once: for these couples only, of a message that has not gone. For one run or many.',
          ),
      )
        .requiredOption('--step <node>', 'the step whose message it is')
        .option('--subject <words>', 'the subject of a letter')
        .option('--preheader <words>', 'the line an inbox shows behind the subject')
        .option('--body <words>', 'what a letter says')
        .option('--body-file <file>', 'the same out of a file; - is standard input')
        .option('--text <words>', 'what a short message says')
        .option('--all', 'every run that is under way')
        .option('--dry-run', 'only say how many runs are meant'),
    ),
    {
      examples: [
        'wedsync run edit 0198c1d2-… --step final-details --subject "Rain, and a barn"',
        'wedsync run edit --journey booked --step timeline --body-file rain.txt --dry-run',
      ],
      more: 'Fields such as {{ client.partner_a.first_name }} are filled in for each couple. The words are held to the rules of the step; whoever does not come to it any more is named and left as they are.',
      next: '"wedsync run undo <job>" takes it back within ten minutes; "wedsync journey explain --run <id>" shows when it goes.',
    },
  ).action((ids: string[], options: Options) => {
    refuseVague(ids, options)
    const words = wordsIn(options)
    return withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const runs =
        ids.length > 0
          ? (ids as RunId[])
          : (await runsLike(engine, vendor.id, options, BULK_ROWS_MAX + 1)).map((row) => row.run_id)
      if (options.dryRun)
        return give(options.json, { dryRun: true, runs }, [
          `The words would be changed for ${count(runs.length, 'run')}.`,
        ])
      await tellBulk('edit', runs, options.json, async (tell) => {
        const wanted = { runs, node: options.step, words }
        const job = await engine.db.tx('bulk.begin', { vendors: [vendor.id] }, (sql) =>
          beginEditIn(engine, sql, vendor.id, wanted, ACTOR),
        )
        return goOnWith(engine, vendor.id, job, tell)
      })
    })
  })
}

function wordsIn({ subject, preheader, body, bodyFile, text }: Options): JsonObject {
  if (body !== undefined && bodyFile !== undefined)
    throw new Refusal('invalid', 'Say --body or --body-file, not both.')
  const given = { subject, preheader, body: bodyFile === undefined ? body : readTextFile(bodyFile), text }
  const words = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  if (words.length === 0)
    throw new Refusal('invalid', 'Say which words: --subject, --preheader, --body, --body-file or --text.')
  return Object.fromEntries(words) as JsonObject
}
