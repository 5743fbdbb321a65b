import { expect, test } from 'vitest'
import type { Channel } from '../../channels/channel.ts'
import type { Mail } from '../../channels/email/mail.ts'
import { merge, type RenderParts, scopeOf } from '../../core/merge.ts'
import { exampleFacts, MERGE_FIELDS } from '../../core/merge-fields.ts'
import { instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { configProblems } from '../registry.ts'
import type { PrepareInput, SendInput } from '../runner.ts'
import { email } from './definition.ts'
import { runEmail } from './run.ts'
import type { EmailContent } from './send.ts'

const render: RenderParts = async (parts, facts) =>
  Object.fromEntries(
    Object.entries(parts).map(([part, { template, target }]) => [
      part,
      merge(template, scopeOf(facts), target),
    ]),
  )

type Input = PrepareInput<Parameters<typeof runEmail.prepare>[0]['config']>
const input = (change: Partial<Input> = {}): Input => ({
  config: {
    subject: 'Your day, {{ client.names }}',
    body: 'Dear {{ client.partner_a.first_name }},\n\nonly {{ wedding.days_left }} days\nto go.\n\n\n  \nYours',
    link: { label: 'Open the list', url: '{{ link }}' },
  },
  facts: {
    client: { names: 'Anna & Ben', partner_a: { first_name: 'Anna <3' } },
    wedding: { days_left: 42 },
    link: 'https://wed.example/l?a=1&b="2"',
  },
  class: 'relationship',
  language: 'en',
  vendor: { name: 'Lumen & Co', postalAddress: '1 High Street\nLondon' },
  unsubscribeUrl: 'https://wed.example/u/9',
  ...change,
})

async function letter(change: Partial<Input> = {}): Promise<EmailContent> {
  const draft = await runEmail.prepare(input(change), render)
  if (draft.is !== 'ready') throw new Error(JSON.stringify(draft))
  return draft.content
}

test('a letter is the words in plain text, with the link and who it is from', async () => {
  const { subject, text } = await letter()
  expect(subject).toBe('Your day, Anna & Ben')
  expect(text).toBe(`Dear Anna <3,

only 42 days
to go.

Yours

Open the list:
https://wed.example/l?a=1&b=%222%22

-- 
Lumen & Co
1 High Street, London
Unsubscribe: https://wed.example/u/9
`)
})

test('its twin in HTML has the same words, escaped, in paragraphs, with one button', async () => {
  const { html } = await letter()
  expect(html).toMatchInlineSnapshot(`
    "<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Your day, Anna &amp; Ben</title>
    </head>
    <body style="margin:0;padding:0">
    <div style="max-width:560px;margin:0 auto;padding:40px 24px;font-family:Georgia,'Times New Roman',serif;font-size:17px;line-height:27px">
    <p dir="auto" style="margin:0 0 20px">Dear Anna &lt;3,</p>
    <p dir="auto" style="margin:0 0 20px">only 42 days<br>
    to go.</p>
    <p dir="auto" style="margin:0 0 20px">Yours</p>
    <p style="margin:28px 0"><a href="https://wed.example/l?a=1&amp;b=%222%22" style="display:inline-block;padding:12px 28px;border:1px solid currentColor;border-radius:3px;color:inherit;text-decoration:none">Open the list</a></p>
    <p style="margin:40px 0 0;padding-top:16px;border-top:1px solid #b8b8b8;font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px;line-height:20px">Lumen &amp; Co<br>
    1 High Street, London<br>
    <a href="https://wed.example/u/9" style="color:inherit">Unsubscribe</a></p>
    </div>
    </body>
    </html>
    "
  `)
})

test('words of a couple stay words in the twin', async () => {
  const facts = {
    ...input().facts,
    client: { names: '<script>x</script>', partner_a: { first_name: '{{ link }}' } },
  }
  const { html, text, subject } = await letter({ facts })
  expect(html).not.toContain('<script')
  expect(html).toContain('<title>Your day, &lt;script&gt;x&lt;/script&gt;</title>')
  expect(html).toContain('Dear {{ link }},')
  expect(text).toContain('Dear {{ link }},')
  expect(subject).toBe('Your day, <script>x</script>')
})

test('a subject is one line whatever the words are', async () => {
  const facts = {
    ...input().facts,
    client: { names: 'A\r\nBcc: all@x.example\u2028B', partner_a: { first_name: 'A' } },
  }
  expect((await letter({ facts })).subject).toBe('Your day, A Bcc: all@x.example B')
})

test('what must arrive cannot be unsubscribed from; everything else can', async () => {
  expect((await letter({ class: 'transactional' })).unsubscribeUrl).toBeNull()
  expect((await letter({ class: 'transactional' })).html).not.toContain('Unsubscribe')
  expect((await letter({ class: 'marketing' })).unsubscribeUrl).toBe('https://wed.example/u/9')
})

test('every missing field of every part is named, and there is no letter', async () => {
  const draft = await runEmail.prepare(input({ facts: { client: { names: 'Anna & Ben' } } }), render)
  expect(draft).toEqual({
    is: 'unresolved',
    fields: ['client.partner_a.first_name', 'wedding.days_left', 'link'],
  })
})

test.each([
  'javascript:alert(1)',
  'http://wed.example/',
  'https://user@wed.example/',
  '/relative',
  'data:text/html,x',
])('a link to %s makes no letter', async (link) => {
  const draft = await runEmail.prepare(input({ facts: { ...input().facts, link } }), render)
  expect(draft.is).toBe('broken')
})

const sending = (change: Partial<SendInput<EmailContent>> = {}): SendInput<EmailContent> => ({
  content: {
    subject: 'S',
    text: 'T',
    html: '<p>H</p>',
    fromName: null,
    unsubscribeUrl: 'https://wed.example/u/9',
  },
  recipient: { ref: 'partner_a', name: 'Anna\nSmith', email: 'anna@couple.example', phone: null },
  sender: { name: 'Lumen', address: 'hello@lumen.example', replyTo: 'studio@lumen.example' },
  key: 'a1'.repeat(32),
  attempt: 1,
  deadline: instant(1_800_000_000_000),
  signal: new AbortController().signal,
  ...change,
})
function channels(reply: ProviderReply = { is: 'accepted', ref: '250 ok' }) {
  const sent: Mail[] = []
  const channel: Channel<Mail> = {
    name: 'book',
    send: async (mail) => {
      sent.push(mail)
      return reply
    },
  }
  const webhook = { name: 'none', send: () => Promise.reject(new Error('an email calls no webhook')) }
  const sms = { name: 'none', send: () => Promise.reject(new Error('nobody is texted here')) }
  return { sent, all: { email: channel, sms, webhook } }
}

test('a letter goes to one address, under the name of its effect key', async () => {
  const { sent, all } = channels()
  expect(await runEmail.send(sending(), all)).toEqual({ is: 'done', exit: 'sent', ref: '250 ok' })
  expect(sent).toEqual([
    {
      from: { name: 'Lumen', address: 'hello@lumen.example' },
      to: { name: 'Anna Smith', address: 'anna@couple.example' },
      replyTo: { address: 'studio@lumen.example' },
      subject: 'S',
      text: 'T',
      html: '<p>H</p>',
      messageId: '<ugq2dinbugq2dinbugq2dinbugq2dinbugq2dinbugq2dinbugqq@lumen.example>',
      unsubscribe: { url: 'https://wed.example/u/9' },
    },
  ])
})

test('a second attempt is the same letter to the byte', async () => {
  const { sent, all } = channels()
  await runEmail.send(sending(), all)
  await runEmail.send(sending({ attempt: 2 }), all)
  expect(sent[1]).toEqual(sent[0])
})

test.each<[ProviderReply, object]>([
  [
    { is: 'rejected', cause: 'recipient_550', detail: '550 nobody' },
    { is: 'refused', exit: 'refused', cause: 'recipient_550', detail: '550 nobody' },
  ],
  [
    { is: 'busy', cause: 'smtp_451', retryAfterMs: 9 },
    { is: 'retry', cause: 'smtp_451', afterMs: 9 },
  ],
  [
    { is: 'unknown', cause: 'lost' },
    { is: 'unknown', cause: 'lost' },
  ],
])('%j is told as %j', async (reply, result) => {
  expect(await runEmail.send(sending(), channels(reply).all)).toEqual(result)
})

test('somebody without an address is not written to', async () => {
  const { sent, all } = channels()
  const recipient = { ...sending().recipient, email: null }
  expect(await runEmail.send(sending({ recipient }), all)).toEqual({
    is: 'refused',
    exit: 'refused',
    cause: 'no_address',
  })
  expect(sent).toEqual([])
})

test('problems of a configuration are told by field and place before it is published', () => {
  const problems = (config: Parameters<typeof configProblems>[1], fields: string[] = []) =>
    configProblems(email, config, { fields }).map(({ path, code }) => `${path} ${code}`)
  expect(problems({ subject: 'Hi {{ wedding.venue }}', body: '{{ nobody.knows }}\n{{ oops' })).toEqual([
    '/subject field_may_be_missing',
    '/body text_unreadable',
  ])
  expect(problems({ subject: 'Hi', body: 'x', link: { label: 'Go', url: '{{ link }}' } })).toEqual([
    '/link/url field_may_be_missing',
  ])
  expect(problems({ subject: 'Hi', body: 'x', link: { label: 'Go', url: '{{ link }}' } }, ['link'])).toEqual(
    [],
  )
  expect(problems({ subject: 'Hi', body: 'x', link: { label: 'Go', url: 'http://x.example' } })).toEqual([
    '/link/url link_unusable',
  ])
  expect(problems({ subject: 'two\nlines', body: 'x' })).toEqual(['/subject config_malformed'])
  expect(problems({ subject: 'Hi', body: 'x', colour: 'red' })).toEqual([' config_malformed'])
})

test('every documented field can be used, and its example is printed', async () => {
  const body = MERGE_FIELDS.map(({ name }) => `{{ ${name} }}`).join('\n')
  const { text } = await letter({ config: { subject: 'x', body }, facts: exampleFacts() })
  expect(text.split('\n\n')[0]).toBe(MERGE_FIELDS.map(({ example }) => example).join('\n'))
})
