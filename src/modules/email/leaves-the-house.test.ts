import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakers } from '../../channels/breaker.ts'
import type { Channels } from '../../channels/channels.ts'
import { type SmtpChannel, smtp } from '../../channels/email/smtp.ts'
import { webhook } from '../../channels/webhook/webhook.ts'
import type { VendorId } from '../../core/ids.ts'
import { instant, plusMs } from '../../core/time/instant.ts'
import type { Clock } from '../../ports.ts'
import { createRenderer, type Renderer } from '../../render/renderer.ts'
import { moduleExecution } from '../execution.ts'
import { runners } from '../runners.ts'

// The whole way of a letter with nothing pretended but the clock: text, merging thread, runner, breaker, line.
const NOW = instant(1_800_000_000_000)
const lumen = 'lumen' as VendorId
const still: Clock = {
  now: () => NOW,
  uncertaintyMs: () => 0,
  sleepUntil: (_, __, signal) => new Promise((wake) => signal?.addEventListener('abort', () => wake())),
}
const letters: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, _, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      letters.push(Buffer.concat(chunks).toString())
      done(null)
    })
  },
})
let line: SmtpChannel
let renderer: Renderer
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port')
  line = smtp({ host: '127.0.0.1', port: address.port, tls: 'none' }, { now: still.now })
  renderer = createRenderer()
})
afterAll(async () => {
  line.close()
  await renderer.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

test('a letter is written, frozen, sent and sent again as the same letter', async () => {
  const guard = breakers()
  const outward = webhook({ forbiddenHosts: [] }, { now: still.now })
  const channelsFor = (vendor: VendorId): Channels => ({
    email: guard.guard(line, vendor),
    sms: { name: 'none', send: () => Promise.reject(new Error('nobody is texted here')) },
    webhook: guard.guard(outward, vendor),
  })
  const execution = moduleExecution({ runners, channelsFor, render: renderer.render, clock: still })
  const email = { type: 'email', version: 1 }

  const prepared = await execution.prepare(email, {
    config: {
      subject: 'Six weeks, {{ client.names }}',
      body: 'Dear {{ client.names }},\n\nsee you at {{ wedding.venue }}.',
    },
    facts: { client: { names: 'Zoë & Ben' }, wedding: { venue: 'Villa Balbiano' } },
    class: 'relationship',
    language: 'en',
    vendor: { name: 'Lumen', postalAddress: null },
    unsubscribeUrl: 'https://wed.example/u/9',
  })
  if (prepared.is !== 'ready') throw new Error(JSON.stringify(prepared))

  const attempt = (count: number) =>
    execution.attempt(email, lumen, {
      content: prepared.content,
      recipient: { ref: 'partner_a', name: 'Zoë', email: 'zoe@couple.example', phone: null },
      sender: { name: 'Lumen', address: 'hello@lumen.example', replyTo: null },
      key: 'c0ffee'.padEnd(64, '0'),
      attempt: count,
      deadline: plusMs(NOW, 30_000),
      signal: new AbortController().signal,
    })
  expect(await attempt(1)).toMatchObject({ is: 'done', exit: 'sent' })
  expect(await attempt(2)).toMatchObject({ is: 'done', exit: 'sent' })

  const [first = '', second = ''] = letters.map((letter) => letter.replace(/^Date:.*$/m, ''))
  expect(second).toBe(first)
  expect(first).toMatch(/^Message-ID:\s+<yd764aaaaaaaa[a-z2-7]{39}@lumen\.example>/m)
  expect(first).toContain('see you at Villa Balbiano.')
  expect(first).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  await outward.close()
})
