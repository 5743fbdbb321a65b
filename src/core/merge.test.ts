import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from './ids.ts'
import { fieldsOf, merge, mergeProblems, scopeOf } from './merge.ts'
import { dayInWords, MERGE_FIELDS } from './merge-fields.ts'
import type { LocalDate } from './time/local.ts'

const anna: JsonObject = {
  client: { names: 'Anna & Ben', partner_a: { first_name: 'Anna' }, partner_b: { first_name: ' ' } },
  wedding: { date: 'Saturday, 12 June 2027', days_left: 42, venue: null },
  vendor: { name: 'Lumen' },
  answers: { details: { guests: 80, colours: ['sage', 'ivory'] } },
}
const text = (template: string, facts: JsonObject = anna) => merge(template, scopeOf(facts))
const codes = (template: string, guaranteed: string[] = []) =>
  mergeProblems(template, guaranteed).map((problem) => `${problem.path} ${problem.code}`)

test('words are put in where the text asks for them', () => {
  expect(
    text(
      'Dear {{ client.partner_a.first_name }}, {{ wedding.days_left }} days! {{ answers.details.colours }}.',
    ),
  ).toEqual({ is: 'text', text: 'Dear Anna, 42 days! sage, ivory.' })
})

test('every missing, null or blank field is named at once, and nothing is written', () => {
  expect(
    text(
      '{{ client.partner_b.first_name }} at {{ wedding.venue }}{% if client.names %}, {{ link }}{% endif %}',
    ),
  ).toEqual({ is: 'unresolved', fields: ['client.partner_b.first_name', 'wedding.venue', 'link'] })
})

test('a field in a branch that is not taken does not block', () => {
  expect(text('Hi{% if wedding.venue %} at {{ wedding.venue }}{% else %} there{% endif %}')).toEqual({
    is: 'text',
    text: 'Hi there',
  })
})

test('a fallback stands in for missing, null and blank alike', () => {
  expect(
    text("{{ wedding.venue | default: 'your venue' }} {{ client.partner_b.first_name | default: 'x' }}"),
  ).toEqual({ is: 'text', text: 'your venue x' })
})

test('a blank made by a filter, an empty fallback and a whole object all block instead of printing', () => {
  expect(text("{{ client.names | remove: 'Anna & Ben' }}").is).toBe('unresolved')
  expect(text("{{ wedding.venue | default: '' }}").is).toBe('unresolved')
  expect(text('{{ client }}').is).toBe('unresolved')
})

test('words of the couple are never read as a text, in no order and not twice (M2)', () => {
  const nasty = '{{ vendor.name }}{% if 1 %}<b>'
  expect(text('{{ client.names }}', { client: { names: nasty }, vendor: { name: 'V' } })).toEqual({
    is: 'text',
    text: nasty,
  })
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (words) => {
      const expected = words.trim() === '' ? 'unresolved' : words
      const got = text('{% assign a = client.names | append: "" %}{{ a }}', { client: { names: words } })
      expect(got.is === 'text' ? got.text : got.is).toBe(expected)
    }),
  )
})

test('words are escaped for HTML, the text around them is not', () => {
  expect(merge('<p>{{ client.names }}</p>', scopeOf({ client: { names: `<i>"A"&'B'` } }), 'html')).toEqual({
    is: 'text',
    text: '<p>&lt;i&gt;&quot;A&quot;&amp;&#39;B&#39;</p>',
  })
})

test('nothing of JavaScript can be reached', () => {
  for (const path of [
    'constructor',
    'client.__proto__',
    'client.constructor.name',
    'client.names.constructor',
  ]) {
    expect(text(`{{ ${path} }}`)).toEqual({ is: 'unresolved', fields: [path] })
  }
})

test.each([
  '{% include "x" %}',
  '{% render "x" %}',
  '{% layout "x" %}',
  '{% block x %}{% endblock %}',
  '{% raw %}{{ x }}{% endraw %}',
  '{% liquid echo client.names %}',
  '{{ client.names | raw }}',
  '{{ "now" | date: "%s" }}',
  '{{ client.names | where_exp: "x", "x" }}',
  '{{ client.names | constructor }}',
  '{{ client.names | toString }}',
])('%s is no part of the dialect', (template) => {
  expect(text(template).is).toBe('broken')
  expect(mergeProblems(template)).toContainEqual(
    expect.objectContaining({ code: 'text_unreadable', severity: 'error', path: '1:1' }),
  )
})

