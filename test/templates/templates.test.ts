import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/core/journey/check.ts'
import { graphOf, type Journey } from '../../src/core/journey/graph.ts'
import { definitions } from '../../src/modules/definitions.ts'
import { type Document, liquidOf } from '../../src/modules/email/document.ts'
import { registryOf } from '../../src/modules/registry.ts'
import type { Template } from '../../src/templates/template.ts'
import { answerProblem, TEMPLATES, templatesFor, written } from '../../src/templates/templates.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'
import { meantForBefore, timelinesOf } from '../golden/timeline.ts'

const registry = registryOf(definitions, triggerTypes)
const bare = (template: Template): Journey => written(template, {}, new Set())
/** Every question answered: with the vendor's own pages, words and numbers. */
const answered = (template: Template): Journey =>
  written(
    template,
    Object.fromEntries(
      template.questions.map(({ key, kind }) => [
        key,
        { link: 'https://example.org/page', form: 'our_form', number: '12', words: 'a thing of our own' }[
          kind
        ],
      ]),
    ),
    new Set(),
  )

type Config = { subject: string; body: Document | string }
/** Its words, and the address of its button. */
function readLetter({ subject, body }: Config) {
  // A form's letter is text, and leads to the form by itself.
  if (typeof body === 'string') return { subject, body, link: null }
  const buttons = body.content.flatMap((one) => (one.type === 'button' ? [one.attrs] : []))
  const words = { ...body, content: body.content.filter(({ type }) => type !== 'button') }
  expect(buttons.length).toBeLessThanOrEqual(1)
  return { subject, body: liquidOf(words), link: buttons[0] ?? null }
}

const all: [name: string, journey: Journey, template: Template][] = TEMPLATES.flatMap((one) => [
  [`${one.key}, no question answered`, bare(one), one] as [string, Journey, Template],
  [`${one.key}, every question answered`, answered(one), one] as [string, Journey, Template],
])

describe.each(all)('%s', (_, journey, template) => {
  const letters = journey.nodes.flatMap((node) =>
    node.kind === 'module' ? [readLetter(node.config as Config)] : [],
  )

  test('has no error and nothing the linter would mend', () => {
    expect(check(journey, registry)).toEqual([])
    expect(graphOf(journey, registry).trigger.id).toBe('begin')
  })

  test('says something whole in every letter, and the same thing in none', () => {
    expect(letters.length).toBeGreaterThan(5)
    for (const { subject, body, link } of letters) {
      expect(subject.length).toBeLessThanOrEqual(60)
      expect(body).toMatch(
        /^Hello( \{\{ client\.names \}\})?,\n\n[\s\S]+\n\n(Warmly|Many thanks),\n\{\{ vendor\.name \}\}$/,
      )
      expect(body).not.toMatch(/lorem|todo|xxx|\[.*\]|undefined|null|\n\n\n/i)
      // Without a page nobody is told to look behind a link, with one everybody has it.
      if (!link) expect(body).not.toMatch(/behind this link|this link|click|Here are the next free/i)
      if (link) expect(link.url).toMatch(/^\{\{ links\.[a-z_]+ \}\}$/)
    }
    expect(new Set(letters.map(({ body }) => body)).size).toBe(letters.length)
  })

  test('writes its letters in the look of the business', () => {
    const sent = journey.nodes.filter((node) => node.kind === 'module').filter(({ type }) => type !== 'form')
    expect(sent.map(({ type, version }) => `${type}@${version}`)).toEqual(sent.map(() => 'email@2'))
  })

  test('offers only pages it has asked for', () => {
    const asked = template.questions.flatMap(({ key, kind }) =>
      kind === 'link' ? [`{{ links.${key} }}`] : [],
    )
    const offered = letters.flatMap(({ link }) => (link ? [link.url] : []))
    expect(offered.filter((url) => !asked.includes(url))).toEqual([])
  })
})

