import type { Command } from 'commander'
import { isoOf } from '../../../core/time/instant.ts'
import { listApiKeys } from '../../../store/api-key-list.ts'
import { ofVendor, teach } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function keyList(group: Command): void {
  teach(
    ofVendor(group.command('list').description("List a vendor's keys: what they may do, never the keys.")),
    {
      examples: ['wedsync key list', 'wedsync key list --vendor "Lumen Photography" --json'],
      next: '"wedsync key revoke <id or name>" takes one back.',
    },
  ).action((options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const rows = await engine.db.tx('key.list', { vendors: [vendor.id] }, (sql) =>
        listApiKeys(sql, vendor.id),
      )
      const keys = rows.map((row) => ({
        id: row.api_key_id,
        name: row.name,
        scopes: row.scopes,
        made: isoOf(row.created_at),
        revoked: row.revoked_at === null ? null : isoOf(row.revoked_at),
      }))
      const lines = columns(
        keys.map((one) => [
          one.id,
          one.name,
          one.scopes.join(' '),
          one.revoked ? `revoked ${one.revoked}` : `since ${one.made}`,
        ]),
      )
      give(
        options.json,
        keys,
        lines.length > 0 ? lines : [`${vendor.name} has no keys: wedsync key add --name website`],
      )
    }),
  )
}
