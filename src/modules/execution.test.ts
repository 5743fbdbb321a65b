import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Channel } from '../channels/channel.ts'
import type { Mail } from '../channels/email/mail.ts'
import type { JsonObject, VendorId } from '../core/ids.ts'
import { type Instant, instant, plusMs } from '../core/time/instant.ts'
import type { Clock, ProviderReply } from '../ports.ts'
import { hashOf, moduleExecution } from './execution.ts'
import { defineModule } from './module.ts'
import { type AnyRunner, done, giveUp, type PrepareInput, type SendInput } from './runner.ts'

const START = instant(1_800_000_000_000)
const lumen = 'lumen' as VendorId
const note = { type: 'note', version: 1 }

/** A clock that moves when told. */
function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now: Instant = START
  let sleepers: { at: Instant; wake: () => void }[] = []
  return {
    now: () => now,
    uncertaintyMs: () => 0,
    sleepUntil: (at, _, signal) =>
      new Promise((wake) => {
        if (signal?.aborted || at <= now) return wake()
        signal?.addEventListener('abort', () => wake())
        sleepers.push({ at, wake })
      }),
    async pass(ms) {
      now = plusMs(now, ms)
      for (const { wake } of sleepers.filter(({ at }) => at <= now)) wake()
      sleepers = sleepers.filter(({ at }) => at > now)
      await turn()
    },
  }
}

const definition = defineModule({
  ...{
    type: 'note',
    version: 1,
    label: 'A note',
    exits: ['sent'],
    channel: 'email',
    delivery: 'at_most_once',
  },
  class: 'transactional',
  config: z.strictObject({ words: z.string().default('hello') }),
})
const mail = { subject: 'x' } as unknown as Mail

function execution(
  change: Partial<Pick<AnyRunner, 'send' | 'prepare' | 'limits'>> = {},
  reply?: Channel<Mail>['send'],
) {
  const clock = handClock()
  const accepted: ProviderReply = { is: 'accepted', ref: null }
  const runner: AnyRunner = {
    of: definition,
    limits: { timeoutMs: 5_000, concurrency: 2, payloadBytesMax: 100 },
    prepare: async ({ config }) => ({ is: 'ready', content: config as JsonObject }),
    send: async (input, channels) => {
      const answer = await channels.email.send(mail, input)
      return answer.is === 'accepted'
        ? done('sent', answer.ref)
        : { is: 'retry', cause: 'later', afterMs: null }
    },
    ...change,
  }
  const webhook = { name: 'none', send: async () => accepted }
  const made = moduleExecution({
    runners: [runner],
    channelsFor: () => ({
      email: { name: 'book', send: reply ?? (async () => accepted) },
      sms: { name: 'none', send: async () => accepted },
      webhook,
    }),
    render: async () => ({}),
    clock,
  })
  return { clock, ...made, attempt: (input = sending()) => made.attempt(note, lumen, input) }
}
const sending = (change: Partial<SendInput<JsonObject>> = {}): SendInput<JsonObject> => ({
  content: { words: 'hello' },
  recipient: { ref: 'partner_a', name: null, email: 'a@b.example', phone: null },
  sender: { name: 'Lumen', address: 'hello@lumen.example', replyTo: null },
  key: 'a1',
  attempt: 1,
  deadline: plusMs(START, 60_000),
  signal: new AbortController().signal,
  ...change,
})
const preparing = (config: JsonObject): PrepareInput<JsonObject> => ({
  config,
  facts: {},
  class: 'transactional',
  language: 'en',
  vendor: { name: 'Lumen', postalAddress: null },
  unsubscribeUrl: null,
})
const never = (): Promise<never> => new Promise(() => undefined)

test('content is made with the defaults of its schema and named by its hash', async () => {
  const { prepare } = execution()
  expect(await prepare(note, preparing({}))).toEqual({
    is: 'ready',
    content: { words: 'hello' },
    hash: hashOf({ words: 'hello' }),
  })
  expect(await prepare(note, preparing({ wrds: 'x' }))).toMatchObject({ is: 'broken' })
})

test('content larger than its type may have is broken, counted in bytes', async () => {
  const { prepare } = execution()
  expect(await prepare(note, preparing({ words: 'ü'.repeat(50) }))).toEqual({
    is: 'broken',
    cause: 'the content has 112 bytes of at most 100',
  })
})

