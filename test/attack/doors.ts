import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { preferencesToken } from '../../src/channels/preferences-link.ts'
import { signed } from '../../src/channels/webhook/signature.ts'
import { addClient } from '../../src/contract/clients.ts'
import { addForm, makeFormLink, previewPath, publishForm } from '../../src/contract/forms.ts'
import { addIncoming } from '../../src/contract/incoming.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { instant } from '../../src/core/time/instant.ts'
import { linkOf } from '../../src/engine/form-links.ts'
import { addressPath } from '../../src/engine/incoming.ts'
import type { Canary, Mighty } from '../accounts/canary.ts'
import { type Office, URL_HERE } from '../accounts/office.ts'
import { details } from '../fixtures/forms.ts'
import { hostileText } from './hostile.ts'

/**
 * The doors that no operation of the document opens: what other systems call, what couples open from a letter, where
 * mail is brought. Knocked at by somebody who means well, who errs, who means ill, and who has taken links apart and
 * put the neighbour's parts into them. What may come back is what the door is known to answer, and nothing of the
 * neighbour.
 */
type Knock = {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** What this knock must not be answered with, though others at this door may be. */
  readonly never?: ReadonlySet<number>
}
type Door = {
  readonly name: string
  readonly answers: ReadonlySet<number>
  readonly knock: fc.Arbitrary<Knock>
}

const AT_ONCE = 8
const OK = new Set([200, 202, 204, 303])

