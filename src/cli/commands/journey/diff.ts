import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { diff, isSame, summaryOf } from '../../../core/journey/diff.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { House } from '../../../main.ts'
import { readJourneyFile } from '../../journey-file.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'
import { currentOf } from './publish.ts'

/** Files are read as files; everything else is a published journey, `key` or `key@version`. */
export function journeyDiff(group: Command): void {
  teach(
    ofVendor(
      group
        .command('diff <a> <b>')
        .description(
          'Say in sentences what the second has that the first has not. Each is a file, or a published journey as key or key@version.',
        ),
    ),
    {
      examples: ['wedsync journey diff old.json new.json', 'wedsync journey diff booked@3 booked.json'],
      next: '"wedsync journey publish <file> --plan move --dry-run" says what it means for couples in flight.',
    },
  ).action(async (a: string, b: string, options: { json?: boolean; vendor?: string }) => {
    const compare = (before: Journey, after: Journey): void => {
      const found = diff(before, after)
      give(
        options.json,
        { same: isSame(found), summary: summaryOf(found), ...found },
        isSame(found) ? ['They are the same.'] : summaryOf(found),
      )
    }
    if ([a, b].every(existsSync)) return compare(await inFile(a), await inFile(b))
    await withHouse(async (house) => {
      const vendor = await vendorFor(house.engine, options.vendor)
      compare(await meant(house, vendor.id, a), await meant(house, vendor.id, b))
    })
  })
}

async function inFile(file: string): Promise<Journey> {
  const { journey, problems } = await readJourneyFile(file)
  if (journey) return journey
  throw new Refusal('journey_invalid', `${file} cannot be read as a journey.`, {}, problems)
}

export async function meant(
  house: House,
  vendor: Parameters<typeof currentOf>[1],
  words: string,
): Promise<Journey> {
  if (existsSync(words)) return inFile(words)
  const [key = '', version] = words.split('@')
  const journey = await currentOf(
    house,
    vendor,
    key,
    version === undefined ? undefined : Number(version.replace(/^v/, '')),
  )
  if (!journey)
    throw new Refusal(
      'not_found',
      `"${words}" is neither a file nor a published journey. "wedsync journey list" names them.`,
    )
  return journey
}
