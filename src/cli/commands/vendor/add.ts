import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { Refusal } from '../../../core/refusal.ts'
import { addVendor } from '../../../engine/vendors.ts'
import { teach } from '../../teach.ts'
import { give } from '../../terminal.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; type: string; zone: string; region: string; rules?: string }

export function vendorAdd(group: Command): void {
  teach(
    group
      .command('add <name>')
      .description('Add a wedding business: the tenant that couples, journeys and keys belong to.')
      .requiredOption('--type <type>', 'photographer, venue, caterer, florist, planner, dj …')
      .requiredOption('--zone <zone>', 'the home zone, such as Europe/Rome')
      .requiredOption('--region <code>', 'whose holidays count, such as IT or GB-SCT')
      .option('--rules <file>', 'working days, open hours, caps and late policies as JSON'),
    {
      examples: [
        'wedsync vendor add "Lumen Photography" --type photographer --zone Europe/London --region GB',
      ],
      more: 'Rules in a file look like {"workingDays": [2,3,4,5,6], "openHours": {"sms": {"from": "09:00", "to": "20:00"}}, "links": {"tour": "https://…"}}; what is left out is as usual.',
      next: '"wedsync key add --name website" gives the website a key; "wedsync couples import book.csv" brings the couples in.',
    },
  ).action((name: string, options: Options) =>
    withHouse(async ({ engine }) => {
      const { type, zone, region } = options
      const rules = options.rules ? rulesIn(options.rules) : {}
      const id = await addVendor(engine, { name, type, zone, region, rules })
      give(options.json, { vendor: id, name, type, zone, region }, [`${name} is here: ${id}`])
    }),
  )
}

function rulesIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Refusal('invalid', `The rules in ${file} cannot be read: ${(error as Error).message}`)
  }
}
