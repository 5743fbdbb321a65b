import { listClients } from '../src/contract/clients.ts'
import { listEvents } from '../src/contract/events.ts'
import { readJob } from '../src/contract/jobs.ts'
import { journeyStatistics, listJourneys } from '../src/contract/journeys.ts'
import { explainMessages, listMessages } from '../src/contract/messages.ts'
import { clientTimeline, commandRun, listRuns, readRun, startMany } from '../src/contract/runs.ts'
import { readOutlook, readToday } from '../src/contract/work.ts'
import type { VendorId } from '../src/core/ids.ts'
import { plusMs } from '../src/core/time/instant.ts'
import { addCoupleIn } from '../src/engine/clients.ts'
import { nameIndex } from '../src/engine/name-index.ts'
import { changesSince, type Since, snapshotNow } from '../src/store/live.ts'
import { email, openStudio, waiting } from '../test/api/studio.ts'

/**
 * How long the API takes over a big book: one caller, one process, no socket, the real database beside it.
 * node bin/node26.js bench/api.ts [couples] [couples with messages]
 */
const COUPLES = Number(process.argv[2] ?? 10_000)
const WRITTEN_TO = Number(process.argv[3] ?? 2_000)
/** Couples of whom something goes out this week. */
const SOON = 300
const TIMES = 60
const FIRST = ['Anna', 'Zoë', 'Maria', 'Lucía', 'Åsa', 'Mei', 'Fatima', 'Olga', 'Nia', 'Ingrid']
const LAST = ['Ashworth', 'Grünwald', 'Rossi', 'Okafor', 'Berg', 'Chen', 'Haddad', 'Novák', 'Silva', 'Byrne']

const s = await openStudio()
const { engine } = s.office.house
const vendor = s.vendor as VendorId
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const since = (from: number): string => `${((performance.now() - from) / 1_000).toFixed(1)} s`

const begun = performance.now()
const clients: string[] = []
for (let from = 0; from < COUPLES; from += 100) {
  const part = Array.from({ length: Math.min(100, COUPLES - from) }, (_, index) => from + index)
  const added = await engine.db.tx('bench.couples', { vendors: [vendor] }, async (sql) => {
    const all = []
    for (const number of part)
      all.push(await addCoupleIn(engine, sql, vendor, coupleOf(number), keyOf(number)))
    return all
  })
  clients.push(...added.map((one) => one.client))
}
say(`${COUPLES} couples added in ${since(begun)}`)

function coupleOf(number: number) {
  const [first, last] = [FIRST[number % 10]!, LAST[Math.floor(number / 10) % 10]!]
  return {
    people: [
      { ref: 'partner_a', name: `${first} ${last}${number}`, email: `${number}@example.org` },
      { ref: 'partner_b', name: `${FIRST[(number * 7) % 10]} ${LAST[(number * 3) % 10]}` },
    ],
    stage: number % 3 === 0 ? 'booked' : 'inquiry',
    wedding: { on: `2028-${String((number % 12) + 1).padStart(2, '0')}-10`, zone: 'Europe/Rome' },
  }
}
function keyOf(number: number) {
  return { source: 'bench', key: String(number) }
}

const slow = await s.live(waiting(30, { name: 'Slow' }))
const soon = await s.live(waiting(3, { name: 'Soon' }))
const quick = await s.live({
  ...waiting(0),
  name: 'Quick',
  nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, email('hello'), { id: 'done', kind: 'end' }],
  edges: [
    { from: 'begin', to: 'hello' },
    { from: 'hello', to: 'done' },
  ],
})
for (const [journey, some] of [
  [slow, clients],
  [quick, clients.slice(0, WRITTEN_TO)],
  [soon, clients.slice(0, SOON)],
] as const) {
  const from = performance.now()
  const { data } = await s.api(startMany, { params: { ...s.params, journey }, body: { clients: [...some] } })
  for (;;) {
    const job = await s.api(readJob, { params: { ...s.params, job: data.job } })
    if (job.data.state !== 'running') break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  say(`${some.length} couples put on a journey in ${since(from)}`)
}
for (let round = 0; round < Math.ceil(WRITTEN_TO / 500) * 3; round += 1) await s.settle()
await s.office.admin.query('analyze')

async function time(name: string, work: (turn: number) => Promise<unknown>): Promise<void> {
  const first = performance.now()
  await work(0)
  const cold = performance.now() - first
  const times: number[] = []
  for (let turn = 1; turn <= TIMES; turn += 1) {
    const from = performance.now()
    await work(turn)
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string => times[Math.floor((times.length - 1) * share)]!.toFixed(1)
  say(`${name.padEnd(34)} first ${cold.toFixed(0).padStart(6)} ms   p50 ${at(0.5)}   p95 ${at(0.95)} ms`)
}

const { params } = s
const words = ['zoe', 'grunwald', 'anna ash', '4321@example', 'rossi5', 'nobody at all', 'a', 'berg okafor']
const index = nameIndex()
await time('index alone, brought up to date', (turn) =>
  index.find(engine, vendor, words[turn % words.length]!.split(' ')),
)
await time('clients.list with search', (turn) =>
  s.api(listClients, { params, query: { search: words[turn % words.length]! } }),
)
await time('clients.list', () => s.api(listClients, { params }))
await time('journeys.list', () => s.api(listJourneys, { params }))
await time('journeys.statistics', () => s.api(journeyStatistics, { params: { ...params, journey: slow } }))
await time('today.read', () => s.api(readToday, { params }))
await time('today.outlook of a week', () => s.api(readOutlook, { params, query: { days: 7 } }))
await time('runs.list', () => s.api(listRuns, { params, query: { journey: slow } }))
await time('messages.list', () => s.api(listMessages, { params }))
await time('messages.list of a couple', (turn) =>
  s.api(listMessages, { params, query: { client: clients[turn]! } }),
)
await time('messages.list, not sent', () => s.api(listMessages, { params, query: { is: 'not_sent' } }))
await time('messages.list with search', (turn) =>
  s.api(listMessages, { params, query: { search: words[turn % words.length]! } }),
)
await time('messages.list by subject', () =>
  s.api(listMessages, { params, query: { search: 'about hello' } }),
)
await time('messages.why', (turn) =>
  s.api(explainMessages, { params, query: { search: `${words[turn % 2]!} hello` } }),
)
await time('events.list', () => s.api(listEvents, { params }))
let heard: Since = {
  vendor,
  snapshot: await engine.db.read('bench', { vendors: [vendor] }, snapshotNow),
  from: plusMs(engine.clock.now(), -60_000),
}
await time('live: what changed, of one line', async () => {
  const told = await engine.db.read('bench', { vendors: [vendor] }, (sql) => changesSince(sql, [heard]))
  heard = { ...heard, snapshot: told.snapshot }
})
await time('clients.timeline', (turn) =>
  s.api(clientTimeline, { params: { ...params, client: clients[turn]! } }),
)
const runs = (await s.api(listRuns, { params, query: { journey: slow, limit: 200 } })).data.items
await time('runs.read', (turn) => s.api(readRun, { params: { ...params, run: runs[turn]!.id } }))
await time('runs.command', (turn) =>
  s.api(commandRun, { params: { ...params, run: runs[turn]!.id }, body: { command: { do: 'pause' } } }),
)
const memory = process.memoryUsage()
say(`index: ${index.size().people} people; heap ${(memory.heapUsed / 1e6).toFixed(0)} MB`)
await s.close()
