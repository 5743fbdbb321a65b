import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { type PreferencesLink, readPreferencesToken } from '../../channels/preferences-link.ts'
import { type Brand, brandOf } from '../../core/brand.ts'
import type { RunId } from '../../core/ids.ts'
import type { MessageClass } from '../../core/wedding/policy.ts'
import { allowIn, refuseIn, type Wishes, wishesIn } from '../../engine/consent.ts'
import type { Engine } from '../../engine/engine.ts'
import { openPeople } from '../../engine/jobs.ts'
import { retrying } from '../../engine/retrying.ts'
import { ringRuns } from '../../engine/ring.ts'
import { logoPath } from '../../outgoing.ts'
import type { Sql } from '../../ports.ts'
import { readDress } from '../../store/brand.ts'
import { insertAudit } from '../../store/changes.ts'
import { peopleOfMark } from '../../store/consents.ts'
import { addressOf, type Limits } from '../frame/limits.ts'
import { remoteOf } from '../frame/remote.ts'
import { PUBLIC_STYLE, publicHeaders } from './page.ts'

/**
 * Where somebody says what they want to hear: no login, no script, no cookie. Looking at it changes nothing, since
 * mail scanners look at every address; a POST acts, from the form here or as the one click of RFC 8058.
 */
const CHOICES = [
  {
    class: 'relationship',
    name: 'About your wedding',
    says: 'Questions, reminders and what comes next, while we plan it together.',
  },
  {
    class: 'marketing',
    name: 'News and offers',
    says: 'Now and then: ideas, offers, and what is new with us.',
  },
] as const satisfies readonly { class: MessageClass; name: string; says: string }[]
const FORM_BYTES_MAX = 2_000

export function preferences(engine: Engine, secret: Uint8Array, limits: Limits): Hono {
  const read = async (c: Context): Promise<PreferencesLink | null> => {
    const link = readPreferencesToken(secret, c.req.param('token') ?? '')
    // Whoever tries addresses is counted; whoever has one of ours is not.
    if (link === null) await limits.count('stranger', addressOf(remoteOf(c)))
    return link
  }
  const inVendor = <T>(link: PreferencesLink, name: string, work: (sql: Sql) => Promise<T>): Promise<T> =>
    retrying(engine, () => engine.db.tx(name, { vendors: [link.vendor] }, work))

  return new Hono()
    .get('/u/:token', async (c) => {
      const link = await read(c)
      const shown =
        link &&
        (await engine.db.read('preferences.look', { vendors: [link.vendor] }, (sql) =>
          look(engine, sql, link),
        ))
      if (!shown) return c.html(gone(), 404, publicHeaders)
      return c.html(page(shown, c.req.query('done') ?? null), 200, publicHeaders)
    })
    .post('/u/:token', async (c) => {
      const link = await read(c)
      if (link === null) return c.html(gone(), 404, publicHeaders)
      const form = new URLSearchParams((await c.req.text()).slice(0, FORM_BYTES_MAX))
      const oneClick = form.get('List-Unsubscribe') === 'One-Click'
      const wanted = wantedBy(form, link)
      const touched = await inVendor(link, 'preferences.save', (sql) => save(engine, sql, link, wanted))
      ringRuns(engine, touched)
      if (oneClick) return c.text('You are unsubscribed.', 200, publicHeaders)
      return c.redirect(`/u/${c.req.param('token')}?done=${wanted.size === 0 ? 'nothing' : 'saved'}`, 303)
    })
}

/** What they want from now on: one click ends what the letter was and what is less wanted than it. */
function wantedBy(form: URLSearchParams, link: PreferencesLink): ReadonlySet<MessageClass> {
  if (form.get('List-Unsubscribe') === 'One-Click')
    return new Set(link.class === 'marketing' ? ['relationship'] : [])
  if (form.has('nothing')) return new Set()
  const ticked = form.getAll('hear')
  return new Set(CHOICES.map((one) => one.class).filter((one) => ticked.includes(one)))
}

