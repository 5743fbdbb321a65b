import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/api/frame/limits.ts'
import { signIn, whoAmI } from '../../src/contract/accounts.ts'
import { exportAnswers } from '../../src/contract/answers.ts'
import { listAudit } from '../../src/contract/audit.ts'
import { addClient, changeClient, listClients, readClient } from '../../src/contract/clients.ts'
import { Refused, requestFor } from '../../src/contract/connect.ts'
import { listJourneys } from '../../src/contract/journeys.ts'
import { limitKey, listKeys, makeKey, revokeKey } from '../../src/contract/keys.ts'
import { exportSimulation } from '../../src/contract/simulations.ts'
import { changeVendor, readVendor } from '../../src/contract/vendors.ts'
import { type Browser, type Office, openOffice, PASSWORD, URL_HERE } from './office.ts'

let office: Office
let browser: Browser
let vendor: string
let email: string
beforeAll(async () => {
  office = await openOffice()
  const opened = await office.business()
  browser = opened.browser
  vendor = opened.vendor
  email = opened.email
}, 60_000)
afterAll(() => office.close())

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (one: unknown) => one,
  )
  if (!(error instanceof Refused)) throw error ?? new Error('it was not refused')
  return error.problem
}
const couple = (name: string) => ({ people: [{ ref: 'partner_a', name }] })
const params = () => ({ vendor })
const count = async (text: string): Promise<number> =>
  (await office.admin.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n ?? -1

describe('an Idempotency-Key', () => {
  test('gives the same answer again and changes nothing, also when both come at once', async () => {
    const before = await count('app.client')
    const key = randomUUID()
    const ask = () => browser.api(addClient, { params: params(), body: couple('Same Key'), key })
    const [one, two] = await Promise.all([ask(), ask()])
    const three = await ask()
    expect(two.data).toEqual(one.data)
    expect(three.data).toEqual(one.data)
    expect(three.response.status).toBe(201)
    expect(three.response.headers.get('idempotent-replayed')).toBe('true')
    expect(await count('app.client')).toBe(before + 1)
    expect(await count(`app.audit where subject = '${one.data.id}'`)).toBe(1)
  })

  test('is refused for another request, and is needed to make something new', async () => {
    const key = randomUUID()
    await browser.api(addClient, { params: params(), body: couple('First'), key })
    const other = browser.api(addClient, { params: params(), body: couple('Second'), key })
    expect((await refusal(other)).code).toBe('key_reused')
    const request = requestFor(addClient, { params: params(), body: couple('No Key') }, transport())
    request.headers.delete('idempotency-key')
    const answer = await browser.fetch(request)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([428, 'key_missing'])
  })

  test('of a refused request can be used again once it is right', async () => {
    const key = randomUUID()
    const from = await browser.api(readVendor, { params: params() })
    const wrong = { params: params(), body: { zone: 'Europe/Atlantis' }, ifMatch: from.etag!, key }
    expect((await refusal(browser.api(changeVendor, wrong))).code).toBe('invalid')
    const right = { ...wrong, body: { zone: 'Europe/London' } }
    expect((await browser.api(changeVendor, right)).data.zone).toBe('Europe/London')
  })

  test('belongs to who sent it: the same one from another caller is another request', async () => {
    const { data: made } = await browser.api(makeKey, {
      params: params(),
      body: { name: 'crm', scopes: ['clients:write', 'clients:read'] },
    })
    const key = randomUUID()
    const one = await browser.api(addClient, { params: params(), body: couple('By hand'), key })
    const two = await office.program(made.secret)(addClient, {
      params: params(),
      body: couple('By program'),
      key,
    })
    expect(two.data.id).not.toBe(one.data.id)
  })
})

describe('what two can edit', () => {
  test('is changed only by who has seen its state; the other is told, and nothing is lost', async () => {
    const seen = await browser.api(readVendor, { params: params() })
    const first = await browser.api(changeVendor, {
      params: params(),
      body: { name: 'Lumen & Co' },
      ifMatch: seen.etag!,
    })
    const late = browser.api(changeVendor, { params: params(), body: { name: 'Lost' }, ifMatch: seen.etag! })
    expect(await refusal(late)).toMatchObject({ code: 'changed_meanwhile', status: 412 })
    const blind = browser.api(changeVendor, { params: params(), body: { name: 'Blind' } } as never)
    expect((await refusal(blind)).code).toBe('if_match_missing')
    const now = await browser.api(readVendor, { params: params() })
    expect([now.data.name, now.etag]).toEqual(['Lumen & Co', first.etag])
    await browser.api(changeVendor, { params: params(), body: { name: 'Lumen Photography' }, ifMatch: '*' })
  })

  test('is not sent again to who has it', async () => {
    const { data } = await browser.api(addClient, { params: params(), body: couple('Etta Tag') })
    const one = { vendor, client: data.id }
    const { etag } = await browser.api(readClient, { params: one })
    const again = requestFor(readClient, { params: one }, transport())
    again.headers.set('if-none-match', etag!)
    expect((await browser.fetch(again)).status).toBe(304)
  })

  test('keeps what was not sent, also within the rules', async () => {
    const before = (await browser.api(readVendor, { params: params() })).data
    const { data } = await browser.api(changeVendor, {
      params: params(),
      body: { rules: { workingDays: [2, 3, 4] } },
      ifMatch: '*',
    })
    expect(data).toEqual({ ...before, rules: { ...before.rules, workingDays: [2, 3, 4] } })
  })
})

describe('couples', () => {
  test('come in pages, each once, the newest first', async () => {
    const one = (await office.business('Pages')).browser
    const mine = { vendor: (await one.api(whoAmI, {})).data.memberships[0]!.vendor }
    for (let i = 0; i < 7; i += 1) await one.api(addClient, { params: mine, body: couple(`Couple ${i}`) })
    const names: string[] = []
    let cursor: string | undefined
    do {
      const { data } = await one.api(listClients, {
        params: mine,
        query: { limit: 3, ...(cursor ? { cursor } : {}) },
      })
      names.push(...data.items.map((item) => item.name))
      cursor = data.next ?? undefined
    } while (cursor)
    expect(names.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `Couple ${i}`))
    const forged = one.api(listClients, { params: mine, query: { cursor: 'bm90IG91cnM' } })
    expect((await refusal(forged)).code).toBe('invalid')
  })

  test('come by their wedding day: who marries next, then nobody’s day, then days that are over', async () => {
    const one = (await office.business('Calendar')).browser
    const mine = { vendor: (await one.api(whoAmI, {})).data.memberships[0]!.vendor }
    const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const days = { over: dayIn(-30), far: dayIn(500), longOver: dayIn(-400), next: dayIn(100) }
    for (const [name, on] of [...Object.entries(days), ['unknown', null] as const])
      await one.api(addClient, {
        params: mine,
        body: { ...couple(name), ...(on && { wedding: { on } }) },
      })
    const inOrder = async (more: { search?: string } = {}) => {
      const names: string[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { order: 'wedding' as const, limit: 2, ...more, ...(cursor && { cursor }) }
        const { data } = await one.api(listClients, { params: mine, query })
        names.push(...data.items.map((item) => item.name))
        cursor = data.next
      }
      return names
    }
    expect(await inOrder()).toEqual(['next', 'far', 'unknown', 'over', 'longOver'])
    expect(await inOrder({ search: 'over' })).toEqual(['over', 'longOver'])
    const elsewhere = (await one.api(listClients, { params: mine, query: { limit: 1 } })).data.next!
    const mixed = one.api(listClients, { params: mine, query: { order: 'wedding', cursor: elsewhere } })
    expect((await refusal(mixed)).code).toBe('invalid')
  })

  test('change stage and tags with the events that journeys listen for', async () => {
    const { data } = await browser.api(addClient, { params: params(), body: couple('Stella Stage') })
    const one = { vendor, client: data.id }
    const { data: after } = await browser.api(changeClient, {
      params: one,
      body: { stage: 'booked', tags: ['vip'] },
      ifMatch: '*',
    })
    expect(after).toMatchObject({ stage: 'booked', tags: ['vip'], language: 'en' })
    const events = await office.admin.query<{ type: string; data: unknown }>(
      'select type, data from app.event where client_id = $1 order by type',
      [data.id],
    )
    expect(events.map((event) => [event.type, event.data])).toEqual([
      ['client_added', { stage: 'inquiry' }],
      ['stage_changed', { from: 'inquiry', to: 'booked' }],
      ['tag_changed', { tag: 'vip', added: true }],
    ])
  })
})

