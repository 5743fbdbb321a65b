import { randomUUID } from 'node:crypto'
import { addClient } from '../../src/contract/clients.ts'
import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { commandRun, startRun } from '../../src/contract/runs.ts'
import { readToday } from '../../src/contract/work.ts'
import { email } from '../api/studio.ts'
import type { House } from './house.ts'

/** A day in the life of a business: letters that went, others that will, three to read first, two tasks, one journey held. */
export type Day = {
  readonly message: string
  readonly couples: readonly string[]
  readonly rain: string
  /** Asks the owner, and nobody else, for one more yes. */
  asksTheOwner(): Promise<void>
}

const DAY_MS = 86_400_000
const COUPLES = [
  ['Freya Lund', 'Aaron Cole', 'Europe/London', 1],
  ['Leila Marchand', 'Marc Petit', 'Europe/Paris', 2],
  ['Kate Devon', 'Devon Ray', 'America/Toronto', 40],
  ['Hannah Osei', 'Luke Bell', 'Europe/London', 5],
  ['Ruth Adler', 'Owen Price', 'Europe/London', 90],
] as const

export async function liveADay(house: House): Promise<Day> {
  const { api, vendor } = house.owner()
  const params = { vendor }
  const key = randomUUID

  async function couple([a, b, zone, inDays]: (typeof COUPLES)[number]): Promise<string> {
    const on = new Date(Date.now() + inDays * DAY_MS).toISOString().slice(0, 10)
    const address = `${a.split(' ')[0]!.toLowerCase()}@example.org`
    const people = [
      { ref: 'partner_a', name: a, email: address },
      { ref: 'partner_b', name: b },
    ]
    const body = { people, stage: 'booked', wedding: { on, zone } }
    return (await api(addClient, { params, key: key(), body })).data.id
  }
  async function journey(name: string, steps: readonly { readonly id: string }[]): Promise<string> {
    const ids = ['begin', ...steps.map((one) => one.id), 'done']
    const document = {
      format: 1,
      name,
      category: 'planning',
      reentry: 'never',
      nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...steps, { id: 'done', kind: 'end' }],
      edges: ids.slice(1).map((to, at) => ({ from: ids[at], to })),
    }
    const { data } = await api(addJourney, { params, key: key(), body: { document } as never })
    const here = { ...params, journey: data.id }
    const draft = await api(readDraft, { params: here })
    await api(publishJourney, { params: here, body: {}, ifMatch: draft.etag!, key: key() })
    return data.id
  }
  const start = async (client: string, one: string): Promise<string> =>
    (await api(startRun, { params: { ...params, client }, body: { journey: one }, key: key() })).data.id
  const pause = (id: string, after: object) => ({ id, kind: 'delay', wait: { after } })

  const planning = await journey('Booked to wedding', [
    email('welcome', { name: 'Welcome' }),
    pause('an_hour', { hours: 1 }),
    email('guide', { name: 'Investment guide' }),
    pause('two_days', { days: 2 }),
    email('timeline', { name: 'Timeline form' }),
  ])
  const rain = await journey('Read first', [
    email('rain', {
      name: 'Our plan if it rains',
      config: {
        subject: 'If it rains',
        body: 'Hello {{ client.partner_a.first_name | default: "there" }},\n\nif it rains we meet under the old oak and walk to the barn together.\n\nSleep well!',
      },
      approval: { timeout: { after: { days: 2 } } },
    }),
  ])
  const call = await journey('Calls', [
    { id: 'call', kind: 'action', do: { task: { title: 'Confirm the train to Avignon', gate: true } } } as {
      id: string
    },
  ])
  const couples: string[] = []
  for (const one of COUPLES) couples.push(await couple(one))
  for (const one of couples) await start(one, planning)
  // One after the other: they wait to be read in the order in which they asked.
  for (const [before, at] of [1, 3, 4].entries()) {
    await start(couples[at]!, rain)
    await until(async () => (await api(readToday, { params })).data.approvals > before)
  }
  await start(couples[0]!, call)
  const held = await start(couples[3]!, call)
  await until(async () => (await api(readToday, { params })).data.tasks >= 2)
  await until(
    async () =>
      (await api(listMessages, { params, query: { is: 'sent' } })).data.items.length >= COUPLES.length,
  )
  await api(commandRun, { params: { ...params, run: held }, body: { command: { do: 'pause' } }, key: key() })
  const { data } = await api(listMessages, { params })
  const asksTheOwner = async (): Promise<void> => {
    const before = (await api(readToday, { params })).data.approvals
    const approval = { by: 'owner', timeout: { after: { days: 2 } } }
    const price = await journey('Prices', [email('price', { name: 'What it will cost', approval })])
    await start(couples[2]!, price)
    await until(async () => (await api(readToday, { params })).data.approvals > before)
  }
  return { message: data.items[0]!.id, couples, rain, asksTheOwner }
}

async function until(so: () => Promise<boolean>): Promise<void> {
  while (!(await so())) await new Promise((resolve) => setTimeout(resolve, 100))
}