test('the same content has the same hash in whatever order it is written, and no other has', () => {
  expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toEqual(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }))
  expect(hashOf({ a: [1, 2] })).not.toEqual(hashOf({ a: [2, 1] }))
  expect(hashOf({ a: '1' })).not.toEqual(hashOf({ a: 1 }))
})

test('only so many attempts run at the same time, and room says how many more may', async () => {
  let answer = (): void => undefined
  const held = new Promise<ProviderReply>((resolve) => {
    answer = () => resolve({ is: 'accepted', ref: null })
  })
  const { attempt, room } = execution({}, () => held)
  const running = [attempt(), attempt()]
  expect(room(note, false)).toBe(0)
  expect(await attempt()).toEqual({ is: 'retry', cause: 'concurrency_limit', afterMs: 250, notBegun: true })
  answer()
  expect(await Promise.all(running)).toEqual([done('sent'), done('sent')])
  // They took no time at all, so a line behind the places would be quick.
  expect(room(note, false)).toBeGreaterThan(2)
})

test('at its time limit a runner is told to stop, and what it then answers counts', async () => {
  const { attempt, clock } = execution(
    {},
    (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ is: 'busy', cause: 'aborted', retryAfterMs: null }))
      }),
  )
  const result = attempt()
  await clock.pass(4_999)
  await clock.pass(1)
  expect(await result).toEqual({ is: 'retry', cause: 'later', afterMs: null })
})

test('one that does not stop is unknown if its channel may have sent, and else tried again', async () => {
  const handed = execution({}, never)
  const unsure = handed.attempt()
  await handed.clock.pass(5_000)
  await handed.clock.pass(1_000)
  expect(await unsure).toEqual({ is: 'unknown', cause: 'time_limit' })

  const thinking = execution({ send: never })
  const sure = thinking.attempt(sending({ deadline: plusMs(START, 2_000) }))
  await thinking.clock.pass(2_000)
  await thinking.clock.pass(1_000)
  expect(await sure).toEqual({ is: 'retry', cause: 'deadline_passed', afterMs: null })
  expect([handed.room(note, false), thinking.room(note, false)]).toEqual([2, 2])
})

test('an unknown error means try again, a giving up means never, when nothing has left', async () => {
  const bug = execution({ send: () => Promise.reject(new TypeError('x is undefined')) })
  expect(await bug.attempt()).toEqual({ is: 'retry', cause: 'runner_threw: x is undefined', afterMs: null })
  const odd = execution({ send: () => Promise.reject('a string') })
  expect(await odd.attempt()).toMatchObject({ is: 'retry' })
  const hopeless = execution({ send: async () => giveUp('no such list') })
  expect(await hopeless.attempt()).toEqual({ is: 'refused', exit: null, cause: 'no such list' })
})

test('an error after something has left is a doubt, never a second message', async () => {
  const late = execution({
    send: async (input, channels) => {
      await channels.email.send(mail, input)
      return giveUp('could not write it down')
    },
  })
  expect(await late.attempt()).toEqual({ is: 'unknown', cause: 'runner_threw: could not write it down' })
  const faithless = execution({}, () => Promise.reject(new Error('a channel broke its promise')))
  expect(await faithless.attempt()).toMatchObject({ is: 'unknown' })
})

test('an error after a certain no is tried again', async () => {
  const { attempt } = execution(
    {
      send: async (input, channels) => {
        await channels.email.send(mail, input)
        throw new Error('afterwards')
      },
    },
    async () => ({ is: 'busy', cause: 'smtp_451', retryAfterMs: null }),
  )
  expect(await attempt()).toMatchObject({ is: 'retry', cause: 'runner_threw: afterwards' })
})

test('the engine can stop an attempt', async () => {
  const stop = new AbortController()
  const { attempt } = execution(
    {},
    (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ is: 'unknown', cause: 'aborted' }))
      }),
  )
  const result = attempt(sending({ signal: stop.signal }))
  stop.abort()
  expect(await result).toEqual({ is: 'retry', cause: 'later', afterMs: null })
})

test('a type nobody runs is a bug, not an outcome', async () => {
  const { prepare } = execution()
  await expect(prepare({ type: 'note', version: 2 }, preparing({}))).rejects.toThrow('note@2')
})
