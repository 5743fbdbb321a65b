import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTrap, type Server, type Socket } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import { type Instant, instant } from '../../core/time/instant.ts'
import { CONFORMANCE_NOW, channelConformance, delivery, type Fault } from '../conformance.ts'
import type { OutwardPolicy } from './outward.ts'
import { replyTo, type WebhookCall, webhook } from './webhook.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const body = JSON.stringify({ type: 'journey.step', couple: 'Anna & Ben – größte Freude' })

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const channelWith = (policy: Partial<OutwardPolicy> = {}, now: () => Instant = () => CONFORMANCE_NOW) => {
  const channel = webhook({ forbiddenHosts: ['wedsync.example'], ...policy }, { now })
  closing.push(() => channel.close())
  return channel
}
const local = { allowLoopback: true }

async function portOf(server: Server, host?: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port')
  return address.port
}

type Heard = { readonly headers: IncomingHttpHeaders; readonly body: string }

/** A real receiver on loopback. */
async function receiver(answer: (request: IncomingMessage, response: ServerResponse, heard: Heard) => void) {
  const heard: Heard[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString() }
      heard.push(one)
      answer(request, response, one)
    })
  })
  const visits = { count: 0 }
  server.on('connection', (socket) => {
    visits.count += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await portOf(server, '127.0.0.1')
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return { url: `http://127.0.0.1:${port}/hook`, heard, visits }
}
const callTo = (url: string, change: Partial<WebhookCall> = {}): WebhookCall => ({
  url,
  body,
  secrets: [secret],
  ...change,
})

channelConformance(
  'webhook',
  ['says_later', 'refuses', 'lost_after_hand_over', 'silent_after_hand_over'],
  async () => {
    let fault: Fault = 'none'
    const taken: string[] = []
    const { url, visits } = await receiver((request, response, one) => {
      if (fault === 'lost_after_hand_over') return request.socket.destroy()
      if (fault === 'silent_after_hand_over') return
      const status = fault === 'says_later' ? 503 : fault === 'refuses' ? 422 : 200
      if (status === 200) taken.push(String(one.headers['webhook-id']))
      response.writeHead(status).end()
    })
    return {
      channel: channelWith(local),
      message: callTo(url),
      become: async (next) => {
        fault = next
      },
      taken: () => taken,
      visits: () => visits.count,
    }
  },
)

describe('a receiver can trust the signature', () => {
  async function signedCall(secrets: WebhookCall['secrets'] = [secret]): Promise<Heard> {
    const { url, heard } = await receiver((_, response) => response.writeHead(204).end())
    await channelWith(local, () => instant(Date.now())).send(
      callTo(url, { secrets }),
      delivery({ deadline: instant(Date.now() + 9_000) }),
    )
    const [one] = heard
    if (!one) throw new Error('the call arrived')
    return one
  }
  const headersOf = ({ headers }: Heard): Record<string, string> => ({
    'webhook-id': String(headers['webhook-id']),
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  })

  test('the verifier of the specification accepts it, with the effect key as id', async () => {
    const one = await signedCall()
    expect(new Webhook(secret).verify(one.body, headersOf(one))).toEqual(JSON.parse(body))
    expect(one.headers['webhook-id']).toBe('a1'.repeat(32))
    expect(one.headers['content-type']).toBe('application/json')
  })

  test('while a secret is being changed, both the old and the new one verify', async () => {
    const newer = `whsec_${Buffer.alloc(24, 9).toString('base64')}`
    const one = await signedCall([newer, secret])
    for (const key of [newer, secret]) expect(new Webhook(key).verify(one.body, headersOf(one))).toBeTruthy()
  })

  test('tampering with body, id, time or signature, another secret, and a late replay all fail', async () => {
    const one = await signedCall()
    const headers = headersOf(one)
    const signature = headers['webhook-signature'] ?? ''
    const old = String(Number(headers['webhook-timestamp']) - 301)
    const forged: [string, string, Record<string, string>][] = [
      [secret, one.body.replace('Anna', 'Eve'), headers],
      [secret, `${one.body} `, headers],
      [secret, one.body, { ...headers, 'webhook-id': 'b2'.repeat(32) }],
      [
        secret,
        one.body,
        { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) },
      ],
      [secret, one.body, { ...headers, 'webhook-timestamp': old }],
      [secret, one.body, { ...headers, 'webhook-signature': signature.replace('v1,', 'v2,') }],
      [secret, one.body, { ...headers, 'webhook-signature': `${signature.slice(0, -3)}AA=` }],
      [`whsec_${Buffer.alloc(32, 8).toString('base64')}`, one.body, headers],
    ]
    for (const [key, text, withHeaders] of forged) {
      expect(() => new Webhook(key).verify(text, withHeaders)).toThrow()
    }
  })

  test('a repeat has the same id and a time of its own', async () => {
    const { url, heard } = await receiver((_, response) => response.writeHead(500).end())
    const times = [instant(CONFORMANCE_NOW), instant(CONFORMANCE_NOW + 60_000)]
    for (const [index, at] of times.entries()) {
      await channelWith(local, () => at).send(callTo(url), delivery({ attempt: index + 1, deadline: at }))
    }
    expect(heard.map(({ headers }) => [headers['webhook-id'], headers['webhook-timestamp']])).toEqual([
      ['a1'.repeat(32), '1800000000'],
      ['a1'.repeat(32), '1800000060'],
    ])
  })
})

