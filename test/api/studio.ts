import { addClient } from '../../src/contract/clients.ts'
import type { Api } from '../../src/contract/connect.ts'
import { Refused } from '../../src/contract/connect.ts'
import { readJob } from '../../src/contract/jobs.ts'
import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { startRun } from '../../src/contract/runs.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine } from '../../src/engine/engine.ts'
import { execute } from '../../src/engine/execute.ts'
import { step, type Work } from '../../src/engine/step.ts'
import { dueEffects, dueRuns } from '../../src/store/claims.ts'
import { type Browser, type Office, openOffice } from '../accounts/office.ts'

/** A business at work: journeys are published, couples travel them, and what is due is done when it is asked for. */
export type Studio = {
  readonly office: Office
  readonly browser: Browser
  readonly api: Api
  readonly vendor: string
  readonly params: { readonly vendor: string }
  couple(name: string, more?: Record<string, unknown>): Promise<{ client: string; wedding: string }>
  /** A journey that is live, as its owner would make it so. */
  live(document: Record<string, unknown>, key?: string): Promise<string>
  start(client: string, journey: string): Promise<string>
  /** Until nothing is due. */
  settle(): Promise<void>
  finished(job: string): Promise<{
    done: number
    refused: number
    state: string
    results: readonly { is: string; why: string | null }[]
  }>
  close(): Promise<void>
}

export async function openStudio(
  name = 'Lumen Photography',
  options: Parameters<typeof openOffice>[0] = {},
): Promise<Studio> {
  const office = await openOffice(options)
  const { browser, vendor } = await office.business(name)
  const { api } = browser
  const params = { vendor }
  return {
    office,
    browser,
    api,
    vendor,
    params,
    async couple(couple, more = {}) {
      const { data } = await api(addClient, {
        params,
        body: {
          people: [
            {
              ref: 'partner_a',
              name: couple,
              email: `${couple.toLowerCase().replaceAll(' ', '.')}@example.org`,
            },
          ],
          wedding: { on: '2028-06-10', zone: 'Europe/Rome', region: 'IT' },
          ...more,
        } as never,
      })
      return { client: data.id, wedding: data.wedding?.id ?? '' }
    },
    async live(document, key) {
      const added = await api(addJourney, { params, body: { document, ...(key ? { key } : {}) } })
      const here = { ...params, journey: added.data.id }
      const draft = await api(readDraft, { params: here })
      await api(publishJourney, { params: here, body: {}, ifMatch: draft.etag! })
      return added.data.id
    },
    async start(client, journey) {
      return (await api(startRun, { params: { ...params, client }, body: { journey } })).data.id
    },
    settle: () => settle(office.house.engine),
    async finished(job) {
      for (;;) {
        const { data } = await api(readJob, { params: { ...params, job }, query: { results: 'all' } })
        if (data.state !== 'running') return data
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    close: () => office.close(),
  }
}

export async function settle(engine: Engine): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const runs = await dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 500)
    if (runs.length > 0)
      await step(
        engine,
        runs.map((ref): Work => ({ ref })),
      )
    const outcomes: Work[] = []
    const effects = await dueEffects(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 500)
    if (effects.length > 0) await execute(engine, effects, (work) => outcomes.push(work))
    if (outcomes.length > 0) await step(engine, outcomes)
    if (runs.length === 0 && effects.length === 0) return
  }
  throw new Error('it does not come to rest')
}

export async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (one: unknown) => one,
  )
  if (!(error instanceof Refused)) throw error ?? new Error('it was not refused')
  return error.problem
}

export const email = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  kind: 'module',
  type: 'email',
  version: 1,
  class: 'transactional',
  late: 'send_now',
  config: { subject: `About ${id}`, body: 'Hello {{ client.partner_a.first_name | default: "there" }}' },
  ...more,
})

/** Begins by hand, waits, writes, ends. */
export const waiting = (days: number, more: Record<string, unknown> = {}) => ({
  format: 1,
  name: 'Booked to wedding',
  category: 'planning',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    { id: 'pause', kind: 'delay', wait: { after: { days } }, name: 'A while' },
    email('hello', { name: 'The hello' }),
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'pause' },
    { from: 'pause', to: 'hello' },
    { from: 'hello', to: 'done' },
  ],
  ...more,
})

/** Everything hangs on the wedding: two weeks before it, and the day after. */
export const beforeWedding = {
  ...waiting(0),
  name: 'Before the wedding',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    email('timeline', { name: 'The timeline', when: { before: { days: 14 }, of: 'wedding', at: '09:00' } }),
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'timeline' },
    { from: 'timeline', to: 'done' },
  ],
}
