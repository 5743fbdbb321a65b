import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { Mail } from '../../channels/email/mail.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Zone } from '../../core/time/local.ts'
import { tellMoment } from '../../core/time/spoken.ts'
import type { Engine } from '../../engine/engine.ts'
import { openJson } from '../../engine/views.ts'
import { capturedPlace } from '../../outgoing.ts'
import { type CapturedRow, listCaptured } from '../../store/captured.ts'
import { allVendors } from '../../store/journeys.ts'
import type { HealthParts } from './health.ts'
import { STYLE } from './style.ts'

/**
 * What runs here, and the captured mailbox with every letter that would have left the
 * house. It shows couples' words, so it answers only to this machine; the app with accounts takes its place.
 */
const LETTERS_MAX = 100
type Letter = {
  readonly row: CapturedRow
  readonly vendor: VendorId
  readonly vendorName: string
  readonly mail: Partial<Mail> & { readonly [key: string]: unknown }
}

export function mailbox(engine: Engine, parts: HealthParts): Hono {
  return new Hono()
    .get('/mailbox', async (c) => {
      if (!isLocal(c.req.header('host')))
        throw new Refusal(
          'forbidden',
          'The mailbox shows personal words and answers only on this machine, at http://127.0.0.1 or http://localhost.',
        )
      return c.html(page(parts, await letters(engine), engine.clock.now()))
    })
    .get('/letters/:vendor/:effect', async (c) => {
      if (!isLocal(c.req.header('host')))
        throw new Refusal('forbidden', 'The mailbox answers only on this machine.')
      const letter = (await letters(engine)).find(
        (one) => one.row.effect_id === c.req.param('effect') && one.vendor === c.req.param('vendor'),
      )
      if (!letter) throw new Refusal('not_found', 'This letter is not in the mailbox.')
      return c.html(String(letter.mail.html ?? ''), 200, {
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      })
    })
}

const isLocal = (host: string | undefined): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '')

async function letters(engine: Engine): Promise<Letter[]> {
  const found: Letter[] = []
  for (const vendor of await allVendors(engine.db)) {
    const rows = await engine.db.tx('mailbox.list', { vendors: [vendor.vendor_id] }, (sql) =>
      listCaptured(sql, vendor.vendor_id, LETTERS_MAX),
    )
    for (const row of rows) {
      const mail = (await openJson(
        engine.vault,
        capturedPlace(vendor.vendor_id, row.effect_id),
        row.sealed,
      )) as Letter['mail']
      found.push({ row, vendor: vendor.vendor_id, vendorName: vendor.name, mail })
    }
  }
  return found.sort((a, b) => b.row.at - a.row.at).slice(0, LETTERS_MAX)
}

const page = (parts: HealthParts, found: readonly Letter[], now: Letter['row']['at']) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>WedSync Journeys</title><style>${raw(STYLE)}</style></head>
<body><main>
<p class="eyebrow">WedSync Journeys ${parts.version}</p>
<h1>${lede(found.length)}</h1>
<p class="facts">${parts.sending ? 'Sending is on for this installation.' : 'Nothing leaves this machine: letters are captured here until sending is switched on.'} ${parts.database}. Installation <code>${parts.installation}</code>. <a href="/health/ready">Health</a> · <a href="/metrics">Metrics</a></p>
${found.length === 0 ? empty() : html`<section aria-label="Captured letters">${found.map((letter) => letterCard(letter, now))}</section>`}
</main></body></html>`

const lede = (count: number): string =>
  count === 0
    ? 'The house is open, and no letter has been written yet.'
    : count === 1
      ? 'One letter has been captured.'
      : `${count} letters have been captured.`

const empty =
  () => html`<div class="empty"><p>Tell it that a couple has asked for you, and the first letter appears here:</p>
<pre><code>npx wedsync vendor add "Lumen Photography" --zone Europe/London
npx wedsync journey publish examples/first-reply.json
npx wedsync event inquiry_received --partner "Anna Ashworth" --email anna@example.org --wedding 2027-06-12</code></pre></div>`

function letterCard({ row, vendor, vendorName, mail }: Letter, _now: Letter['row']['at']) {
  const to = mail.to ? `${mail.to.name ?? ''} <${mail.to.address}>` : String(mail.url ?? 'your team')
  const subject = mail.subject ?? (row.channel === 'webhook' ? 'Webhook' : String(mail.text ?? 'Note'))
  return html`<details><summary><span class="subject">${subject}</span><span class="to">${to}</span><time datetime="${new Date(row.at).toISOString()}">${tellMoment(row.at, 'UTC' as Zone)}</time></summary>
<p class="from">${vendorName} · ${row.channel} · attempt ${row.attempt}</p>
${mail.html ? html`<iframe sandbox title="${subject}" src="/letters/${vendor}/${row.effect_id}"></iframe>` : html`<pre>${JSON.stringify(mail, null, 2)}</pre>`}</details>`
}
