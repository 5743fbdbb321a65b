import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { Accounts } from '../../accounts/accounts.ts'
import type { Mail } from '../../channels/email/mail.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Instant } from '../../core/time/instant.ts'
import type { Zone } from '../../core/time/local.ts'
import { tellDay, tellMoment } from '../../core/time/spoken.ts'
import { localDateOf } from '../../core/time/zone.ts'
import type { Engine } from '../../engine/engine.ts'
import { openJson } from '../../engine/views.ts'
import { capturedPlace } from '../../outgoing.ts'
import { type CapturedRow, listCaptured } from '../../store/captured.ts'
import { allVendors } from '../../store/journeys.ts'
import { isLocal } from '../frame/local.ts'
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

export function mailbox(engine: Engine, parts: HealthParts, accounts: Accounts | null): Hono {
  return new Hono()
    .get('/mailbox', async (c) => {
      if (!isLocal(c))
        throw new Refusal(
          'forbidden',
          'The mailbox shows personal words and answers only on this machine, at http://127.0.0.1 or http://localhost.',
        )
      const aboutAccounts = (await accounts?.letters.captured(LETTERS_MAX)) ?? []
      return c.html(page(parts, await letters(engine), aboutAccounts, engine.clock.now()))
    })
    .get('/letters/:vendor/:effect', async (c) => {
      if (!isLocal(c)) throw new Refusal('forbidden', 'The mailbox answers only on this machine.')
      const letter = (await letters(engine)).shown.find(
        (one) => one.row.effect_id === c.req.param('effect') && one.vendor === c.req.param('vendor'),
      )
      if (!letter) throw new Refusal('not_found', 'This letter is not in the mailbox.')
      return c.html(String(letter.mail.html ?? ''), 200, {
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
      })
    })
}

type Found = { readonly shown: readonly Letter[]; readonly more: boolean; readonly businesses: number }

