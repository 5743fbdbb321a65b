import { CURSOR_SIGNS_MAX, LIVE_CLOSED, LIVE_PROTOCOL, TOPIC_NAMES } from '../../contract/live.ts'
import { PAGE_MAX, PROBLEMS_OF_ALL } from '../../contract/operation.ts'
import { PERMISSION_NAMES, PERMISSIONS } from '../../contract/permission.ts'
import { PROBLEM_CODES, PROBLEMS } from '../../contract/problem.ts'
import { html, type Markup } from '../../public/html.ts'
import { BODY_BYTES_MAX, IMPORT_BYTES_MAX, JOURNEY_BYTES_MAX } from '../body.ts'
import type { LimitSettings } from '../frame/limits.ts'
import { code } from './operation.ts'

/** What holds for every request, told once before the operations. */
export type Setting = { readonly url: string; readonly vendor: string | null; readonly limits: LimitSettings }
type Passage = { readonly id: string; readonly title: string; readonly words: Markup; readonly code?: Markup }

const kB = (bytes: number): string => `${(bytes / 1024).toLocaleString('en')} kB`

export const passages = ({ url, vendor, limits }: Setting): readonly Passage[] => [
  {
    id: 'first-request',
    title: 'The first request',
    words: html`<p>Everything lies under <code>${url}/api/v1</code> and speaks JSON. Make a key in <a href="/settings/keys">Settings, API keys</a>; the id of the business stands there too. With these three in your terminal, every example on this page works as it is written; other names in capitals, such as <code>$CLIENT</code>, are ids that an answer gave you.</p>
<p>The same as a document for machines: <a href="/openapi.json">OpenAPI 3.1</a>.</p>`,
    code: code(
      'Three variables, and a first request',
      `API=${url}/api/v1
KEY=wed_…
VENDOR=${vendor ?? '…'}

curl "$API/vendors/$VENDOR" \\
  -H "authorization: Bearer $KEY"`,
    ),
  },
  {
    id: 'keys',
    title: 'Keys',
    words: html`<p>A key speaks for one business and may do what was ticked when it was made: its scopes. It begins with <code>wed_</code>, is shown once, lasts two years at most, and ends the moment it is revoked. Send it as <code>authorization: Bearer …</code>, from a server, never from a page that others open.</p>
<p>A business that is not the key’s own is not there: <code>404</code>, whether it exists or not.</p>
<table><caption>Scopes, and the roles of people who may the same</caption><thead><tr><th scope="col">Scope</th><th scope="col">Allows to</th><th scope="col">Roles</th></tr></thead><tbody>${PERMISSION_NAMES.map(
      (name) =>
        html`<tr id="scope-${name}"><td><code>${name}</code></td><td>${PERMISSIONS[name].says}</td><td>${PERMISSIONS[name].roles.join(', ')}</td></tr>`,
    )}</tbody></table>`,
  },
  {
    id: 'once',
    title: 'Once, and only once',
    words: html`<p>Every change takes an <code>Idempotency-Key</code> of 1 to 200 visible signs; what makes something new (POST) cannot do without. A new one for each change you mean: when the line breaks before the answer came, ask again under the same key, and nothing is done twice. The answer is the first one, with <code>idempotent-replayed: true</code>. Keys are kept for a day; the same key on another request is <a href="#key_reused">refused</a>.</p>
<p>An event carries its key in the body, and for ever: a payment that your bookkeeping tells twice is one payment.</p>`,
    code: code(
      'Safe to run twice',
      `curl "$API/vendors/$VENDOR/clients" \\
  -H "authorization: Bearer $KEY" \\
  -H "idempotency-key: import-row-17" \\
  -H "content-type: application/json" \\
  -d @- <<JSON
{ "people": [{ "ref": "partner_a", "name": "Anna Ashworth" }] }
JSON`,
    ),
  },
  {
    id: 'together',
    title: 'Two at one thing',
    words: html`<p>What two can edit is answered with an <code>ETag</code>. Send it as <code>If-Match</code> with your change: if somebody was faster, you hear <a href="#changed_meanwhile"><code>412</code></a> and nothing of theirs is lost. Read again and make your change on what is there now. <code>*</code> changes whatever is there. With <code>If-None-Match</code>, a read that knows the newest state is answered <code>304</code>.</p>`,
  },
  {
    id: 'pages',
    title: 'Pages',
    words: html`<p>Lists come in pages of 50; <code>limit</code> asks for up to ${PAGE_MAX}. An answer’s <code>next</code> is the <code>cursor</code> of the page after it, and null at the end. What is added meanwhile never makes a row come twice.</p>`,
    code: code(
      'Page after page',
      `curl "$API/vendors/$VENDOR/clients?limit=${PAGE_MAX}&cursor=$NEXT" \\
  -H "authorization: Bearer $KEY"`,
    ),
  },
  {
    id: 'incoming-calls',
    title: 'Calls of another system',
    words: html`<p>A website, a payment or a booking tool that cannot speak this API calls an address of its own: somebody makes it in <a href="/settings/incoming">Settings, Incoming calls</a>, says what each call becomes and where in it the couple stands, and gives the address and its secret to whoever sets the other system up. It posts JSON and signs it by <a href="https://www.standardwebhooks.com">Standard Webhooks</a>: over the bytes of the body, at most five minutes old.</p>
<p><code>202</code> means heard; the same <code>webhook-id</code> again is answered the same, with <code>"duplicate": true</code>, and nothing is done twice, for ever. <a href="#signature_wrong"><code>401</code></a> is one answer for a wrong signature and for an address that is not there. <a href="#call_refused"><code>422</code></a> says which field is missing, and <a href="#paused"><code>503</code></a> asks to come again later: the same id may then be sent anew. One address takes ${limits.incoming.points} calls a minute.</p>`,
    code: code(
      'A call, signed in a terminal',
      `ADDRESS=${url}/in/…
SECRET=whsec_…
ID=inquiry-4711 NOW=$(date +%s)
BODY='{"name":"Anna Ashworth","email":"anna@example.org"}'
KEY=$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \n')
SIGNED=$(printf %s "$ID.$NOW.$BODY" |
  openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary | base64)

curl "$ADDRESS" \\
  -H "content-type: application/json" \\
  -H "webhook-id: $ID" \\
  -H "webhook-timestamp: $NOW" \\
  -H "webhook-signature: v1,$SIGNED" \\
  -d "$BODY"`,
    ),
  },
  {
    id: 'limits',
    title: 'Limits',
    words: html`<p>The keys of one business share <b>${limits.key.points}</b> requests a minute; its people have ${limits.people.points.toLocaleString('en')}. Each answer tells how much is left in <code>RateLimit</code>, by the rule in <code>RateLimit-Policy</code>; a <a href="#too_many"><code>429</code></a> says in <code>Retry-After</code> how many seconds to wait. What takes long, such as bringing in a table or running the whole book ahead, counts as several requests, and says so.</p>
<p>A body has at most ${kB(BODY_BYTES_MAX)}; one of a journey ${kB(JOURNEY_BYTES_MAX)}; a table of couples ${kB(IMPORT_BYTES_MAX)}.</p>`,
    code: code(
      'Headers of an answer',
      `ratelimit-policy: "key";q=${limits.key.points};w=${limits.key.seconds}
ratelimit: "key";r=${limits.key.points - 3};t=41`,
    ),
  },
  {
    id: 'problems',
    title: 'Refusals',
    words: html`<p>Every no is a problem document (RFC 9457): <code>code</code> never changes and is for your program, <code>detail</code> says what it was this time and what would help, <code>problems</code> names each wrong field with its place. A refused request has changed nothing. Any request may meet ${PROBLEMS_OF_ALL.map((one, i) => html`${i > 0 ? ', ' : ''}<a href="#${one}"><code>${one}</code></a>`)}. After <a href="#unexpected"><code>500</code></a> and <a href="#setup"><code>503</code></a>, ask again under the same Idempotency-Key.</p>
<table><caption>Every code</caption><thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Means</th></tr></thead><tbody>${[
      ...PROBLEM_CODES,
    ]
      .sort((a, b) => PROBLEMS[a].status - PROBLEMS[b].status)
      .map(
        (one) =>
          html`<tr id="${one}"><td>${PROBLEMS[one].status}</td><td><code>${one}</code></td><td>${PROBLEMS[one].title}.</td></tr>`,
      )}</tbody></table>`,
    code: code(
      'A refusal',
      `HTTP/1.1 422
content-type: application/problem+json

{
  "type": "/problems#invalid",
  "code": "invalid",
  "status": 422,
  "title": "${PROBLEMS.invalid.title}",
  "detail": "This request has 1 problem; nothing was changed.",
  "problems": [
    {
      "code": "invalid_format",
      "path": "/people/0/email",
      "message": "Invalid email address"
    }
  ]
}`,
    ),
  },
  {
    id: 'values',
    title: 'How values are written',
    words: html`<dl><dt>moment</dt><dd>an instant in UTC, <code>2027-06-12T13:30:00Z</code></dd><dt>day</dt><dd>a calendar day, <code>2027-06-12</code>, where the wedding is</dd><dt>zone</dt><dd>by its name, <code>Europe/Rome</code></dd><dt>region</dt><dd>a country, or a part of one, <code>IT</code>, <code>GB-SCT</code></dd><dt>ref</dt><dd>somebody’s place at a wedding: <code>partner_a</code>, <code>partner_b</code>, <code>payer</code>, <code>planner</code>, <code>vendor:florist</code>, <code>guest:best_man</code></dd></dl><p>A body with a field that is not known is refused, so that no misspelt wish is lost in silence.</p>`,
  },
  {
    id: 'live',
    title: 'Live updates',
    words: html`<p>Pages of the app follow a WebSocket at <code>/vendors/$VENDOR/live</code>: a person who is signed in takes a <a href="#live.ticket">ticket</a>, opens the line with the protocols <code>${LIVE_PROTOCOL}</code> and <code>wedsync.ticket.…</code>, and says once what to follow and since when: any of ${TOPIC_NAMES.map((one, i) => html`${i > 0 ? ', ' : ''}<code>${one}</code>`)}. The line never carries what changed, only that it did and whose it is; whoever hears it asks again. A cursor has at most ${CURSOR_SIGNS_MAX.toLocaleString('en')} signs; with the last one heard, nothing is missed after a break. It closes with ${LIVE_CLOSED.notAllowed} (not allowed any more), ${LIVE_CLOSED.notUnderstood} (not understood), ${LIVE_CLOSED.tooSlow} (too slow), ${LIVE_CLOSED.tooMany} (too many lines) or ${LIVE_CLOSED.goingAway} (try again). Programs with a key ask instead: <a href="#events.list">events</a> and lists have cursors.</p>`,
    code: code(
      'On the line',
      `→ {"is":"follow","topics":["runs"],"since":null}
← {"is":"here","cursor":"…"}
← {"is":"changed","cursor":"…","topics":{
     "runs":{"clients":["…"],"journeys":null,"runs":["…"]}}}`,
    ),
  },
]

export const passageSection = ({ id, title, words, code: example }: Passage): Markup =>
  html`<section class="op" id="${id}"><h3><a href="#${id}">${title}</a></h3><div class="w">${words}</div>${
    example ? html`<div class="x">${example}</div>` : ''
  }</section>
`
