import { setTimeout as after } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import type { ProviderReply } from '../ports.ts'
import { breakers } from './breaker.ts'
import { busy, type Channel, notBegun, rejected, unknown } from './channel.ts'
import { delivery } from './conformance.ts'

const lumen = 'lumen' as VendorId
const flora = 'flora' as VendorId
const accepted: ProviderReply = { is: 'accepted', ref: null }
const open = notBegun('breaker_open', 100)

/** A provider whose next answers are written down, and who counts who asked. */
function provider(name = 'smtp') {
  const state = { reply: accepted as ProviderReply | Error, calls: 0, hold: Promise.resolve() }
  const channel: Channel<string> = {
    name,
    async send() {
      state.calls += 1
      await state.hold
      if (state.reply instanceof Error) throw state.reply
      return state.reply
    },
  }
  return { state, channel }
}

async function broken() {
  const { state, channel } = provider()
  const all = breakers({ pauseMs: 100, failures: 3 })
  const guarded = all.guard(channel, lumen)
  state.reply = busy('smtp_esocket')
  for (let i = 0; i < 3; i++) expect(await guarded.send('x', delivery())).toEqual(busy('smtp_esocket'))
  return { state, channel, all, guarded }
}

test('a provider that keeps failing is left alone, and the others of the vendor are not', async () => {
  const { state, channel, all, guarded } = await broken()
  expect(await guarded.send('x', delivery())).toEqual(open)
  expect(state.calls).toBe(3)
  expect(all.open()).toEqual([{ provider: 'smtp', vendor: lumen }])

  state.reply = accepted
  expect(await all.guard(channel, flora).send('x', delivery())).toEqual(accepted)
  expect(await all.guard(provider('webhook').channel, lumen).send('x', delivery())).toEqual(accepted)
})

test('after a pause one probe is sent; while it is out, everybody else is told to come later', async () => {
  const { state, guarded, all } = await broken()
  await after(250)
  let answer = (): void => undefined
  state.hold = new Promise((resolve) => {
    answer = resolve
  })
  state.reply = accepted
  const probe = guarded.send('x', delivery())
  expect(await guarded.send('x', delivery())).toEqual(open)
  expect(state.calls).toBe(4)
  answer()
  expect(await probe).toEqual(accepted)
  expect(await guarded.send('x', delivery())).toEqual(accepted)
  expect(all.open()).toEqual([])
})

test('a probe that fails opens it again', async () => {
  const { state, guarded } = await broken()
  await after(250)
  expect(await guarded.send('x', delivery())).toEqual(busy('smtp_esocket'))
  expect(await guarded.send('x', delivery())).toEqual(open)
  expect(state.calls).toBe(4)
})

test.each([
  ['a refused letter', rejected('smtp_554')],
  ['a mailbox that is full', busy('recipient_452')],
  ['a deadline that has passed', notBegun('deadline_passed')],
])('%s says nothing about the provider', async (_, reply) => {
  const { state, channel } = provider()
  const guarded = breakers({ failures: 3 }).guard(channel, lumen)
  state.reply = reply
  for (let i = 0; i < 10; i++) expect(await guarded.send('x', delivery())).toEqual(reply)
  expect(state.calls).toBe(10)
})

test('silence counts, and so does an error of the channel itself, which is not swallowed', async () => {
  const { state, channel } = provider()
  const guarded = breakers({ failures: 3, pauseMs: 100 }).guard(channel, lumen)
  state.reply = unknown('smtp_aborted_after_hand_over')
  await guarded.send('x', delivery())
  state.reply = new TypeError('a bug')
  for (let i = 0; i < 2; i++) await expect(guarded.send('x', delivery())).rejects.toThrow('a bug')
  expect(await guarded.send('x', delivery())).toEqual(open)
})