describe.each(TEMPLATES.map((one) => [one.key, one] as const))('%s', (key, template) => {
  const told = timelinesOf(graphOf(bare(template), registry), key.includes('inquiry') ? 'inquiry' : 'booked')

  test('is lived by three couples as it is written down', () => {
    const file = path.join(import.meta.dirname, 'timelines', `${key}.txt`)
    // `UPDATE_GOLDEN=1` writes it anew: then read it.
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, told)
    expect(told).toBe(readFileSync(file, 'utf8'))
  })

  const letters = told
    .split('## Wedding ')
    .slice(1)
    .flatMap((part) => {
      const wedding = / (\d+ \w+ \d{4}), /.exec(part)?.[1] ?? ''
      return [...part.matchAll(/^\w{3} (\d+ \w+ \d{4}) (\d\d):\d\d .* email +(.*)$/gm)].map(
        ([line, day = '', hour, what = '']) => ({ line, part, day, wedding, what, hour: Number(hour) }),
      )
    })
  const dayOf = (text: string): number => Date.parse(`${text} 00:00 UTC`)

  test('writes to nobody on their wedding day, at night, or after it of what was meant for before', () => {
    expect(letters.length).toBeGreaterThan(5)
    const before = meantForBefore(bare(template))
    const wrong = letters.filter(
      ({ day, wedding, what, hour }) =>
        day === wedding ||
        // But to answer what they have just done.
        ((hour < 7 || hour >= 22) && day !== '19 April 2027') ||
        (dayOf(day) > dayOf(wedding) && before.some((name) => what.startsWith(`${name} →`))),
    )
    expect(wrong.map(({ line }) => line)).toEqual([])
  })

  test('brings no couple more than two letters on one day', () => {
    const perDay = Map.groupBy(
      letters.filter(({ what }) => what.includes('partner_a')),
      ({ part, day }) => `${part.slice(0, 120)} ${day}`,
    )
    expect(
      [...perDay.values()]
        .filter((lines) => lines.length > 2)
        .flatMap((lines) => lines.map((one) => one.line)),
    ).toEqual([])
  })
})

test('every timeline belongs to a template', () => {
  const folder = path.join(import.meta.dirname, 'timelines')
  expect(existsSync(folder) ? readdirSync(folder).sort() : []).toEqual(
    TEMPLATES.map((one) => `${one.key}.txt`).sort(),
  )
})

test('a vendor sees those of their trade first, then those for any', () => {
  expect(
    templatesFor('photographer')
      .slice(0, 4)
      .map((one) => one.key),
  ).toEqual([
    'photographer-inquiry-to-booked',
    'photographer-booked-to-wedding',
    'photographer-after-the-wedding',
    'payments-and-dunning',
  ])
  expect(templatesFor('planner')[0]?.key).toBe('payments-and-dunning')
  expect(
    templatesFor('venue')
      .slice(0, 2)
      .map((one) => one.key),
  ).toEqual(['venue-inquiry-to-signed', 'payments-and-dunning'])
})

test('an answer that would spoil a letter is refused in words', () => {
  const [template] = TEMPLATES
  const problem = (key: string, given: string) => answerProblem(template!, key, given)
  expect(problem('first_call', 'https://cal.example/nell')).toBeNull()
  expect(problem('first_call', 'http://cal.example/nell')).toBe('A link begins with https://.')
  expect(problem('retainer_share', '30 %')).toBeNull()
  expect(problem('retainer_share', '{{ links.x }}')).toMatch(/without/)
  expect(problem('nothing', 'x')).toMatch(/does not ask/)
  const booked = TEMPLATES.find((one) => one.key === 'photographer-booked-to-wedding')!
  expect(answerProblem(booked, 'questionnaire_form', 'wedding-questionnaire')).toBeNull()
  expect(answerProblem(booked, 'questionnaire_form', 'My form!')).toMatch(/choose one of your forms/)
})
