import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { serve } from '@hono/node-server'
import { listJourneys } from '../../src/contract/journeys.ts'
import { listRuns } from '../../src/contract/runs.ts'
import { URL_HERE } from '../../test/accounts/office.ts'
import { ACTS, type Book, promisedMs, timed } from './acts.ts'
import type { Crowd, Heard } from './crowd.ts'
import { type Grown, growStudio } from './grown.ts'

/**
 * `npm run bench:api`: how long the API takes over a grown book, asked by one person alone and by many at once, against
 * what is promised. One process serves, with the real database beside it; its callers are a thread of their own.
 */
const { values } = parseArgs({
  options: {
    couples: { type: 'string', default: '2000' },
    journeys: { type: 'string', default: '60' },
    users: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    think: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const ALONE_TIMES = 30
const SESSIONS = 10
const say = (text: string): void => void process.stderr.write(`${text}\n`)

const grown = await growStudio(Number(values.couples), Number(values.journeys), say)
const book = await bookOf(grown)
const alone = await askAlone(grown, book)
const crowd = await askTogether(grown, book)
await grown.studio.close()

const figures = { size: { ...values, ...grown.size }, alone: told(alone), together: told(crowd) }
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
else for (const line of linesOf(figures)) process.stdout.write(`${line}\n`)

async function bookOf({ studio, forty }: Grown): Promise<Book> {
  const { api, params } = studio
  const journeys = (await api(listJourneys, { params })).data.items.map((one) => one.id)
  const runs = (await api(listRuns, { params, query: { status: 'live', limit: 200 } })).data.items
  return { vendor: studio.vendor, clients: forty, journeys, runs: runs.map((one) => one.id) }
}

async function askAlone({ studio }: Grown, everything: Book): Promise<Heard> {
  const heard: { [operation: string]: number[] } = {}
  const api = timed(studio.api, (operation, ms) => {
    heard[operation] ??= []
    heard[operation].push(ms)
  })
  for (const act of ACTS)
    for (let turn = 0; turn < ALONE_TIMES; turn += 1) await act.does(api, everything, turn)
  return heard
}

async function askTogether({ studio }: Grown, everything: Book): Promise<Heard> {
  const server = serve({ fetch: studio.office.front.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const sessions: Crowd['sessions'][number][] = []
  for (let number = 0; number < SESSIONS; number += 1) {
    const browser = studio.office.browser()
    await browser.signIn('owner1@example.org')
    sessions.push({
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      csrf: browser.csrf,
    })
  }
  const asked: Crowd = {
    base: URL_HERE.replace('3000', String((server.address() as AddressInfo).port)),
    book: everything,
    users: Number(values.users),
    seconds: Number(values.seconds),
    thinkMs: Number(values.think) * 1_000,
    sessions,
  }
  const heard = await new Promise<Heard>((resolve, reject) => {
    const thread = new Worker(new URL('./crowd.ts', import.meta.url), { workerData: asked })
    thread.once('message', resolve)
    thread.once('error', reject)
  })
  server.close()
  return heard
}

type Told = { readonly [operation: string]: { count: number; p50: number; p95: number; promised: number } }
function told(heard: Heard): Told {
  const all = Object.values(heard).flat()
  const lines = { ...heard, 'everything together': all }
  return Object.fromEntries(
    Object.entries(lines).map(([operation, took]) => {
      const sorted = [...took].sort((a, b) => a - b)
      const at = (share: number): number =>
        Number((sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1))
      return [
        operation,
        { count: sorted.length, p50: at(0.5), p95: at(0.95), promised: promisedMs(operation) },
      ]
    }),
  )
}

function linesOf({ alone: one, together }: typeof figures): string[] {
  const cell = (value: number | undefined): string => (value?.toFixed(1) ?? '').padStart(8)
  return [
    `${'milliseconds'.padEnd(28)}      one alone       ${values.users} people at once`,
    `${''.padEnd(28)}     p50     p95     p50     p95  promised`,
    ...Object.entries(together).map(([name, figure]) => {
      const missed = figure.p95 > figure.promised ? '  missed' : ''
      return `${name.padEnd(28)}${cell(one[name]?.p50)}${cell(one[name]?.p95)}${cell(figure.p50)}${cell(figure.p95)}${cell(figure.promised)}${missed}`
    }),
  ]
}
