import type { Command } from 'commander'
import { Refusal } from '../../../core/refusal.ts'
import { revokeApiKeys } from '../../../store/api-key-list.ts'
import { insertAudit } from '../../../store/changes.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give } from '../../terminal.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function keyRevoke(group: Command): void {
  teach(
    ofVendor(
      group
        .command('revoke <id|name>')
        .description('Take a key back: whoever uses it is refused from now on.'),
    ),
    {
      examples: ['wedsync key revoke website'],
      next: '"wedsync key list" shows what is left.',
    },
  ).action((wanted: string, options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const now = engine.clock.now()
      const revoked = await engine.db.tx('key.revoke', { vendors: [vendor.id] }, async (sql) => {
        const rows = await revokeApiKeys(sql, vendor.id, wanted, now)
        if (rows.length > 1)
          throw new Refusal(
            'conflict',
            `${rows.length} keys are called "${wanted}"; name one by its id (wedsync key list).`,
          )
        await insertAudit(
          sql,
          rows.map((row) => ({
            vendor: vendor.id,
            id: engine.rng.uuid7(now),
            at: now,
            actor: ACTOR,
            action: 'key.revoked',
            subject: row.api_key_id,
            detail: {},
          })),
        )
        return rows
      })
      const [key] = revoked
      if (!key) throw new Refusal('not_found', `No valid key here is called "${wanted}".`)
      give(options.json, { revoked: key.api_key_id, name: key.name }, [`The key "${key.name}" is revoked.`])
    }),
  )
}
