import { beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import { app } from '../../src/api/app.ts'
import { isoOf, plusMs } from '../../src/core/time/instant.ts'
import { addApiKey } from '../../src/engine/api-keys.ts'

let w: House
let call: (body: unknown, headers?: Record<string, string>, query?: string) => Promise<Response>
let key: string

beforeAll(async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  key = await addApiKey(w.engine, w.vendor, 'website', ['events:write'], new Uint8Array(32).fill(3))
  const front = app(w.engine, {
    installation: 'test',
    sending: false,
    version: 'test',
    database: 'PGlite',
    progress: () => null,
    metrics: async () => '',
    perSecond: () => 4,
  })
  call = async (body, headers = {}, query = '') =>
    front.request(`/api/v1/events${query}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    })
  await w.publish('reply', {
    format: 1,
    name: 'Reply',
    category: 'inquiry',
    reentry: 'per_wedding',
    nodes: [
      { id: 'asked', kind: 'trigger', type: 'inquiry_received' },
      {
        id: 'reply',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'transactional',
        config: { subject: 'Thank you', body: 'Hello' },
      },
    ],
    edges: [{ from: 'asked', to: 'reply' }],
  })
})

const inquiry = {
  type: 'inquiry_received',
  key: 'form-1',
  client: {
    people: [{ ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' }],
    wedding: { on: '2027-06-12', zone: 'Europe/London' },
  },
}

describe('an event from a website', () => {
  test('starts the journey and is answered once, however often it is told', async () => {
    const first = await call(inquiry)
    expect(first.status).toBe(202)
    const receipt = (await first.json()) as {
      started: { journey: string }[]
      event: string
      duplicate: boolean
    }
    expect(receipt.started.map((one) => one.journey)).toEqual(['reply'])
    const again = (await (await call(inquiry)).json()) as typeof receipt
    expect([again.event, again.duplicate]).toEqual([receipt.event, true])
    await w.settle()
    expect(w.sent.length).toBe(1)
  })

  test('tells on demand how much stands before what it began, and when that will begin', async () => {
    type Receipt = {
      started: { run: string }[]
      line?: { run: string; position: number; startsAt: string }[]
    }
    const told = async (nth: number, query: string): Promise<Receipt> => {
      const people = [{ ref: 'partner_a', name: `Line ${nth}`, email: `line${nth}@example.org` }]
      const answer = await call({ ...inquiry, key: `line-${nth}`, client: { people } }, {}, query)
      return (await answer.json()) as Receipt
    }
    expect((await told(1, '')).line).toBeUndefined()
    w.clock.jump(plusMs(w.clock.now(), 1_000))
    await told(2, '')
    w.clock.jump(plusMs(w.clock.now(), 1_000))
    const third = await told(3, '?estimate=true')
    const now = w.clock.now()
    expect(third.line).toMatchObject([
      { run: third.started[0]!.run, position: 3, orMore: false, startsAt: isoOf(plusMs(now, 500)) },
    ])
    await w.settle()
    expect(
      ((await (await call({ ...inquiry, key: 'line-3' }, {}, '?estimate=true')).json()) as Receipt).line,
    ).toEqual([])
  })

  test('is refused without a key that may, and nothing is told about keys', async () => {
    for (const authorization of ['', 'Bearer wed_nonsense', `Bearer ${key}x`]) {
      const answer = await call(inquiry, { authorization })
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ code: 'unauthorised' })
    }
  })

  test('is refused when its address asks for what there is not', async () => {
    const before = await w.session.query<{ n: number }>('select count(*)::int as n from app.event')
    for (const query of ['?estimate=yes', '?estimate=', '?estimate=true&estimate=true', '?estimated=true']) {
      const answer = await call({ ...inquiry, key: `asked${query}` }, {}, query)
      expect([query, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        query,
        422,
        'invalid',
      ])
    }
    expect(await w.session.query('select count(*)::int as n from app.event')).toEqual(before)
  })

  test('is refused with every problem named and located, and changes nothing', async () => {
    const before = await w.session.query<{ n: number }>('select count(*)::int as n from app.event')
    const answer = await call({
      type: 'Inquiry!',
      client: { people: [{ ref: 'uncle', name: '' }] },
      data: { a: { b: 1 } },
      tpye: 1,
    })
    expect(answer.status).toBe(422)
    const problem = (await answer.json()) as { problems: { path: string; message: string }[] }
    expect(problem.problems.map((one) => one.path).sort()).toEqual([
      '/client/people/0/name',
      '/client/people/0/ref',
      '/data/a',
      '/key',
      '/tpye',
      '/type',
    ])
    expect(await w.session.query('select count(*)::int as n from app.event')).toEqual(before)
  })

  test('that is no JSON, too large or hostile gets a clear no', async () => {
    expect((await call('{"type": ')).status).toBe(422)
    expect((await call('{"__proto__": {"polluted": 1}}')).status).toBe(422)
    expect((await call({ ...inquiry, key: 'big', data: { note: 'x'.repeat(300_000) } })).status).toBe(413)
    expect((await call(inquiry, { 'content-type': 'text/plain' })).status).toBe(422)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('for a couple nobody knows is refused, whoever they belong to', async () => {
    const answer = await call({ ...inquiry, key: 'form-2', client: '01900000-0000-7000-8000-000000000001' })
    expect(answer.status).toBe(404)
  })
})
