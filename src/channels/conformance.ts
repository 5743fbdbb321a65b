import { describe, expect, test } from 'vitest'
import type { Instant } from '../core/time/instant.ts'
import { plusMs } from '../core/time/instant.ts'
import type { Channel, Delivery } from './channel.ts'

/**
 * What every channel must do, whatever its provider: the promise of `channel.ts` against a real peer that can be
 * told to misbehave. A new provider brings its peer and lists what that peer can do.
 */
export type Fault =
  | 'none'
  | 'says_later'
  | 'refuses'
  | 'unreachable'
  | 'lost_before_hand_over'
  | 'lost_after_hand_over'
  | 'silent_after_hand_over'

export type ChannelWorld<Message> = {
  readonly channel: Channel<Message>
  readonly message: Message
  /** From now on the peer behaves like this. */
  become(fault: Fault): Promise<void>
  /** Names under which the peer took messages, in order: what it would recognise a repeat by. */
  taken(): readonly string[]
  /** How often anybody came to the peer's door. */
  visits(): number
}

export const CONFORMANCE_NOW = 1_800_000_000_000 as Instant
const KEY = 'a1'.repeat(32)

export const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  key: KEY,
  attempt: 1,
  deadline: plusMs(CONFORMANCE_NOW, 30_000),
  signal: new AbortController().signal,
  ...change,
})

export function channelConformance<Message>(
  name: string,
  faults: readonly Fault[],
  open: () => Promise<ChannelWorld<Message>>,
): void {
  describe(`${name} keeps the promise of a channel`, () => {
    test('an accepted message was taken once, and the reply says so', async () => {
      const { channel, message, taken } = await open()
      expect(await channel.send(message, delivery())).toMatchObject({ is: 'accepted' })
      expect(taken()).toHaveLength(1)
    })

    test('a repeat bears the same name, so that it can be recognised (C3)', async () => {
      const { channel, message, taken } = await open()
      await channel.send(message, delivery())
      await channel.send(message, delivery({ attempt: 2 }))
      expect(new Set(taken()).size).toBe(1)
    })

    test('nothing is begun after the deadline (C4)', async () => {
      const { channel, message, taken, visits } = await open()
      const late = delivery({ deadline: plusMs(CONFORMANCE_NOW, -1) })
      expect(await channel.send(message, late)).toEqual({
        is: 'busy',
        cause: 'deadline_passed',
        retryAfterMs: null,
        notBegun: true,
      })
      expect([taken().length, visits()]).toEqual([0, 0])
    })

    test('nothing is begun once the signal has aborted (C4)', async () => {
      const { channel, message, taken, visits } = await open()
      expect(await channel.send(message, delivery({ signal: AbortSignal.abort() }))).toMatchObject({
        is: 'busy',
      })
      expect([taken().length, visits()]).toEqual([0, 0])
    })

    const expected: { readonly [Kind in Exclude<Fault, 'none'>]: [promise: string, reply: string] } = {
      says_later: ['a peer that says "later" is busy', 'busy'],
      refuses: ['a peer that refuses for good has rejected', 'rejected'],
      unreachable: ['a peer that cannot be reached has certainly not accepted', 'busy'],
      lost_before_hand_over: ['a line lost before the hand-over is certain', 'busy'],
      lost_after_hand_over: ['a line lost after the hand-over is unknown, not failed', 'unknown'],
      silent_after_hand_over: ['silence after the hand-over is unknown, not failed', 'unknown'],
    }
    for (const fault of faults) {
      if (fault === 'none') continue
      const [promise, reply] = expected[fault]
      test(promise, async () => {
        const { channel, message, become } = await open()
        await become(fault)
        const signal = fault === 'silent_after_hand_over' ? AbortSignal.timeout(1_500) : delivery().signal
        expect(await channel.send(message, delivery({ signal }))).toMatchObject({ is: reply })
        await become('none')
        expect(await channel.send(message, delivery({ attempt: 2 }))).toMatchObject({ is: 'accepted' })
      })
    }
  })
}