describe('an API key', () => {
  test('is shown once, may what its scopes say, and nothing once it is revoked or over', async () => {
    const key = randomUUID()
    const ask = () =>
      browser.api(makeKey, {
        params: params(),
        body: { name: 'site', scopes: ['clients:read'], days: 30 },
        key,
      })
    const { data: made } = await ask()
    expect((await refusal(ask())).code).toBe('already_answered')
    const { items } = (await browser.api(listKeys, { params: params() })).data
    expect(items.filter((one) => one.name === 'site').map((one) => one.id)).toEqual([made.id])
    expect(JSON.stringify(items)).not.toContain(made.secret)

    const program = office.program(made.secret)
    await program(listClients, { params: params() })
    expect((await refusal(program(listJourneys, { params: params() }))).code).toBe('forbidden')
    await office.admin.exec(
      `update app.api_key set expires_at = '2020-01-01Z' where api_key_id = '${made.id}'`,
    )
    expect((await refusal(program(listClients, { params: params() }))).code).toBe('unauthorised')
    await office.admin.exec(`update app.api_key set expires_at = null where api_key_id = '${made.id}'`)
    await program(listClients, { params: params() })
    await browser.api(revokeKey, { params: { vendor, key: made.id } })
    expect((await refusal(program(listClients, { params: params() }))).code).toBe('unauthorised')
  })

  test('is taken from where it may come, and its holder is told from where they came', async () => {
    const { data: made } = await browser.api(makeKey, {
      params: params(),
      body: { name: 'office', scopes: ['clients:read', 'events:write'], networks: ['203.0.113.0/24'] },
    })
    const from = async (remoteAddress: string | undefined, path = `vendors/${vendor}/clients`) => {
      const isEvent = !path.startsWith('vendors')
      const answer = await office.front.request(
        `/api/v1/${path}`,
        {
          method: isEvent ? 'POST' : 'GET',
          ...(isEvent && { body: '{}' }),
          headers: { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' },
        },
        { incoming: { socket: { remoteAddress } } },
      )
      const { code = '', detail = '' } = (await answer.json()) as { code?: string; detail?: string }
      return [answer.status, code, detail] as const
    }
    expect((await from('::ffff:203.0.113.9'))[0]).toBe(200)
    expect((await from('203.0.113.9', 'events'))[1]).toBe('invalid')
    for (const path of [
      'events',
      'in/mail',
      `vendors/${vendor}/clients`,
      `vendors/${randomUUID()}/clients`,
    ]) {
      const [status, code, detail] = await from('198.51.100.7', path)
      expect([status, code]).toEqual([403, 'address_not_allowed'])
      expect(detail).toContain('not taken from 198.51.100.7')
    }
    expect((await from(undefined))[1]).toBe('address_not_allowed')

    const one = { ...params(), key: made.id }
    await browser.api(limitKey, { params: one, body: { networks: ['198.51.100.7', '2001:db8::/32'] } })
    expect([(await from('198.51.100.7'))[0], (await from('203.0.113.9'))[0]]).toEqual([200, 403])
    const wrong = browser.api(limitKey, { params: one, body: { networks: ['198.51.100.7/33'] } })
    expect((await refusal(wrong)).code).toBe('invalid')
    await browser.api(limitKey, { params: one, body: { networks: [] } })
    expect((await from(undefined))[0]).toBe(200)
  })

  test('is made by who gives the password once more; a program that makes keys has none to give', async () => {
    const body = { name: 'once more', scopes: ['keys:write' as const] }
    const make = (password: string | undefined) =>
      browser.api(makeKey, { params: params(), body: { ...body, password } })
    for (const password of [undefined, 'not the password at all']) {
      const problem = await refusal(make(password))
      expect([problem.code, problem.problems?.map(({ path }) => path)]).toEqual(['invalid', ['/password']])
    }
    const before = (await browser.api(listKeys, { params: params() })).data.items
    expect(before.map(({ name }) => name)).not.toContain(body.name)
    const { data: maker } = await make(PASSWORD)
    await office.program(maker.secret)(makeKey, { params: params(), body: { ...body, name: 'a program’s' } })
  })

  test('what takes couples out of the house in a file asks for the password too, and a key for nothing', async () => {
    const { data: made } = await browser.api(makeKey, {
      params: params(),
      body: { name: 'takes files', scopes: ['answers:read', 'runs:read'] },
    })
    const at = { ...params(), form: randomUUID(), journey: randomUUID(), job: randomUUID() }
    for (const { op, params } of [
      { op: exportAnswers, params: { vendor: at.vendor, form: at.form } },
      { op: exportSimulation, params: { vendor: at.vendor, journey: at.journey, job: at.job } },
    ]) {
      for (const password of [undefined, 'not the password at all']) {
        const problem = await refusal(browser.api(op, { params, body: { password } } as never))
        expect([problem.code, problem.problems?.map(({ path }) => path)]).toEqual(['invalid', ['/password']])
      }
      for (const api of [browser.api, office.program(made.secret)])
        expect((await refusal(api(op, { params, body: {} } as never))).code).toBe('not_found')
    }
  })

  test('gives away no more than its maker has', async () => {
    const { data: maker } = await browser.api(makeKey, {
      params: params(),
      body: { name: 'maker', scopes: ['keys:write'] },
    })
    const more = office.program(maker.secret)(makeKey, {
      params: params(),
      body: { name: 'more', scopes: ['keys:write', 'clients:read'] },
    })
    expect(await refusal(more)).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('clients:read'),
    })
  })
})