export async function knockAtDoors(
  office: Office,
  mine: Mighty,
  theirs: Canary,
  count: number,
  seed: number,
): Promise<{ readonly byStatus: Readonly<Record<string, number>>; readonly wrong: readonly string[] }> {
  const doors = await doorsOf(office, mine, theirs)
  const byStatus: Record<string, number> = {}
  const wrong: string[] = []
  const knocks = doors.flatMap((door, at) =>
    fc
      .sample(door.knock, { seed: seed + at, numRuns: Math.ceil(count / doors.length) })
      .map((knock) => ({ door, knock })),
  )
  for (let at = 0; at < knocks.length; at += AT_ONCE)
    await Promise.all(
      knocks.slice(at, at + AT_ONCE).map(async ({ door, knock }) => {
        const { path, method, headers, body } = knock
        const answer = await office.front.request(path, {
          method,
          headers,
          ...(body === null ? {} : { body }),
        })
        const text = method === 'HEAD' ? '' : await answer.text()
        const { status } = answer
        const kind = `${door.name} ${status}`
        byStatus[kind] = (byStatus[kind] ?? 0) + 1
        const told = `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 200)} ${body?.slice(0, 200) ?? ''} → ${status} ${text.slice(0, 200)}`
        if (!door.answers.has(status)) wrong.push(`an answer that ${door.name} does not give: ${told}`)
        if (knock.never?.has(status)) wrong.push(`taken without proof: ${told}`)
        if (/canary/i.test(text) || (text.includes(theirs.vendor) && !path.includes(theirs.vendor)))
          wrong.push(`it speaks of the neighbour: ${told}`)
      }),
    )
  return { byStatus, wrong }
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, 4_000)
/** What a client can put into a header at all. */
const inHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 2_000)
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
const types = fc.constantFrom(
  JSON_TYPE,
  FORM_TYPE,
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'message/rfc822' },
  { 'content-type': 'text/plain; charset=utf-16' },
  { 'content-type': 'nonsense' },
  {},
)
const mess = fc.oneof(
  hostileText,
  fc.constantFrom(
    '',
    'null',
    '[]',
    '[1,]',
    '{"a":1,"a":2}',
    '{"__proto__":{"email":1}}',
    '['.repeat(5_000),
    `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
    '%',
    '%ff%fe=%',
    'a=1&'.repeat(5_000),
    '--x\r\ncontent-disposition: form-data; name="email"\r\n\r\nhello\r\n--x--',
    '--x\r\nbroken',
    'x'.repeat(300_000),
  ),
)

async function doorsOf(office: Office, mine: Mighty, theirs: Canary): Promise<Door[]> {
  const [addresses, link] = await Promise.all([addressesOf(mine), formLinkOf(mine)])
  const { engine, channels } = office.house
  const theirLink = new URL(await linkOf(engine, theirs.vendor as VendorId, theirs.ids.sending ?? ''))
    .pathname
  const mark = await engine.vault.mark(mine.vendor as VendorId, 'email', 'door@example.org')
  const theirMark = await engine.vault.mark(theirs.vendor as VendorId, 'email', 'canary@example.org')
  const wish = (vendor: string, of: Uint8Array, secret = channels.linkSecret): string =>
    `/u/${preferencesToken(secret, { vendor: vendor as VendorId, way: 'email', class: 'marketing', mark: of })}`
  const [myWish, forged] = [wish(mine.vendor, mark), wish(theirs.vendor, theirMark, new Uint8Array(32))]
  const doors: Door[] = [
    {
      name: 'incoming',
      answers: new Set([202, 401, 404, 413, 422]),
      knock: knockAtAddress(addresses, addressPath(theirs.vendor as VendorId, theirs.ids.incoming ?? '')),
    },
    {
      name: 'form',
      answers: new Set([200, 204, 303, 403, 404, 409, 410, 413, 422]),
      knock: fc
        .record({
          path: fc.oneof(
            { weight: 5, arbitrary: fc.constantFrom(link, `${link}/save`) },
            {
              weight: 2,
              arbitrary: fc.constantFrom(
                mixed(link, theirLink, '/f/', 16),
                mixed(theirLink, link, '/f/', 16),
              ),
            },
            { weight: 1, arbitrary: fc.constantFrom(flipped(link), flipped(theirLink)) },
            { weight: 1, arbitrary: hostileText.map((text) => `/f/${encoded(text)}`) },
          ),
          query: queryOf(['step', 'change', 'sent', 'saved', 'seen']),
          method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'POST', 'HEAD'),
          type: fc.oneof({ weight: 5, arbitrary: fc.constant(FORM_TYPE) }, types),
          site: fc.constantFrom({}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'cross-site' }),
          body: fc.oneof({ weight: 4, arbitrary: answered }, mess),
        })
        .map(({ path, query, method, type, site, body }) => ({
          path: `${path}${query}`,
          method,
          headers: { ...type, ...site },
          body: method === 'POST' ? body : null,
          ...(path.startsWith(link) ? {} : { never: OK }),
        })),
    },
    {
      name: 'preferences',
      answers: new Set([200, 303, 404, 413]),
      knock: fc
        .record({
          path: fc.oneof(
            { weight: 4, arbitrary: fc.constant(myWish) },
            {
              weight: 3,
              arbitrary: fc.constantFrom(
                forged,
                mixed(myWish, forged, '/u/', 17),
                flipped(myWish),
                flipped(forged),
              ),
            },
            hostileText.map((text) => `/u/${encoded(text)}`),
          ),
          query: queryOf(['done']),
          method: fc.constantFrom('GET', 'POST', 'POST'),
          type: types,
          body: fc.oneof(
            fc.constantFrom(
              'List-Unsubscribe=One-Click',
              'hear=marketing&hear=relationship',
              'hear=everything',
              'nothing=1',
            ),
            mess,
          ),
        })
        .map(({ path, query, method, type, body }) => ({
          path: `${path}${query}`,
          method,
          headers: type,
          body: method === 'POST' ? body : null,
          ...(path === myWish ? {} : { never: OK }),
        })),
    },
    {
      name: 'mail',
      answers: new Set([200, 401, 413, 422]),
      knock: fc
        .record({
          path: fc.constantFrom('/in/mail', '/api/v1/in/mail'),
          query: queryOf(['recipient', 'sender', 'other']),
          key: fc.constantFrom(
            ...[mine.key, mine.key, mine.key].map((key) => `Bearer ${key}`),
            `Basic ${Buffer.from(`mail:${mine.key}`).toString('base64')}`,
            ...['', 'Bearer', 'Basic !!!', `Basic ${Buffer.from('no colon').toString('base64')}`],
          ),
          type: types,
          body: fc.oneof(
            mess,
            hostileText.map((text) => JSON.stringify({ recipient: 'canary@example.org', message: text })),
            hostileText.map((text) => JSON.stringify({ OriginalRecipient: text, RawEmail: text })),
            hostileText.map(
              (text) => `recipient=a%40b.example&body-mime=${encoded(text)}&envelope=${encoded(text)}`,
            ),
            hostileText.map(
              (text) =>
                `From: ${text}\r\nTo: canary@example.org\r\nContent-Type: multipart/report; boundary="${text}"\r\n\r\n${text}`,
            ),
          ),
        })
        .map(({ path, query, key, type, body }) => ({
          path: `${path}${query}`,
          method: 'POST',
          headers: { ...type, ...(key === '' ? {} : { authorization: key }) },
          body,
          ...(key.includes(mine.key) || (key.startsWith('Basic') && key.length > 60) ? {} : { never: OK }),
        })),
    },
    {
      name: 'texts',
      answers: new Set([403, 404, 413]),
      knock: fc
        .record({
          vendor: fc.oneof(fc.constantFrom(mine.vendor, theirs.vendor), fc.uuid(), hostileText.map(encoded)),
          where: fc.oneof(
            fc.constant('inbound'),
            fc.constantFrom(theirs.ids.message ?? '', 'x').map((effect) => `status/${effect}`),
          ),
          signature: hostileText.map(inHeader),
          body: fc.oneof(
            fc.constant('From=%2B393471&Body=STOP&MessageSid=SM1&MessageStatus=delivered'),
            mess,
          ),
        })
        .map(({ vendor, where, signature, body }) => ({
          path: `/hooks/twilio/${vendor}/${where}`,
          method: 'POST',
          headers: { ...FORM_TYPE, 'x-twilio-signature': signature },
          body,
        })),
    },
    {
      // Nothing is changed by a question, and no door has a side entrance by another method.
      name: 'others',
      answers: new Set([200, 302, 401, 403, 404, 413, 422]),
      knock: fc
        .record({
          path: fc.oneof(
            fc.constantFrom(
              ...['/health', '/metrics', '/openapi.json', '/reference', '/letter-frame', '/phone', '/'],
              ...[link, theirLink, myWish, forged, '/in/mail', '/api/v1/events', '/api/v1/openapi.json'],
              previewPath(theirs.vendor, theirs.ids.form ?? ''),
              previewPath(mine.vendor, theirs.ids.form ?? ''),
              `/brand/${theirs.vendor}/${'0'.repeat(64)}.png`,
            ),
            hostileText.map((text) => `/brand/${theirs.vendor}/${encoded(text)}`),
            hostileText.map((text) => `/f/preview/${theirs.vendor}/${encoded(text)}`),
            hostileText.map((text) => `/${encoded(text)}`),
            hostileText.map((text) => `/api/v1/vendors/${theirs.vendor}/${encoded(text)}`),
          ),
          query: queryOf(['vendor', 'said', 'done']),
          method: fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'),
          key: fc.constantFrom({}, { authorization: `Bearer ${mine.key}` }),
          body: mess,
        })
        // The neighbour's own links show the neighbour to whoever has them.
        .filter(({ path, method }) => method !== 'GET' || path !== theirLink)
        .map(({ path, query, method, key, body }) => ({
          path: `${path}${query}`,
          method,
          headers: { ...JSON_TYPE, ...key },
          body: method === 'GET' || method === 'HEAD' ? null : body,
        })),
    },
  ]
  return doors
}

/** The first bytes of one link with the rest of another: a vendor's name before somebody else's secret. */
function mixed(link: string, other: string, under: string, bytes: number): string {
  const bytesOf = (path: string): Buffer => Buffer.from(path.slice(under.length), 'base64url')
  const both = Buffer.concat([bytesOf(link).subarray(0, bytes), bytesOf(other).subarray(bytes)])
  return `${under}${both.toString('base64url')}`
}
/** The same but for one sign. */
const flipped = (link: string): string => `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`

const queryOf = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(fc.constantFrom(...names), fc.oneof(hostileText, fc.constantFrom('1', '2', '-1', '1e9'))),
      {
        maxLength: 2,
      },
    )
    .map((pairs) =>
      pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${encoded(value)}`).join('&')}`,
    )

/** Answers as a page sends them, some of them crooked. */
const answered: fc.Arbitrary<string> = fc
  .record(
    {
      seen: fc.oneof(fc.constantFrom('0', '1', '-1', '1e9', 'x'), hostileText),
      step: fc.oneof(fc.constantFrom('1', '2', '0', '-7', '1.5', 'Infinity'), hostileText),
      do: fc.constantFrom('send', 'save', 'next', 'back', 'destroy'),
      'f.ready': fc.oneof(fc.constant('Villa Ombrellina'), hostileText),
      'f.guests': fc.oneof(fc.constantFrom('96', '-1', '1e999', '0x10'), hostileText),
      'f.first_look': fc.constantFrom('yes', 'no', 'perhaps', ''),
      'f.contact': fc.oneof(fc.constant('+39 347 5550 123'), hostileText),
      'f.__proto__': hostileText,
      'f.nothing.more': hostileText,
    },
    { requiredKeys: [] },
  )
  .map((one) =>
    Object.entries(one)
      .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
      .join('&'),
  )

const field = fc.oneof(
  { arbitrary: hostileText, weight: 3 },
  fc.constantFrom<unknown>(
    'anna@example.org',
    7,
    null,
    [],
    {},
    '2028-06-10',
    '0208-06-10T10:00:00Z',
    '2028-06-10T10:00:00Z',
  ),
)

type Address = { readonly path: string; readonly secret: string }

/** Signed well by somebody who means ill, forged, at the neighbour's, or where nobody is. */
const knockAtAddress = (addresses: readonly Address[], neighbour: string): fc.Arbitrary<Knock> =>
  fc
    .record({
      kind: fc.constantFrom('signed', 'signed', 'signed', 'forged', 'neighbour', 'nowhere'),
      address: fc.constantFrom(...addresses),
      id: fc.oneof(fc.uuid(), fc.constantFrom('msg_1', '', 'x'.repeat(2_000))),
      body: fc.oneof(
        fc
          .record(
            { email: field, name: field, id: field, at: field, meeting: field, deep: fc.jsonValue() },
            { requiredKeys: [] },
          )
          .map((one) => JSON.stringify(one)),
        mess,
      ),
    })
    .map(({ kind, address, id, body }) => {
      const elsewhere = kind === 'neighbour' ? neighbour : `/in/${encodeURIComponent(id)}`
      const forged = `whsec_${Buffer.from('not the secret, 32 bytes long...').toString('base64')}`
      return {
        path: kind === 'neighbour' || kind === 'nowhere' ? elsewhere : address.path,
        method: 'POST',
        headers: {
          ...JSON_TYPE,
          ...signed([kind === 'forged' ? forged : address.secret], id, instant(Date.now()), body),
        },
        body,
        ...(kind === 'signed' ? {} : { never: OK }),
      }
    })

/** One for each way a couple is found. */
async function addressesOf({ browser, vendor }: Mighty): Promise<Address[]> {
  const all = [
    { type: 'inquiry_received', couple: { by: 'email', at: 'email' }, add: { name: 'name', wedding: 'at' } },
    { type: 'custom_event', event: 'ordered', couple: { by: 'external', at: 'id' }, add: { name: 'name' } },
    {
      type: 'meeting_booked',
      couple: { by: 'external', at: 'id', system: 'crm' },
      add: { name: 'name', email: 'email' },
      fields: [
        { name: 'at', at: 'at', sealed: false },
        { name: 'meeting', at: 'meeting', sealed: false },
      ],
    },
    { type: 'inbound_webhook', couple: { by: 'client', at: 'id' } },
  ]
  const made: Address[] = []
  for (const [at, becomes] of all.entries()) {
    const { data } = await browser.api(addIncoming, {
      params: { vendor },
      body: { name: `Door ${at}`, becomes } as never,
    })
    made.push({ path: new URL(data.url).pathname, secret: data.secret })
  }
  return made
}

/** A form of one's own in parts, and the link by which a couple opens it. */
async function formLinkOf({ browser: { api }, vendor }: Mighty): Promise<string> {
  const client = await api(addClient, {
    params: { vendor },
    body: { people: [{ ref: 'partner_a', name: 'Dora Door', email: 'door@example.org' }] },
  })
  const document = { ...details, layout: 'steps' }
  const added = await api(addForm, {
    params: { vendor },
    body: { name: `Door ${randomUUID()}`, document } as never,
  })
  const here = { vendor, form: added.data.id }
  await api(publishForm, { params: here, ifMatch: '*' })
  const { data } = await api(makeFormLink, { params: here, body: { client: client.data.id } })
  return new URL(data.url, URL_HERE).pathname
}
