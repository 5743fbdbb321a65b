import fc from 'fast-check'
import { signed } from '../../src/channels/webhook/signature.ts'
import { addIncoming } from '../../src/contract/incoming.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { instant } from '../../src/core/time/instant.ts'
import { addressPath } from '../../src/engine/incoming.ts'
import type { Canary, Mighty } from '../accounts/canary.ts'
import type { Office } from '../accounts/office.ts'
import { hostileText } from './hostile.ts'

/**
 * The doors that no operation of the document opens: addresses that other systems call, signed well by somebody who
 * means ill, forged, or at the neighbour's. What may come back is one of a few refusals, and nothing of the neighbour.
 */
const ANSWERS = new Set([202, 401, 404, 413, 422])
const KINDS = ['signed', 'forged', 'neighbour', 'nowhere'] as const

type Address = { readonly path: string; readonly secret: string }
type Knock = { readonly kind: (typeof KINDS)[number]; readonly id: string; readonly body: string }

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
const body = fc.oneof(
  fc
    .record(
      { email: field, name: field, id: field, at: field, meeting: field, deep: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((one) => JSON.stringify(one)),
  hostileText,
  fc.constantFrom('', 'null', '[1,]', '{"a":1,"a":2}', '{"__proto__":{"email":1}}', '['.repeat(5_000)),
)
const knock: fc.Arbitrary<Knock> = fc.record({
  kind: fc.constantFrom('signed', 'signed', 'signed', 'forged', 'neighbour', 'nowhere'),
  id: fc.oneof(fc.uuid(), fc.constantFrom('msg_1', '', 'x'.repeat(2_000))),
  body,
})

export async function knockAtDoors(
  office: Office,
  mine: Mighty,
  theirs: Canary,
  count: number,
  seed: number,
): Promise<{ readonly byStatus: Readonly<Record<string, number>>; readonly wrong: readonly string[] }> {
  const doors = await doorsOf(mine)
  const neighbour = addressPath(theirs.vendor as VendorId, theirs.ids.incoming ?? '')
  const byStatus: Record<string, number> = {}
  const wrong: string[] = []
  for (const [at, one] of fc.sample(knock, { seed, numRuns: count }).entries()) {
    const { path, secret } = doors[at % doors.length]!
    const to =
      one.kind === 'neighbour'
        ? neighbour
        : one.kind === 'nowhere'
          ? `/in/${encodeURIComponent(one.id)}`
          : path
    const key =
      one.kind === 'forged'
        ? `whsec_${Buffer.from('not the secret, 32 bytes long...').toString('base64')}`
        : secret
    const headers = {
      'content-type': 'application/json',
      ...signed([key], one.id, instant(Date.now()), one.body),
    }
    const answer = await office.front.request(to, { method: 'POST', body: one.body, headers })
    const text = await answer.text()
    byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1
    const told = `${one.kind} POST ${to.slice(0, 80)} ${one.body.slice(0, 200)} → ${answer.status} ${text.slice(0, 200)}`
    if (!ANSWERS.has(answer.status)) wrong.push(`an answer that no door gives: ${told}`)
    if (answer.status === 202 && one.kind !== 'signed') wrong.push(`taken without proof: ${told}`)
    if (/canary/i.test(text) || text.includes(theirs.vendor))
      wrong.push(`it speaks of the neighbour: ${told}`)
    const type = answer.headers.get('content-type') ?? ''
    if (answer.status >= 400 && !type.startsWith('application/problem+json'))
      wrong.push(`sent as ${type}: ${told}`)
  }
  return { byStatus, wrong }
}

/** One for each way a couple is found. */
async function doorsOf({ browser, vendor }: Mighty): Promise<Address[]> {
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