const transport = () => ({
  base: URL_HERE,
  newKey: randomUUID,
  headers: () => ({ 'sec-fetch-site': 'same-origin', 'x-wedsync-csrf': browser.csrf }),
})

describe('a request that is not from our pages', () => {
  const ask = async (headers: Record<string, string | null>): Promise<string> => {
    const request = requestFor(addClient, { params: params(), body: couple('Forged') }, transport())
    for (const [name, value] of Object.entries(headers))
      if (value === null) request.headers.delete(name)
      else request.headers.set(name, value)
    const answer = await browser.fetch(request)
    return answer.status === 201 ? 'done' : ((await answer.json()) as { code: string }).code
  }
  test('changes nothing: neither by a form, nor by another site’s script, nor without the session’s token', async () => {
    const before = await count('app.client')
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe('cross_site')
    expect(await ask({ 'sec-fetch-site': 'same-site' })).toBe('cross_site')
    expect(await ask({ 'sec-fetch-site': null, origin: 'https://evil.example' })).toBe('cross_site')
    expect(await ask({ 'sec-fetch-site': null, origin: 'null' })).toBe('cross_site')
    expect(await ask({ 'x-wedsync-csrf': null })).toBe('cross_site')
    expect(await ask({ 'x-wedsync-csrf': 'x'.repeat(43) })).toBe('cross_site')
    expect(await ask({ 'content-type': 'text/plain' })).toBe('invalid')
    expect(await ask({ 'content-type': 'application/x-www-form-urlencoded' })).toBe('invalid')
    expect(await count('app.client')).toBe(before)
    expect(await ask({ 'sec-fetch-site': null, origin: URL_HERE })).toBe('done')
  })

  test('is told nothing that another origin may read', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await browser.fetch(
        new Request(`${URL_HERE}/api/v1/vendors/${vendor}`, {
          method,
          headers: { origin: 'https://evil.example' },
        }),
      )
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('cannot sign a victim in as somebody else', async () => {
    const foreign = office.browser({ 'sec-fetch-site': 'cross-site' })
    const attempt = foreign.api(signIn, { body: { email, password: PASSWORD } })
    expect((await refusal(attempt)).code).toBe('cross_site')
  })
})

describe('every answer', () => {
  test('says how it may be shown and kept', async () => {
    const { response } = await browser.api(listClients, { params: params() })
    const header = (name: string) => response.headers.get(name)
    expect(header('cache-control')).toBe('private, no-store')
    expect(header('x-content-type-options')).toBe('nosniff')
    expect(header('content-security-policy')).toContain("default-src 'none'")
    expect(header('ratelimit')).toMatch(/^"people";r=\d+;t=\d+$/)
  })

  test('that is a no is a problem document with every problem in it', async () => {
    const wrong = { params: params(), body: { people: [], vendor_id: vendor, status: 'x' } } as never
    const problem = await refusal(browser.api(addClient, wrong))
    expect(problem).toMatchObject({
      type: '/problems#invalid',
      status: 422,
      title: 'The request is not valid',
    })
    expect(problem.problems?.map((one) => one.path).sort()).toEqual(['/people', '/status', '/vendor_id'])
  })

  test('to hostile bodies and addresses is a clear no, never a mistake of ours', async () => {
    const send = (path: string, body?: string) =>
      browser.fetch(
        new Request(`${URL_HERE}/api/v1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
            'sec-fetch-site': 'same-origin',
            'x-wedsync-csrf': browser.csrf,
          },
          ...(body === undefined ? {} : { body }),
        }),
      )
    const clients = `/vendors/${vendor}/clients`
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const statuses = [
      await send(clients, deep),
      await send(clients, '{"people": [{"ref": "partner_a", "name": "\\u0000"}]}'),
      await send(clients, '{"__proto__": {"x": 1}}'),
      await send(clients, '{"people": 1, "people": 2}'),
      await send(clients, `{"people": "${'x'.repeat(300_000)}"}`),
      await send(`${clients}?limit=1&limit=2`),
      await send(`${clients}?limit=0`),
      await send(`${clients}?limit=1e9`),
      await send(`${clients}?search=%00`),
      await send(`${clients}?nonsense=1`),
      await send(`${clients}/not-an-id`),
      await send('/vendors/..%2f..%2fetc/clients'),
    ].map((answer) => answer.status)
    expect(statuses).toEqual([422, 422, 422, 422, 413, 422, 422, 422, 422, 422, 404, 404])
  })
})

describe('limits', () => {
  test('are told with every answer, hold for all keys of a vendor together, and say when to come again', async () => {
    const strict = await openOffice({
      limits: { ...LIMITS, key: { points: 3, seconds: 60 }, account: { points: 2, seconds: 60 } },
    })
    try {
      const { browser: owner, vendor: mine, email: owned } = await strict.business()
      const key = async () =>
        (
          await owner.api(makeKey, {
            params: { vendor: mine },
            body: { name: 'k', scopes: ['clients:read'] },
          })
        ).data.secret
      const [one, two] = [strict.program(await key()), strict.program(await key())]
      const list = { params: { vendor: mine } }
      const { response } = await one(listClients, list)
      expect(response.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60')
      expect(response.headers.get('ratelimit')).toMatch(/^"key";r=2;t=\d+$/)
      await two(listClients, list)
      await one(listClients, list)
      const error = await two(listClients, list).catch((problem: unknown) => problem as Refused)
      expect(error).toBeInstanceOf(Refused)
      if (!(error instanceof Refused)) return
      expect([error.problem.code, error.response.status]).toEqual(['too_many', 429])
      expect(Number(error.response.headers.get('retry-after'))).toBeGreaterThan(0)
      // Guessing one account's password is slow, wherever the guesses come from.
      await refusal(strict.browser().signIn(owned, 'a wrong passphrase'))
      expect((await refusal(strict.browser().signIn(owned, 'a wrong passphrase'))).code).toBe('too_many')
    } finally {
      await strict.close()
    }
  }, 60_000)
})

test('everything that was changed is in the audit, by whom', async () => {
  const { data } = await browser.api(listAudit, { params: params(), query: { limit: 200 } })
  const kinds = new Set(data.items.map((one) => one.action))
  for (const kind of ['client.added', 'client.changed', 'vendor.changed', 'key.made', 'key.revoked'])
    expect(kinds).toContain(kind)
  expect(data.items.every((one) => /^(member|key):[0-9a-f-]{36}$/.test(one.actor))).toBe(true)
})