test.each([
  [200, null, { is: 'accepted', ref: null }],
  [204, null, { is: 'accepted', ref: null }],
  [301, null, { is: 'rejected', cause: 'webhook_redirect' }],
  [304, null, { is: 'rejected', cause: 'webhook_redirect' }],
  [400, null, { is: 'rejected', cause: 'webhook_400', detail: 'why' }],
  [404, null, { is: 'rejected', cause: 'webhook_404', detail: 'why' }],
  [410, null, { is: 'rejected', cause: 'webhook_410', detail: 'why' }],
  [408, null, { is: 'busy', cause: 'webhook_408', retryAfterMs: null }],
  [409, null, { is: 'busy', cause: 'webhook_409', retryAfterMs: null }],
  [425, null, { is: 'busy', cause: 'webhook_425', retryAfterMs: null }],
  [429, '120', { is: 'busy', cause: 'webhook_429', retryAfterMs: 120_000 }],
  [
    429,
    new Date(CONFORMANCE_NOW + 5_000).toUTCString(),
    { is: 'busy', cause: 'webhook_429', retryAfterMs: 5_000 },
  ],
  [429, 'whenever', { is: 'busy', cause: 'webhook_429', retryAfterMs: null }],
  [429, '999999999', { is: 'busy', cause: 'webhook_429', retryAfterMs: 86_400_000 }],
  [500, null, { is: 'busy', cause: 'webhook_500', retryAfterMs: null }],
  [503, '0', { is: 'busy', cause: 'webhook_503', retryAfterMs: 0 }],
])('%i with retry-after %s is %j', (status, retryAfter, expected) => {
  expect(replyTo(status, retryAfter, 'why', CONFORMANCE_NOW)).toEqual(expected)
})