test.each([
  '{% for i in (1..100000000) %}x{% endfor %}',
  '{% for i in (1..10000) %}{% for j in (1..10000) %}x{% endfor %}{% endfor %}',
  `{% assign s = "0123456789" %}${'{% assign s = s | append: s %}'.repeat(40)}{{ s }}`,
  'x'.repeat(100_001),
])('a text that would never end is cut short (%#)', (template) => {
  const before = performance.now()
  expect(text(template).is).toBe('broken')
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('parse errors are told with line and column, all of them', () => {
  expect(codes('Hi\n  {{ client.names | nope }}\n{% foo %}')).toEqual([
    '2:3 text_unreadable',
    '3:1 text_unreadable',
  ])
})

test('unknown fields, and fields that may be missing, are told where they stand', () => {
  expect(codes('{{ client.nmes }}\nat {{ wedding.venue }}')).toEqual([
    '1:4 unknown_field',
    '2:7 field_may_be_missing',
  ])
})

test('a default, an if around it, and a guarantee are each enough; an empty or late default is not', () => {
  expect(codes("{{ wedding.venue | default: 'there' }}")).toEqual([])
  expect(
    codes('{% if wedding.venue and vendor.phone %}{{ wedding.venue }}{{ vendor.phone }}{% endif %}'),
  ).toEqual([])
  expect(codes('{{ answers.details.guests }}', ['answers.details.guests'])).toEqual([])
  expect(codes("{{ wedding.venue | default: '' }}")).toEqual(['1:4 field_may_be_missing'])
  expect(codes("{{ wedding.venue | upcase | default: 'x' }}")).toEqual(['1:4 field_may_be_missing'])
  expect(codes('{% if wedding.venue or vendor.phone %}{{ wedding.venue }}{% endif %}')).toEqual([
    '1:42 field_may_be_missing',
  ])
  expect(codes('{{ client.names | default: wedding.venue }}')).toEqual(['1:28 field_may_be_missing'])
})

test('names a text makes itself are not fields', () => {
  expect(
    codes('{% assign n = client.names | upcase %}{{ n }}{% capture m %}{{ n }}{% endcapture %}{{ m }}'),
  ).toEqual([])
  expect(
    codes('{% for c in answers.details.colours %}{{ c }}{% endfor %}{{ c }}', ['answers.details.colours']),
  ).toEqual(['1:61 unknown_field'])
})

test('braces that would be printed as they stand are found', () => {
  expect(codes('Hi {client.names}, {{ client.names }} and {first_name}')).toEqual([
    '1:4 stray_brace',
    '1:43 stray_brace',
  ])
  expect(codes('Hi\nAnna }}')).toEqual(['2:6 stray_brace'])
})

test('a text that passes the check merges for every client who has only what is guaranteed', () => {
  const bare = { client: { names: 'A & B', partner_a: { first_name: 'A' } }, vendor: { name: 'V' } }
  const piece = fc.constantFrom(
    ...MERGE_FIELDS.flatMap(({ name }) => [
      `{{ ${name} }}`,
      `{{ ${name} | default: "…" }}`,
      `{% if ${name} %}{{ ${name} | upcase }}{% endif %}`,
      `{% unless ${name} %}none{% endunless %}`,
      `{% case ${name} %}{% when "x" %}{{ ${name} }}{% endcase %}`,
    ]),
    'words ',
    '{{ client.fields.shoe_size }}',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const template = pieces.join('')
      fc.pre(mergeProblems(template).length === 0)
      expect(text(template, bare)).toMatchObject({ is: 'text' })
    }),
  )
})

test('fields are listed with place and fallback', () => {
  expect(
    fieldsOf("{{ client.names }}\n{{ wedding.date | default: 'soon' }}{{ answers[client.names].x }}"),
  ).toEqual([
    { field: 'client.names', line: 1, column: 4, fallback: false },
    { field: 'wedding.date', line: 2, column: 4, fallback: true },
    { field: 'answers.*.x', line: 2, column: 40, fallback: false },
    { field: 'client.names', line: 2, column: 48, fallback: false },
  ])
})

test('a day is written in the language of the couple', () => {
  expect(dayInWords('2027-06-12' as LocalDate, 'en-GB')).toBe('Saturday, 12 June 2027')
  expect(dayInWords('2027-06-12' as LocalDate, 'it')).toBe('sabato 12 giugno 2027')
})
