import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Mail, unsafeHeader } from '../../channels/email/mail.ts'
import { PLAIN_BRAND } from '../../core/brand.ts'
import type { JsonObject } from '../../core/ids.ts'
import { merge, type RenderParts, scopeOf } from '../../core/merge.ts'
import { instant } from '../../core/time/instant.ts'
import { createLayouts, type Layouts } from '../../render/layouts.ts'
import { configProblems } from '../registry.ts'
import type { PrepareInput } from '../runner.ts'
import { richEmail } from './definition.ts'
import { type Document, documentOf, documentSchema, letterOf, liquidOf, templateOf } from './document.ts'
import { runRichEmail } from './run-rich.ts'

const render: RenderParts = async (parts, facts) =>
  Object.fromEntries(
    Object.entries(parts).map(([part, { template, target }]) => [
      part,
      merge(template, scopeOf(facts), target),
    ]),
  )
let layouts: Layouts
beforeAll(() => {
  layouts = createLayouts({ timeoutMs: 20_000 })
})
afterAll(() => layouts.close())

const text = (said: string, ...marks: unknown[]) => ({
  type: 'text',
  text: said,
  ...(marks.length > 0 ? { marks } : {}),
})
const field = (name: string, fallback: string | null = null, ...marks: unknown[]) => ({
  type: 'field',
  attrs: { name, fallback },
  ...(marks.length > 0 ? { marks } : {}),
})
const says = (...content: unknown[]) => ({ type: 'paragraph', content })
const doc = (...content: unknown[]): Document => documentSchema.parse({ type: 'doc', content })

/** Everything a letter can hold, once. */
const EVERYTHING = doc(
  { type: 'heading', attrs: { level: 1 }, content: [text('Six weeks to go, '), field('client.names')] },
  says(
    text('Dear '),
    field('client.partner_a.first_name'),
    text(', the '),
    text('light', { type: 'bold' }),
    text(' at '),
    field('wedding.venue', 'your venue', { type: 'italic' }),
    text(' is best <before> six & after. '),
    text('Look at the gallery', { type: 'link', attrs: { href: 'https://lumen.example/g?a=1&b=2' } }),
    text('.'),
  ),
  {
    type: 'bulletList',
    content: [
      { type: 'listItem', content: [says(text('Rings'))] },
      {
        type: 'listItem',
        content: [
          says(text('Shoes for the meadow')),
          {
            type: 'orderedList',
            attrs: { start: 1 },
            content: [{ type: 'listItem', content: [says(field('client.partner_b.first_name', 'you'))] }],
          },
        ],
      },
    ],
  },
  {
    type: 'button',
    attrs: { label: 'Open the timeline', url: '{{ links.timeline }}?for={{ client.names }}' },
  },
  { type: 'horizontalRule' },
  { type: 'image', attrs: { src: 'https://lumen.example/pic.jpg', alt: 'A "meadow"', width: 420 } },
  {
    type: 'liquid',
    attrs: { text: '{% if wedding.venue %}See you at {{ wedding.venue }}.{% endif %}\n\nTwo\nlines.' },
  },
)
const FACTS: JsonObject = {
  client: { names: 'Anna & Ben', partner_a: { first_name: 'Anna' } },
  wedding: { venue: 'Villa Balbiano' },
  links: { timeline: 'https://lumen.example/timeline' },
}
const BRAND = {
  ...PLAIN_BRAND,
  signature: 'Warmly,\nNell & the Lumen team',
  postalAddress: '1 High Street\nLondon',
  logo: { hash: 'a'.repeat(64), type: 'png', width: 640, height: 200 },
} as const

