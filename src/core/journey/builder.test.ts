import { expect, test } from 'vitest'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { Refusal } from '../refusal.ts'
import { journey, type ModuleRef } from './builder.ts'
import { check } from './check.ts'
import { diff, summaryOf } from './diff.ts'
import { parse } from './parse.ts'

const text = { subject: 'Hello', body: 'Dear both', class: 'relationship' } as const

test('the builder gives the very document one would write by hand', () => {
  const built = journey('Photographer: booked to wedding', { category: 'planning', reentry: 'per_wedding' })
    .on('contract_signed')
    .email('welcome', { ...text, link: { label: 'Your page', url: '{{ links.portal }}' } })
    .waitFor('answer', { event: 'form_submitted' }, '5 days', {
      timeout: (late) => late.email('nudge', { ...text, when: 'next 10:00', late: 'skip' }),
    })
    .wait('near', '14 days before wedding', { at: '09:00' })
    .condition('large', {
      yes: {
        if: { fact: 'client.tags', is: 'contains', value: 'large' },
        go: (p) => p.task('count', 'Count'),
      },
    })
    .email('soon', {
      ...text,
      when: '1 day before wedding at 16:00',
      late: 'task',
      deadline: '1 day before wedding at 18:00',
    })
    .goal('married', { event: 'custom_event' })
    .end('done')
    .build()
  expect(built).toEqual({
    format: 1,
    name: 'Photographer: booked to wedding',
    category: 'planning',
    reentry: 'per_wedding',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'contract_signed' },
      {
        id: 'welcome',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'relationship',
        config: {
          subject: 'Hello',
          body: 'Dear both',
          link: { label: 'Your page', url: '{{ links.portal }}' },
        },
      },
      { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 5 } } },
      {
        id: 'nudge',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'relationship',
        late: 'skip',
        when: { next: '10:00' },
        config: { subject: 'Hello', body: 'Dear both' },
      },
      { id: 'near', kind: 'delay', wait: { before: { days: 14 }, of: 'wedding', at: '09:00' } },
      {
        id: 'large',
        kind: 'condition',
        cases: [{ exit: 'yes', if: { fact: 'client.tags', is: 'contains', value: 'large' } }],
      },
      { id: 'count', kind: 'action', do: { task: { title: 'Count' } } },
      {
        id: 'soon',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'relationship',
        late: 'task',
        when: { before: { days: 1 }, of: 'wedding', at: '16:00' },
        deadline: { before: { days: 1 }, of: 'wedding', at: '18:00' },
        config: { subject: 'Hello', body: 'Dear both' },
      },
      { id: 'married', kind: 'goal', for: { event: 'custom_event' } },
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', exit: 'next', to: 'welcome' },
      { from: 'welcome', exit: 'sent', to: 'answer' },
      { from: 'answer', exit: 'timeout', to: 'nudge' },
      { from: 'answer', exit: 'happened', to: 'near' },
      { from: 'nudge', exit: 'sent', to: 'near' },
      { from: 'near', exit: 'next', to: 'large' },
      { from: 'large', exit: 'yes', to: 'count' },
      { from: 'count', exit: 'next', to: 'soon' },
      { from: 'large', exit: 'otherwise', to: 'soon' },
      { from: 'soon', exit: 'sent', to: 'done' },
    ],
  })
  expect(parse(JSON.stringify(built))).toEqual({ ok: true, journey: built })
  expect(summaryOf(diff(built, built))).toEqual([])
  expect(check(built, registry)).toEqual([])
})

test('what a branch leaves open flows on; what it ends, ends', () => {
  const built = journey('Branches', { category: 'x', reentry: 'never' })
    .on('contract_signed')
    .waitFor('paid', { event: 'payment_received' }, '3 days', {
      timeout: (p) => p.task('call', 'Call').end('over'),
    })
    .email('thanks', text)
    .build()
  expect(built.edges).toEqual([
    { from: 'begin', exit: 'next', to: 'paid' },
    { from: 'paid', exit: 'timeout', to: 'call' },
    { from: 'call', exit: 'next', to: 'over' },
    { from: 'paid', exit: 'happened', to: 'thanks' },
  ])
})

test('a round leads back to its repeat, forks meet in their join, splits share', () => {
  const built = journey('Rounds', { category: 'x', reentry: 'never' })
    .on('contract_signed')
    .repeat('often', 'every 14 days until 60 days before wedding', (round) => round.email('news', text))
    .fork(
      'both',
      { a: (p) => p.task('one', 'One'), b: (p) => p.task('two', 'Two') },
      { id: 'met', mode: 'first' },
    )
    .forEach('vendors', 'vendor', (p) => p.email('hello', { ...text, to: 'each' }), {
      id: 'all',
      mode: 'all',
      atOnceMax: 8,
    })
    .split('which', { a: { weight: 1, go: (p) => p.action('tag-a', { addTag: 'a' }) }, b: { weight: 1 } })
    .approval('ok', 'Send it?', '2 days', { timeout: (p) => p.end('silence') })
    .email('last', text)
    .build()
  expect(built.edges).toContainEqual({ from: 'news', exit: 'sent', to: 'often' })
  expect(built.edges).toContainEqual({ from: 'often', exit: 'done', to: 'both' })
  expect(built.edges.filter((edge) => edge.to === 'met').map((edge) => edge.from)).toEqual(['one', 'two'])
  expect(check(built, registry)).toEqual([])
})

test('a module type brings its exits along, in the types too', () => {
  const form = { type: 'form', version: 1, exits: ['submitted', 'timeout'] } as const satisfies ModuleRef
  const built = journey('Form', { category: 'x', reentry: 'never' })
    .on('contract_signed')
    .module(form, 'details', { form: 'details' }, {}, { timeout: (p) => p.task('call', 'Call') })
    .email('thanks', text)
    // @ts-expect-error a form has no such exit
    .module(form, 'more', { form: 'more' }, {}, { sumbitted: (p) => p.end('x') })
  expect(() => built.build()).not.toThrow()
  // @ts-expect-error there is no such unit
  expect(() => built.wait('w', '14 dayz before wedding')).toThrow(/no length of time/)
})

test('an id can be taken once, and what is wrong is told by sentence and place', () => {
  const path = journey('Twice', { category: 'x', reentry: 'never' }).on('contract_signed').email('a', text)
  expect(() => path.email('a', text)).toThrow('"a" is taken by another node')
  const bad = journey('', { category: 'x', reentry: 'never' }).on('contract_signed').email('A B', text)
  expect(() => bad.build()).toThrow(Refusal)
  expect(() => bad.build()).toThrow(
    /\/name: "name" is empty[\s\S]*\/nodes\/1\/id: "id" must be an id of small letters/,
  )
})
