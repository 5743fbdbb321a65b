import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { Option } from 'commander'
import { PERMISSION_NAMES } from '../../../contract/permission.ts'
import { addApiKey } from '../../../engine/api-keys.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give, say } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; name: string; scope: string[] }
const SECRET_BYTES = 32

export function keyAdd(group: Command): void {
  teach(
    ofVendor(
      group
        .command('add')
        .description(
          'Make a key by which a program speaks for a vendor. It is shown once and kept only as a hash.',
        )
        .requiredOption('--name <name>', 'what it is for, such as "website"')
        .addOption(
          new Option('--scope <scope...>', 'what it may do')
            .choices(PERMISSION_NAMES)
            .default(['events:write']),
        ),
    ),
    {
      examples: [
        'wedsync key add --name website',
        'wedsync key add --name crm --scope events:write clients:read --json',
      ],
      more: 'docs/permissions.md says what each scope allows.',
      next: 'give it to the program as "authorization: Bearer wed_…"; take it back with "wedsync key revoke".',
    },
  ).action((options: Options) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const key = await addApiKey(engine, vendor.id, options.name, options.scope, randomBytes(SECRET_BYTES))
      give(options.json, { key, name: options.name, scopes: options.scope, vendor: vendor.id }, [key])
      if (!options.json) say('Keep it now: it is not shown again.')
    }),
  )
}