async function save(
  engine: Engine,
  sql: Sql,
  link: PreferencesLink,
  wanted: ReadonlySet<MessageClass>,
): Promise<readonly RunId[]> {
  const whose = { vendor: link.vendor, way: link.way, mark: link.mark, actor: 'person' } as const
  const before = await wishesIn(sql, link.vendor, link.way, link.mark)
  // One click says what somebody does not want; it is no yes to anything.
  const yes = CHOICES.map((one) => one.class).filter((one) => wanted.has(one) && !before[one])
  const no = CHOICES.map((one) => one.class).filter((one) => !wanted.has(one))
  const touched = await refuseIn(engine, sql, whose, no, 'unsubscribed')
  const allowed = yes.length > 0 ? await allowIn(engine, sql, whose, yes, 'person') : []
  const at = engine.clock.now()
  await insertAudit(sql, [
    {
      vendor: link.vendor,
      id: engine.rng.uuid7(at),
      at,
      actor: 'person',
      action: 'consent.said',
      subject: Buffer.from(link.mark).toString('base64url'),
      detail: { channel: link.way, no, yes: [...allowed] },
    },
  ])
  return touched
}

type Shown = {
  readonly vendorName: string
  readonly brand: Brand
  readonly logo: string | null
  readonly address: string | null
  readonly wishes: Wishes
}

async function look(engine: Engine, sql: Sql, link: PreferencesLink): Promise<Shown | null> {
  const dress = await readDress(sql, link.vendor)
  if (!dress) return null
  const brand = brandOf(dress.brand)
  const [wishes, [person]] = await Promise.all([
    wishesIn(sql, link.vendor, link.way, link.mark),
    peopleOfMark(sql, link.vendor, link.way, link.mark),
  ])
  const known = person && (await openPeople(engine, sql, [{ vendor: link.vendor, client: person.client_id }]))
  const address = (person && known?.get(person.client_id)?.get(person.ref)?.email) ?? null
  return {
    vendorName: dress.name,
    brand,
    logo: brand.logo && logoPath(link.vendor, brand.logo),
    address: address && masked(address),
    wishes,
  }
}

/** Enough to know whether it is one's own. */
const masked = (address: string): string => address.replace(/^(.).*(?=@)/, '$1•••')

const page = (
  { vendorName, brand, logo, address, wishes }: Shown,
  done: string | null,
) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>What you hear from ${vendorName}</title><style>${PUBLIC_STYLE}:root{--accent:${brand.accent}}</style></head>
<body class="${brand.font}"><main>
${logo ? html`<img class="logo" src="${logo}" alt="${vendorName}" width="${Math.min(180, brand.logo?.width ?? 180)}">` : html`<p class="name">${vendorName}</p>`}
${done === null ? '' : html`<p class="done" role="status">${done === 'nothing' ? 'You are unsubscribed. You will only get what has to reach you.' : 'Saved. Thank you.'}</p>`}
<h1>What would you like to hear from us?</h1>
<form method="post">
<fieldset><legend>${address ? html`Emails to ${address}` : 'Emails to your address'}</legend>
${CHOICES.map((one) => html`<label><input type="checkbox" name="hear" value="${one.class}" ${wishes[one.class] ? 'checked' : ''}><span><b>${one.name}</b><small>${one.says}</small></span></label>`)}
<p class="always"><b>What has to reach you</b><small>Contracts, invoices, and changes to what you booked. These always come.</small></p>
</fieldset>
<div class="row"><button type="submit" class="primary">Save</button><button type="submit" name="nothing" value="1">Unsubscribe from everything</button></div>
</form>
<footer>${vendorName}${brand.postalAddress === '' ? '' : html`<br>${brand.postalAddress.replace(/\s*\n\s*/g, ', ')}`}</footer>
</main></body></html>`

const gone = () => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>This link leads nowhere</title><style>${PUBLIC_STYLE}</style></head>
<body class="serif"><main><h1>This link leads nowhere.</h1><p>It may have been cut off on its way. Open it once more from the message, or answer the message: a person reads it.</p></main></body></html>`
