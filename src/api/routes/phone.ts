import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Engine } from '../../engine/engine.ts'
import { hearText } from '../../engine/hear-text.ts'
import { openJson } from '../../engine/views.ts'
import { capturedPlace } from '../../outgoing.ts'
import { listCaptured } from '../../store/captured.ts'
import { allVendors } from '../../store/journeys.ts'
import { refuseForeignOrigin } from '../frame/guard.ts'
import { isLocal } from '../frame/local.ts'
import { STYLE } from './style.ts'

/**
 * The captured phone: every text that would have left the house, by number, and an answer as its owner would give it.
 * STOP, START and HELP are heard as if a provider had brought them. It answers only on this machine.
 */
const TEXTS_MAX = 200
type Text = {
  readonly vendor: VendorId
  readonly vendorName: string
  readonly to: string
  readonly body: string
  readonly at: number
}

export function phone(engine: Engine, url: string): Hono {
  const mustBeLocal = (c: Context): void => {
    if (!isLocal(c)) throw new Refusal('forbidden', 'The phone answers only on this machine.')
  }
  return new Hono()
    .get('/phone', async (c) => {
      mustBeLocal(c)
      return c.html(page(await texts(engine), c.req.query('said') ?? null), 200, {
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      })
    })
    .post('/phone', async (c) => {
      mustBeLocal(c)
      refuseForeignOrigin(c, url)
      const form = new URLSearchParams((await c.req.text()).slice(0, 5_000))
      const vendor = (await allVendors(engine.db)).find((one) => one.vendor_id === form.get('vendor'))
      if (!vendor) throw new Refusal('not_found', 'There is no such business here.')
      const named = engine.rng.uuid7(engine.clock.now())
      const [from, body] = [form.get('from') ?? '', form.get('body') ?? '']
      const answer = await hearText(engine, vendor.vendor_id, from, body, named)
      return c.redirect(`/phone?said=${encodeURIComponent(answer ?? 'Heard.')}`, 303)
    })
}

async function texts(engine: Engine): Promise<Text[]> {
  const found: Text[] = []
  for (const { vendor_id: vendor, name } of await allVendors(engine.db)) {
    const rows = await engine.db.read('phone.list', { vendors: [vendor] }, (sql) =>
      listCaptured(sql, vendor, TEXTS_MAX),
    )
    for (const row of rows.filter((one) => one.channel === 'sms')) {
      const { to, body } = await openJson(engine.vault, capturedPlace(vendor, row.effect_id), row.sealed)
      found.push({ vendor, vendorName: name, to: String(to), body: String(body), at: row.at })
    }
  }
  return found.sort((a, b) => a.at - b.at)
}

const page = (all: readonly Text[], said: string | null) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Captured phone · WedSync Journeys</title><style>${raw(STYLE)}${raw(PHONE_STYLE)}</style></head>
<body><main>
<p class="eyebrow">Captured phone</p>
<h1>${all.length === 0 ? 'No text has been written yet.' : all.length === 1 ? 'One text has been captured.' : `${all.length} texts have been captured.`}</h1>
<p class="lead">Nothing leaves this machine. Answer as the couple would: STOP ends texts from that business, START begins them again. <a href="/mailbox">Mailbox</a></p>
${said === null ? '' : html`<p class="said" role="status">${said}</p>`}
${[...Map.groupBy(all, (one) => `${one.vendor} ${one.to}`).values()].map(thread)}
</main></body></html>`

function thread(all: Text[]) {
  const [first] = all
  if (!first) return ''
  return html`<section><h2>${first.to}</h2><p class="from">From ${first.vendorName}</p>
<ol class="texts">${all.map((one) => {
    const at = new Date(one.at).toISOString()
    return html`<li><p>${one.body}</p><time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 16)} UTC</time></li>`
  })}</ol>
<form method="post" action="/phone"><input type="hidden" name="vendor" value="${first.vendor}"><input type="hidden" name="from" value="${first.to}"><label>Answer <input name="body" maxlength="300" required autocomplete="off"></label> <button>Answer</button></form></section>`
}

const PHONE_STYLE = `
.texts{list-style:none;margin:0 0 12px;padding:0;display:grid;gap:8px}.texts p{max-width:340px;margin:0;padding:10px 14px;border-radius:14px;border:1px solid;white-space:pre-wrap;overflow-wrap:anywhere}
.texts time{font-size:12px}main .from{margin-left:0;margin-top:8px}.said{border-left:3px solid;padding-left:12px}
form{display:flex;flex-wrap:wrap;gap:8px;align-items:end}form input[name=body]{font:inherit;min-height:36px;padding:4px 10px}form button{font:inherit;min-height:36px;padding:4px 16px}
`