async function letters(engine: Engine): Promise<Found> {
  const found: Letter[] = []
  const vendors = await allVendors(engine.db)
  for (const vendor of vendors) {
    const rows = await engine.db.tx('mailbox.list', { vendors: [vendor.vendor_id] }, (sql) =>
      listCaptured(sql, vendor.vendor_id, LETTERS_MAX + 1),
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
  found.sort((a, b) => b.row.at - a.row.at)
  return { shown: found.slice(0, LETTERS_MAX), more: found.length > LETTERS_MAX, businesses: vendors.length }
}

const page = (
  parts: HealthParts,
  { shown, more, businesses }: Found,
  aboutAccounts: readonly CapturedLetter[],
  now: Instant,
) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title(shown.length, more)}</title><style>${raw(STYLE)}</style></head>
<body><main>
<p class="eyebrow"><a href="/">Back to the app</a> · Captured mailbox</p>
<h1>${lede(shown.length, more)}</h1>
<p class="lead">${parts.sending ? 'Sending is on: letters leave the house. What is shown here was captured before.' : 'Nothing leaves this machine: whatever a journey sends is kept here until sending is switched on.'}</p>
${aboutAccounts.length === 0 ? '' : html`<section><h2>About accounts</h2>${aboutAccounts.map(accountCard)}</section>`}
${shown.length === 0 ? empty(businesses > 0) : [...byDay(shown, now)].map(([day, all]) => html`<section><h2>${day}</h2>${all.map(letterCard)}</section>`)}
${more ? html`<p class="more">These are the newest ${LETTERS_MAX}. Older ones are kept and not shown here.</p>` : ''}
<dl class="facts"><div><dt>WedSync Journeys</dt><dd>${parts.version}</dd></div><div><dt>Database</dt><dd>${parts.database}</dd></div><div><dt>Installation</dt><dd><code>${parts.installation}</code></dd></div><div><dt>State</dt><dd><a href="/health/ready">health</a>, <a href="/metrics">metrics</a></dd></div></dl>
</main></body></html>`

type CapturedLetter = Awaited<ReturnType<Accounts['letters']['captured']>>[number]

function accountCard({ letter, at }: CapturedLetter) {
  const moment = at.toISOString()
  return html`<details><summary><span class="kind">Account</span><span class="subject" title="${letter.subject}">${letter.subject}</span><span class="to">${letter.to.address}</span><time datetime="${moment}">${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC</time></summary>
<pre>${letter.text}</pre></details>`
}

const counted = (count: number, more: boolean): string =>
  more ? `More than ${count} messages` : count === 1 ? 'One message' : `${count} messages`

const title = (count: number, more: boolean): string =>
  count === 0 ? 'WedSync Journeys' : `${counted(count, more)} · WedSync Journeys`

const lede = (count: number, more: boolean): string =>
  count === 0
    ? 'No message has gone out yet.'
    : `${counted(count, more)} ${count === 1 && !more ? 'has' : 'have'} been captured.`

const UTC = 'UTC' as Zone

/** The newest day first, under the words a person would use for it. */
function byDay(shown: readonly Letter[], now: Instant): Map<string, Letter[]> {
  const today = localDateOf(now, UTC)
  return Map.groupBy(shown, ({ row }) => {
    const day = localDateOf(row.at, UTC)
    return day === today ? `Today, ${tellDay(day)}` : tellDay(day)
  })
}

/** Whoever works in the app is told of the app; before there is any business, a program may begin as well. */
const empty = (isOpened: boolean) => (isOpened ? inTheApp : byCommand)

const inTheApp = html`<div class="empty"><p>Whatever your journeys send lands here the moment it goes, as the couple would get it. <a href="/messages?is=planned">What is planned, and when</a>, stands in the app; a couple’s page can send a step at once.</p></div>`

const byCommand = html`<div class="empty"><p><a href="/">Open your business in the app</a>, or write three commands in another terminal, and the first letter appears here:</p>
<ol><li>A vendor opens their book.<pre><code>npx wedsync vendor add "Lumen Photography" --type photographer --zone Europe/London --region GB</code></pre></li>
<li>A journey says what couples receive, and when.<pre><code>npx wedsync journey publish examples/first-reply.json</code></pre></li>
<li>A couple asks.<pre><code>npx wedsync event inquiry_received --partner "Anna Ashworth" --email anna@example.org --wedding 2027-06-12</code></pre></li></ol></div>`

const KINDS: { readonly [channel: string]: string } = {
  email: 'Mail',
  sms: 'Text',
  webhook: 'Webhook',
  note: 'Note',
}

function letterCard({ row, vendor, vendorName, mail }: Letter) {
  const to =
    row.channel === 'sms'
      ? String(mail.to)
      : mail.to
        ? `${mail.to.name ?? ''} <${mail.to.address}>`.trim()
        : String(mail.url ?? 'Your team')
  const subject =
    mail.subject ??
    (row.channel === 'webhook' ? `Call to ${hostOf(to)}` : String(mail.text ?? mail.body ?? 'Note'))
  const at = new Date(row.at).toISOString()
  return html`<details><summary><span class="kind">${KINDS[row.channel] ?? row.channel}</span><span class="subject" title="${subject}">${subject}</span><span class="to">${to}</span><time datetime="${at}" title="${tellMoment(row.at, UTC)}">${at.slice(11, 16)} UTC</time></summary>
<p class="from">From ${vendorName}, attempt ${row.attempt}</p>
${mail.html ? html`<iframe sandbox loading="lazy" title="${subject}" src="/letters/${vendor}/${row.effect_id}"></iframe>` : row.channel === 'sms' ? html`<pre>${String(mail.body)}</pre><p class="from"><a href="/phone">Answer it on the phone</a></p>` : html`<pre>${JSON.stringify(mail, null, 2)}</pre>`}</details>`
}

const hostOf = (address: string): string => URL.parse(address)?.hostname ?? address
