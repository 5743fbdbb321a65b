import { expect, test } from 'vitest'
import { awaitedIn, sayAwaited } from './awaited.ts'

test('what a journey waits for is found wherever it stands, once, with what must be said of it', () => {
  const document = {
    leaveOn: [{ on: { event: 'stage_changed', if: { fact: 'event.to', is: 'equal', value: 'lost' } } }],
    nodes: [
      { id: 'a', wait: { for: { event: 'contract_signed' } } },
      { id: 'b', wait: { for: { event: 'contract_signed' } } },
      {
        id: 'c',
        wait: {
          for: {
            event: 'payment_received',
            if: {
              all: [
                { fact: 'event.instalment', is: 'equal', value: 'balance' },
                { fact: 'event.amount', is: 'at_least', value: 100 },
                { fact: 'client.stage', is: 'equal', value: 'booked' },
              ],
            },
          },
        },
      },
    ],
  }
  expect(awaitedIn(document)).toEqual([
    { type: 'contract_signed', data: {} },
    { type: 'payment_received', data: { instalment: 'balance' } },
  ])
  expect(awaitedIn(document).map(sayAwaited)).toEqual([
    'They have signed the contract',
    'They have paid: balance',
  ])
})