describe('a receiver that misbehaves costs little', () => {
  test('a redirect is not followed', async () => {
    const target = await receiver((_, response) => response.end())
    const { url } = await receiver((_, response) => response.writeHead(307, { location: target.url }).end())
    expect(await channelWith(local).send(callTo(url), delivery())).toMatchObject({ is: 'rejected' })
    expect(target.visits.count).toBe(0)
  })

  test('an endless reply is read to 64 kB and no further, and the first thousand characters are kept', async () => {
    let written = 0
    const { url } = await receiver((_, response) => {
      response.writeHead(400)
      const more = (): void => {
        while (written < 50_000_000 && !response.destroyed) {
          written += 16_384
          if (!response.write('x'.repeat(16_384))) return void response.once('drain', more)
        }
      }
      more()
    })
    const reply = await channelWith(local).send(callTo(url), delivery())
    expect(reply).toEqual({ is: 'rejected', cause: 'webhook_400', detail: 'x'.repeat(1_000) })
    expect(written).toBeLessThan(50_000_000)
  })

  test('a reply that never ends after its status does not change what the status said', async () => {
    const { url } = await receiver((_, response) => response.writeHead(200).write('…'))
    const signal = AbortSignal.timeout(1_500)
    expect(await channelWith(local).send(callTo(url), delivery({ signal }))).toEqual({
      is: 'accepted',
      ref: null,
    })
  })

  test('nobody at home, and a name that leads nowhere, have certainly not accepted', async () => {
    const nobody = await channelWith(local).send(callTo('http://127.0.0.1:1/'), delivery())
    expect(nobody).toEqual({ is: 'busy', cause: 'webhook_econnrefused', retryAfterMs: null })
    const lookup: OutwardPolicy['lookup'] = (_, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
    const nowhere = await channelWith({ lookup }).send(callTo('https://gone.example/'), delivery())
    expect(nowhere).toEqual({ is: 'busy', cause: 'webhook_enotfound', retryAfterMs: null })
  })

  test('a resolver that never answers is certain: nothing was said yet', async () => {
    const channel = channelWith({ lookup: () => undefined })
    const signal = AbortSignal.timeout(100)
    expect(await channel.send(callTo('https://slow.example/'), delivery({ signal }))).toMatchObject({
      is: 'busy',
    })
  })
})

describe('nobody is sent inside the house (T2)', () => {
  /** Listens everywhere on this machine and counts who comes. */
  async function trap() {
    let caught = 0
    const server = createTrap((socket) => {
      caught += 1
      socket.destroy()
    })
    const port = await portOf(server)
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    return { port, caught: () => caught }
  }

  const hosts = [
    ...[
      '127.0.0.1',
      '127.1',
      '127.0.1',
      '127.127.127.127',
      '127.255.255.254',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
    ],
    ...[
      '017700000001',
      '0177.0.0.1',
      '0177.0.0.01',
      '00000177.1',
      '0x7f.0x0.0x0.0x1',
      '127.0.0.1.',
      '①②⑦.⓪.⓪.①',
    ],
    ...['１２７.０.０.１', '127。0。0。1', '0', '0.0.0.0', '0000', '0x0', '0.0.0.1'],
    ...[
      '10.0.0.1',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '192.168.1.254',
      '167772161',
    ],
    ...['169.254.169.254', '2852039166', '0xa9fea9fe', '169.254.170.2', '100.64.0.1', '100.100.100.200'],
    ...['192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1'],
    ...['255.255.255.255', '192.88.99.1'],
    ...[
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::127.0.0.1]',
      '[::7f00:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
    ],
    ...['[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]'],
    ...[
      '[2002:7f00:1::]',
      '[2001:0:7f00:1::]',
      '[fd00:ec2::254]',
      '[fc00::1]',
      '[fe80::1]',
      '[fec0::1]',
      '[ff02::1]',
    ],
    ...['[2001:db8::1]', '[100::1]', '[3fff::1]', '[5f00::1]', '[::ffff:169.254.169.254]', '[4000::1]'],
    ...[
      'localhost',
      'LOCALHOST',
      'localhost.',
      'ⓛocalhost',
      'a.localhost',
      'metadata',
      'metadata.google.internal',
    ],
    ...[
      'printer.local',
      'router.home.arpa',
      'intranet.corp',
      'wedsync.example',
      'api.wedsync.example',
      'WedSync.Example.',
    ],
  ]

  test(`not by any of ${hosts.length} ways to write a place inside`, async () => {
    const { port, caught } = await trap()
    // Names that pass the first look would be resolved to the trap: the second look has to hold.
    const lookup: OutwardPolicy['lookup'] = (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
    const channel = channelWith({ ports: [port], lookup })
    for (const host of hosts) {
      const reply = await channel.send(callTo(`https://${host}:${port}/hook`), delivery())
      expect([host, reply]).toEqual([
        host,
        expect.objectContaining({ is: 'rejected', cause: 'address_forbidden' }),
      ])
    }
    expect(hosts.length).toBeGreaterThanOrEqual(60)
    expect(caught()).toBe(0)
  })

  test('the trap can be sprung: with loopback allowed it is', async () => {
    const { port, caught } = await trap()
    await channelWith(local).send(callTo(`http://127.0.0.1:${port}/`), delivery())
    await channelWith(local).send(callTo(`http://localhost:${port}/`), delivery())
    expect(caught()).toBe(2)
  })

  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/_',
    'javascript:alert(1)',
    'https://user:pass@example.com/',
    'https://user@example.com/',
    'https://example.com@127.0.0.1/',
    'https://127.0.0.1#@example.com/',
    'https://example.com:22/',
    'https://example.com:80/',
    'https://example.com:6379/',
    'https://[::1',
    'https://',
    'example.com',
    '//example.com/',
    '',
    `https://example.com/${'x'.repeat(2_000)}`,
  ])('%s is not an address to call', async (url) => {
    expect(await channelWith().send(callTo(url), delivery())).toMatchObject({
      is: 'rejected',
      cause: 'address_forbidden',
    })
  })

  test('a name with one good and one bad address is refused, in either order', async () => {
    const { port, caught } = await trap()
    const good = { address: '93.184.215.14', family: 4 }
    for (const bad of [
      '127.0.0.1',
      '::1',
      '10.0.0.1',
      '169.254.169.254',
      '::ffff:127.0.0.1',
      '::7f00:1',
      'nonsense',
    ]) {
      const evil = { address: bad, family: bad.includes(':') ? 6 : 4 }
      for (const addresses of [
        [good, evil],
        [evil, good],
      ]) {
        const channel = channelWith({ ports: [port], lookup: (_, done) => done(null, addresses) })
        const reply = await channel.send(callTo(`https://mixed.example:${port}/`), delivery())
        expect(reply).toMatchObject({ is: 'rejected', cause: 'address_forbidden' })
      }
    }
    expect(caught()).toBe(0)
  })

  test('a name is looked up once for a call, and judged anew for the next one', async () => {
    const { url, visits } = await receiver((_, response) => response.writeHead(200).end())
    const answers = ['127.0.0.1', '10.0.0.1', '127.0.0.1']
    let looks = 0
    const channel = channelWith({
      ...local,
      lookup: (_, done) => done(null, [{ address: answers[looks++] ?? '127.0.0.1', family: 4 }]),
    })
    const named = callTo(url.replace('127.0.0.1', 'localhost'))
    expect([await channel.send(named, delivery()), looks]).toEqual([{ is: 'accepted', ref: null }, 1])
    expect(await channel.send(named, delivery())).toMatchObject({
      is: 'rejected',
      cause: 'address_forbidden',
    })
    expect([looks, visits.count]).toEqual([2, 1])
  })
})
