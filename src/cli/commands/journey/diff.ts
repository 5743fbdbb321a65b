import type { Command } from 'commander'
import { diff, isSame, summaryOf } from '../../../core/journey/diff.ts'
import { HOW_NAMED, readable, withJourneys } from '../../journeys-meant.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give } from '../../terminal.ts'

export function journeyDiff(group: Command): void {
  teach(
    ofVendor(
      group
        .command('diff <a> <b>')
        .description('Say in sentences what the second journey has that the first has not.'),
    ),
    {
      examples: [
        'wedsync journey diff old.json new.json',
        'wedsync journey diff booked@3 booked.json',
        'wedsync journey diff booked booked@draft',
      ],
      more: HOW_NAMED,
      next: '"wedsync journey publish <file> --plan move --dry-run" says what it means for couples in flight.',
    },
  ).action((a: string, b: string, options: { json?: boolean; vendor?: string }) =>
    withJourneys([a, b], options, async ([before, after]) => {
      const found = diff(readable(before!), readable(after!))
      const sentences = isSame(found) ? ['They are the same.'] : summaryOf(found)
      give(options.json, { same: isSame(found), summary: summaryOf(found), ...found }, sentences)
    }),
  )
}
