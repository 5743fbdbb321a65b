import type { Command } from 'commander'
import { writeCsv } from '../../../core/csv.ts'
import { clientPages, type NamedClient } from '../../../engine/find-clients.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, give, say } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

const HEADER = [
  'id',
  'partner 1',
  'email',
  'phone',
  'partner 2',
  'email 2',
  'phone 2',
  'wedding date',
  'status of date',
  'zone',
  'region',
  'guests',
  'stage',
  'tags',
  'language',
]

export function couplesExport(group: Command): void {
  teach(
    ofVendor(
      group
        .command('export')
        .description('Write every couple as CSV to standard output, safe to open in a spreadsheet.'),
    ),
    {
      examples: ['wedsync couples export > couples.csv', 'wedsync couples export --json > couples.json'],
      more: 'A cell that a spreadsheet would compute (it begins with =, +, - or @) gets an apostrophe before it; an import takes it away again.',
      next: 'the file holds personal data in the clear: keep it no longer than you need it.',
    },
  ).action((options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const couples: NamedClient[] = []
      if (!options.json) process.stdout.write(writeCsv([HEADER]))
      let written = 0
      await watched('Exporting couples', async (tell) => {
        for await (const page of clientPages(engine, vendor.id)) {
          written += page.length
          if (options.json) couples.push(...page)
          else process.stdout.write(writeCsv(page.map(cellsOf)))
          tell(written)
        }
      })
      if (options.json) give(true, couples.map(coupleOf), [])
      say(`${count(written, 'couple')} exported.`)
    }),
  )
}

function cellsOf(client: NamedClient): string[] {
  const of = (ref: string) => client.people.find((one) => one.ref === ref)
  const person = (ref: string): string[] => [of(ref)?.name ?? '', of(ref)?.email ?? '', of(ref)?.phone ?? '']
  return [
    client.client_id,
    ...person('partner_a'),
    ...person('partner_b'),
    client.wedding_on ?? '',
    client.wedding_status ?? '',
    client.wedding_zone ?? '',
    client.wedding_region ?? '',
    client.wedding_guests === null ? '' : String(client.wedding_guests),
    client.stage,
    client.tags.join('; '),
    client.language,
  ]
}

const coupleOf = ({
  client_id: client,
  people,
  wedding_id,
  wedding_on,
  wedding_status,
  wedding_zone,
  wedding_region,
  wedding_guests,
  ...rest
}: NamedClient) => ({
  client,
  people: people.map(({ ref, name, email, phone }) => ({ ref, name, email, phone })),
  wedding:
    wedding_id === null
      ? null
      : {
          id: wedding_id,
          on: wedding_on,
          status: wedding_status,
          zone: wedding_zone,
          region: wedding_region,
          guests: wedding_guests,
        },
  ...rest,
})