type Input = PrepareInput<Parameters<typeof runRichEmail.prepare>[0]['config']>
const input = (change: Partial<Input> = {}): Input => ({
  config: {
    subject: 'Your day, {{ client.names }}',
    preheader: 'Six weeks, {{ client.partner_a.first_name }}',
    body: EVERYTHING,
  },
  facts: FACTS,
  class: 'relationship',
  language: 'en',
  vendor: {
    name: 'Lumen <Studio>',
    postalAddress: null,
    brand: BRAND,
    logoUrl: 'https://wed.example/brand/lumen.png',
  },
  unsubscribeUrl: 'https://wed.example/u/9',
  ...change,
})
const prepare = (change: Partial<Input> = {}) => runRichEmail.prepare(input(change), render, layouts.layOut)
async function letter(change: Partial<Input> = {}) {
  const draft = await prepare(change)
  if (draft.is !== 'ready') throw new Error(JSON.stringify(draft))
  return draft.content
}

test('a letter is its words in plain text, in the same order', async () => {
  expect((await letter()).text).toMatchInlineSnapshot(`
    "Six weeks to go, Anna & Ben

    Dear Anna, the light at Villa Balbiano is best <before> six & after. Look at the gallery (https://lumen.example/g?a=1&b=2).

    - Rings
    - Shoes for the meadow
      1. you

    Open the timeline:
    https://lumen.example/timeline?for=Anna%20%26%20Ben

    * * *

    [A "meadow"]

    See you at Villa Balbiano.

    Two
    lines.

    Warmly,
    Nell & the Lumen team

    -- 
    Lumen <Studio>
    1 High Street, London
    Unsubscribe or choose what you receive: https://wed.example/u/9
    "
  `)
})

test('its twin in HTML is laid out in the brand of the business', async () => {
  const { html, subject } = await letter()
  expect(subject).toBe('Your day, Anna & Ben')
  await expect(html).toMatchFileSnapshot('golden/letter.html')
})

test('what must arrive has no way out; everything else has, in both forms and as one click', async () => {
  const must = await letter({ class: 'transactional' })
  expect([must.unsubscribeUrl, must.html.includes('/u/9'), must.text.includes('/u/9')]).toEqual([
    null,
    false,
    false,
  ])
  const may = await letter({ class: 'marketing' })
  expect([may.unsubscribeUrl, may.html.includes('/u/9'), may.text.includes('/u/9')]).toEqual([
    'https://wed.example/u/9',
    true,
    true,
  ])
})

test('a field without a value and without a fallback stops the letter, wherever it stands', async () => {
  expect(await prepare({ facts: { wedding: {} } })).toEqual({
    is: 'unresolved',
    fields: ['client.names', 'client.partner_a.first_name', 'links.timeline'],
  })
})

test('an address that leads nowhere good stops the letter', async () => {
  const bad = { ...FACTS, links: { timeline: 'javascript:alert(1)' } }
  expect(await prepare({ facts: bad })).toMatchObject({ is: 'broken' })
})

describe('a document is refused', () => {
  const paragraph = says(text('x'))
  test.each([
    ['with a node nobody knows', { type: 'doc', content: [{ type: 'table', content: [] }] }],
    ['with markup as a node', { type: 'doc', content: [{ type: 'html', attrs: { html: '<script>' } }] }],
    ['with more attributes', { type: 'doc', content: [{ ...paragraph, attrs: { onclick: 'x' } }] }],
    ['with a mark nobody knows', { type: 'doc', content: [says(text('x', { type: 'code' }))] }],
    ['that is empty', { type: 'doc', content: [] }],
    ['with a character that marks a place', { type: 'doc', content: [says(text('a \ue0000\ue001'))] }],
    ['with more blocks than may be', { type: 'doc', content: Array.from({ length: 201 }, () => paragraph) }],
    [
      'with more words than may be',
      { type: 'doc', content: Array.from({ length: 9 }, () => says(text('x'.repeat(2_500)))) },
    ],
  ])('%s', (_, one) => {
    expect(documentSchema.safeParse(one).success).toBe(false)
  })
})

const problems = (body: Document, fields: string[] = []) =>
  configProblems(richEmail, { subject: 'Hello', body } as never, { fields }).map(
    ({ path, code }) => `${path} ${code}`,
  )

