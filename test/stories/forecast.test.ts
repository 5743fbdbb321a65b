import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { coordination } from '../../examples/coordination.ts'
import { florist } from '../../examples/florist.ts'
import type { RunId } from '../../src/core/ids.ts'
import type { Journey } from '../../src/core/journey/graph.ts'
import { parse } from '../../src/core/journey/parse.ts'
import { instantFrom } from '../../src/core/time/instant.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { localDateOf } from '../../src/core/time/zone.ts'
import { both, LONDON, story } from './story.ts'

/**
 * What was promised is what comes: each shipped journey is forecast for a couple on the day they begin, and then
 * lived through the real engine, for couples who never answer. Not a letter more, none less, none at another hour.
 */
const example = (name: string): Journey => {
  const parsed = parse(readFileSync(path.join(import.meta.dirname, '../../examples', `${name}.json`), 'utf8'))
  if (!parsed.ok) throw new Error(`${name} does not parse`)
  return parsed.journey
}
const BEGINS: readonly [name: string, journey: Journey, event: string, data: { [key: string]: string }][] = [
  ['photographer', example('photographer-booked-to-wedding'), 'payment_received', { instalment: 'retainer' }],
  ['caterer', example('caterer-inquiry-to-thanks'), 'inquiry_received', {}],
  ['venue', example('venue-inquiry-to-signed'), 'inquiry_received', {}],
  ['florist', florist, 'inquiry_received', {}],
  ['coordination', coordination, '', {}],
  ['balance', example('payments-balance'), '', {}],
]
const UNTIL = '2028-01-01T00:00:00Z'

test.each(BEGINS)('%s: the forecast comes true, letter by letter', async (_, journey, event, data) => {
  for (const on of ['2027-04-24', '2027-05-29', '2027-10-02']) {
    const s = await story({ now: '2027-04-19T09:20:00Z' })
    await s.publishes('example', journey)
    const due = { 'due:balance': { is: 'day', on: dayBefore(on, 30) } } as const
    const couple = await s.couple({
      people: both,
      wedding: { on, zone: LONDON, anchors: due },
      tags: ['engagement_session'],
    })
    if (event !== '') await s.event(couple.client, event, data)
    const [run] = await s.session.query<{ run_id: RunId }>(
      `select run_id from app.run where client_id = '${couple.client}'`,
    )

    const sent = await s.told(couple.client)
    const promised = [...sent, ...(await s.promised(run!.run_id))]
    await s.runUntil(UNTIL)
    expect(promised.length).toBeGreaterThan(2)
    expect((await s.told(couple.client)).sort()).toEqual(promised.sort())
  }
})

const dayBefore = (on: string, days: number): LocalDate =>
  localDateOf((instantFrom(`${on}T12:00:00Z`) - days * 86_400_000) as ReturnType<typeof instantFrom>, LONDON)
