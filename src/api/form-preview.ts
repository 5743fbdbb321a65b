import type { Context, Hono } from 'hono'
import type { Accounts } from '../accounts/accounts.ts'
import { readFormDraft } from '../contract/forms.ts'
import type { Permission } from '../contract/permission.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { brandIn } from '../engine/brand.ts'
import type { Engine } from '../engine/engine.ts'
import { draftFormOf } from '../engine/forms.ts'
import { settingsOf } from '../engine/settings.ts'
import { PREVIEW_HEADERS, previewPage } from '../public/preview.ts'
import { readForm } from '../store/forms.ts'
import { callerOf, standAt } from './frame/caller.ts'
import { presentError } from './problem.ts'

/** A form as it is written, drawn as a couple will see it: for the builder's frame, with the session of who builds. */
export function formPreview(front: Hono, engine: Engine, accounts: Accounts | null): void {
  front.get('/f/preview/:vendor{[0-9a-f-]{36}}/:form{[0-9a-f-]{36}}', async (c) => {
    try {
      return c.html(await drawn(c, engine, accounts), 200, PREVIEW_HEADERS)
    } catch (error) {
      return presentError(error, c, engine.log)
    }
  })
}

async function drawn(c: Context, engine: Engine, accounts: Accounts | null): Promise<string> {
  const vendor = c.req.param('vendor') as VendorId
  const headers = new Headers({ cookie: c.req.header('cookie') ?? '' })
  const stand = await standAt(engine, await callerOf(engine, accounts, headers), vendor)
  if (!stand.may(readFormDraft.needs as Permission))
    throw new Refusal('forbidden', 'Your role may not see forms.')
  return engine.db.read('form.preview', { vendors: [vendor] }, async (sql) => {
    const row = await readForm(sql, vendor, c.req.param('form') ?? '')
    if (!row) throw new Refusal('not_found', 'There is no form here with this id.')
    const settings = await settingsOf(sql, vendor)
    const dressed = { ...settings, id: vendor, brand: await brandIn(sql, vendor) }
    return previewPage(await draftFormOf(engine, vendor, row), dressed, engine.clock.now())
  })
}