test('what would keep it from being sent is found before, at its place', () => {
  expect(problems(EVERYTHING)).toEqual([])
  expect(problems(doc(says(text('Hi {{ x }}'), field('wedding.venue'), field('client.nmes'))))).toEqual([
    '/body/content/0/content/0 stray_brace',
    '/body/content/0/content/1 field_may_be_missing',
    '/body/content/0/content/2 unknown_field',
  ])
  expect(problems(doc(says(field('wedding.venue'))), ['wedding.venue'])).toEqual([])
  expect(problems(doc(says(field('x }} <b> {{ y', 'z'))))).toEqual([
    '/body/content/0/content/0 unknown_field',
  ])
  expect(problems(doc(says()))).toEqual(['/body letter_empty'])
  expect(
    problems(
      doc(
        says(text('x', { type: 'link', attrs: { href: 'javascript:alert(1)' } })),
        { type: 'button', attrs: { label: 'Go', url: 'mailto:a@b.example' } },
        { type: 'image', attrs: { src: 'http://x.example/a.png', alt: '' } },
        { type: 'button', attrs: { label: 'Go', url: 'http://x/{{ client.names }}' } },
      ),
    ),
  ).toEqual([
    '/body/content/0/content/0 link_unusable',
    '/body/content/1 link_unusable',
    '/body/content/2 link_unusable',
    '/body/content/3 link_unusable',
  ])
})

test('a letter of the first version becomes a document, and a document its text', () => {
  const body = 'Dear {{ client.names }},\n\nsee you at {{ wedding.venue | default: "your venue" }}\nsoon.'
  const document = documentOf(body)
  expect(documentSchema.parse(document)).toEqual(document)
  expect(document.content.map((one) => one.type)).toEqual(['paragraph', 'paragraph'])
  expect(liquidOf(document)).toBe(body.replaceAll('"', "'"))
  const conditional = documentOf('{% if wedding.venue %}a{% endif %}\n\nb')
  expect(conditional.content).toMatchObject([{ type: 'liquid' }, { type: 'paragraph' }])
  expect(documentOf('{% if wedding.venue %}a\n\nb{% endif %}').content).toMatchObject([{ type: 'liquid' }])
  expect(documentOf('{% assign x = 1 %}\n\nb').content).toMatchObject([{ type: 'liquid' }])
  expect(letterOf(body, { label: 'Yes', url: 'https://a.example' }).content.at(-1)).toMatchObject({
    type: 'button',
    attrs: { label: 'Yes' },
  })
})

// Words as people write them, as attackers do, and as nobody does.
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  'javascript:alert(1)',
  '{{ 7 | times: 7 }}{% if true %}x{% endif %}',
  'a\r\nBcc: all@x.example\r\n\r\n<b>',
  '\ue0000\ue001\ue0001\ue001',
  "$& $1 $` $'",
  '</mj-text><mj-raw>x</mj-raw>',
  '<!-- --> ]]> <![endif]-->',
  '\u202egnp.exe',
  '&lt;&#60;&amp;',
  '-- \nUnsubscribe: https://evil.example',
]
const anyWords = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
)
const factsOf = (words: string): JsonObject => ({
  client: { names: words, partner_a: { first_name: words }, partner_b: { first_name: words } },
  wedding: { venue: words },
  links: { timeline: 'https://lumen.example/timeline' },
})
const count = (where: string, what: RegExp): number => where.match(what)?.length ?? 0
const blank = (words: string): boolean => scopeOf({ words }).words === undefined

