import { expect, test } from 'vitest'
import type { WebhookCall } from '../../channels/webhook/webhook.ts'
import { merge, type RenderParts, scopeOf } from '../../core/merge.ts'
import { instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { configProblems, liveRegistry, moduleProblems } from '../registry.ts'
import type { PrepareInput } from '../runner.ts'
import { customDeclarationSchema, customDefinition } from './definition.ts'
import { runCustom } from './run.ts'

const playlist = customDeclarationSchema.parse({
  type: 'playlist',
  version: 1,
  label: 'Ask for songs',
  exits: ['asked', 'refused'],
  class: 'transactional',
  fields: {
    greeting: { kind: 'text', label: 'Greeting', lengthMax: 200, merged: true },
    note: { kind: 'text', label: 'Internal note', lengthMax: 50, optional: true },
    songs: { kind: 'number', label: 'Songs', min: 1, max: 20 },
    style: { kind: 'choice', label: 'Style', options: ['soul', 'disco'], optional: true },
  },
  handler: { url: 'https://dj.example/hooks/playlist' },
})
const config = { greeting: 'Dear {{ client.names }}', note: '{{ untouched }}', songs: 5 }
const render: RenderParts = async (parts, facts) =>
  Object.fromEntries(
    Object.entries(parts).map(([part, { template, target }]) => [
      part,
      merge(template, scopeOf(facts), target),
    ]),
  )
const preparing = (facts: PrepareInput<unknown>['facts']): PrepareInput<unknown> => ({
  config,
  facts,
  class: 'transactional',
  language: 'en',
  vendor: { name: 'DJ', postalAddress: null },
  unsubscribeUrl: null,
})

test('a declared type is a module type like any other: registered, discovered, checked', () => {
  const definition = customDefinition(playlist)
  expect(moduleProblems(definition)).toEqual([])
  const registry = liveRegistry([], [])
  registry.register(definition)
  expect(registry.discover()).toMatchObject([
    { type: 'playlist', exits: ['asked', 'refused'], config: { required: ['greeting', 'songs'] } },
  ])
  const problems = (one: Parameters<typeof configProblems>[1]) =>
    configProblems(definition, one, { fields: [] }).map(({ path, code }) => `${path} ${code}`)
  expect(problems(config)).toEqual([])
  expect(problems({ ...config, songs: 21, style: 'jazz' })).toEqual([
    '/songs config_malformed',
    '/style config_malformed',
  ])
  expect(problems({ ...config, greeting: '{{ wedding.venue }}' })).toEqual(['/greeting field_may_be_missing'])
})

test('their server hears the filled-in configuration and a reference, never an address', async () => {
  const runner = runCustom(playlist, ['whsec_c2VjcmV0'])
  const draft = await runner.prepare(preparing({ client: { names: 'Anna & Ben' } }), render)
  if (draft.is !== 'ready') throw new Error(JSON.stringify(draft))

  const calls: WebhookCall[] = []
  const answer = (reply: ProviderReply) =>
    runner.send(
      {
        content: draft.content,
        recipient: { ref: 'partner_a', name: 'Anna', email: 'anna@couple.example', phone: '+4420' },
        sender: { name: 'DJ', address: 'dj@dj.example', replyTo: null },
        key: 'a1',
        attempt: 1,
        deadline: instant(0),
        signal: new AbortController().signal,
      },
      {
        email: { name: 'none', send: () => Promise.reject(new Error('no mail here')) },
        sms: { name: 'none', send: () => Promise.reject(new Error('nobody is texted here')) },
        webhook: {
          name: 'book',
          send: async (call) => {
            calls.push(call)
            return reply
          },
        },
      },
    )
  expect(await answer({ is: 'accepted', ref: null })).toEqual({ is: 'done', exit: 'asked', ref: null })
  expect(await answer({ is: 'rejected', cause: 'webhook_422' })).toEqual({
    is: 'refused',
    exit: 'refused',
    cause: 'webhook_422',
  })
  expect(calls[0]).toMatchObject({ url: 'https://dj.example/hooks/playlist', secrets: ['whsec_c2VjcmV0'] })
  expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
    type: 'module.playlist',
    version: 1,
    language: 'en',
    config: { greeting: 'Dear Anna & Ben', note: '{{ untouched }}', songs: 5 },
    recipient: 'partner_a',
  })
})

test('missing words stop it before anybody is called', async () => {
  const draft = await runCustom(playlist, ['whsec_c2VjcmV0']).prepare(preparing({}), render)
  expect(draft).toEqual({ is: 'unresolved', fields: ['client.names'] })
})

test.each([
  { type: 'Play List' },
  { exits: [] },
  { handler: { url: 'http://dj.example/' } },
  { fields: { 'no good': { kind: 'yes_no', label: 'x' } } },
  { fields: { a: { kind: 'text', label: 'x', lengthMax: 10, pattern: '(a+)+$' } } },
  { limits: { timeoutMs: 900_000, concurrency: 1, payloadBytesMax: 1_000 } },
])('a declaration with %j is refused', (change) => {
  expect(customDeclarationSchema.safeParse({ ...playlist, ...change }).success).toBe(false)
})
