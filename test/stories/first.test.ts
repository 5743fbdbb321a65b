import { expect, test } from 'vitest'
import { house } from '../../sim/house.ts'

const headcount = {
  format: 1,
  name: 'Headcount',
  category: 'planning',
  reentry: 'per_wedding',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'contract_signed' },
    { id: 'wait', kind: 'delay', wait: { before: { days: 10 }, of: 'wedding', at: '09:00' } },
    {
      id: 'ask',
      kind: 'module',
      type: 'email',
      version: 1,
      config: { subject: 'How many?', body: 'Hello' },
      class: 'transactional',
    },
  ],
  edges: [
    { from: 'begin', to: 'wait' },
    { from: 'wait', to: 'ask' },
  ],
}

test('a wedding that moves three weeks takes its reminders along, and repeats none', async () => {
  const w = await house({ now: '2027-05-01T08:00:00Z' })
  await w.publish('headcount', headcount)
  const anna = await w.couple({ wedding: { on: '2027-06-12', zone: 'Europe/London' } })
  const receipt = await w.event(anna.client, 'contract_signed')
  expect(receipt.started.length).toBe(1)

  const { changeDetails } = await import('../../src/engine/change-details.ts')
  await w.runUntil('2027-05-20T00:00:00Z')
  await changeDetails(
    w.engine,
    w.vendor,
    [{ wedding: anna.wedding!, anchors: { wedding: { is: 'day', on: '2027-07-03' as never } } }],
    'owner',
  )
  await w.runUntil('2027-08-01T00:00:00Z')

  expect((await w.sentTo(anna.client)).map((one) => one.at)).toEqual(['2027-06-23T08:00:00.000Z'])
})