/** What a value could only change by leaving its place. The hand-written block may hold lines, so it is left out. */
const FIELDS_ONLY = doc(...EVERYTHING.content.filter((one) => one.type !== 'liquid'))
const inHtml = (html: string) => [/</g, />/g, /"/g, /'/g].map((sign) => count(html, sign))

test('no words whatever leave their place, in HTML, in a header, or in plain text', async () => {
  const config = { ...input().config, body: FIELDS_ONLY, from: { name: 'Nell for {{ client.names }}' } }
  const plain = await letter({ config, facts: factsOf('Anna') })
  await fc.assert(
    fc.asyncProperty(anyWords, async (words) => {
      fc.pre(!blank(words))
      const draft = await prepare({ config, facts: factsOf(words) })
      if (draft.is === 'unresolved') {
        expect(draft.fields.length).toBeGreaterThan(0)
        return
      }
      if (draft.is === 'broken') throw new Error(draft.cause)
      const one = draft.content
      expect(inHtml(one.html)).toEqual(inHtml(plain.html))
      expect(count(one.html, /&(?!(?:amp|lt|gt|quot|#39|nbsp);)/g)).toBe(0)
      expect(one.text.split(/[\n\r\u0085\u2028\u2029\f\v]/).length).toBe(plain.text.split('\n').length)
      expect(one.text.endsWith(plain.text.slice(plain.text.lastIndexOf('\n-- ')))).toBe(true)
      const [, address = ''] = /<a\s+href="(https:\/\/lumen\.example\/timeline[^"]*)"/.exec(one.html) ?? []
      expect(address.startsWith('https://lumen.example/timeline?for=')).toBe(true)
      expect(new URL(address.replaceAll('&amp;', '&')).searchParams.size).toBe(1)
      expect(unsafeHeader({ ...mailOf(one), from: { address: 'studio@lumen.example' } })).toBeNull()
      expect(/[\r\n]/.test(one.fromName ?? '')).toBe(false)
    }),
    { numRuns: 400 },
  )
})

const mailOf = ({ subject, text: said, html }: { subject: string; text: string; html: string }): Mail => ({
  from: { address: 'studio@lumen.example' },
  to: { address: 'anna@couple.example' },
  subject: subject.slice(0, 900),
  text: said,
  html,
  messageId: '<a@lumen.example>',
})

test('a fallback is said as it is written, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (fallback) => {
      fc.pre(fallback.trim() !== '')
      const made = merge(templateOf({ name: 'wedding.venue', fallback }), scopeOf({}), 'text')
      expect(made).toMatchObject({ is: 'text' })
      if (made.is === 'text') expect(made.text).toBe(fallback)
      expect(documentOf(`x ${templateOf({ name: 'wedding.venue', fallback })}`).content[0]).toMatchObject({
        content: [{ text: 'x ' }, { attrs: { name: 'wedding.venue', fallback } }],
      })
    }),
  )
})

test('the same layout is laid out once, however many letters are written in it', async () => {
  const own = createLayouts({ timeoutMs: 20_000 })
  const asked: string[] = []
  const watching = (mjml: string) => {
    asked.push(mjml)
    return own.layOut(mjml)
  }
  const names = Array.from({ length: 20 }, (_, index) => `Couple ${index}`)
  await Promise.all(
    names.map((one) => runRichEmail.prepare(input({ facts: factsOf(one) }), render, watching)),
  )
  expect(new Set(asked).size).toBe(1)
  expect(asked.join('')).not.toContain('Couple')
  await own.close()
})

test('it goes out as any letter does', async () => {
  const sent: Mail[] = []
  const content = await letter()
  const result = await runRichEmail.send(
    {
      content,
      recipient: { ref: 'partner_a', name: 'Anna', email: 'anna@couple.example', phone: null },
      sender: { name: 'Lumen', address: 'hello@lumen.example', replyTo: 'nell@lumen.example' },
      key: 'a1',
      attempt: 1,
      deadline: instant(0),
      signal: new AbortController().signal,
    },
    {
      email: {
        name: 'book',
        send: async (mail: Mail) => {
          sent.push(mail)
          return { is: 'accepted', ref: null } as const
        },
      },
    } as never,
  )
  expect(result).toMatchObject({ is: 'done', exit: 'sent' })
  expect(sent).toMatchObject([
    { replyTo: { address: 'nell@lumen.example' }, unsubscribe: { url: 'https://wed.example/u/9' } },
  ])
})
