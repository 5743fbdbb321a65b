import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { JourneyId } from '../src/core/ids.ts'
import { check } from '../src/core/journey/check.ts'
import { graphOf } from '../src/core/journey/graph.ts'
import { parse } from '../src/core/journey/parse.ts'
import { forecastNew } from '../src/core/run/forecast.ts'
import { inventCouples } from '../src/core/run/invent-couples.ts'
import { simulate } from '../src/core/run/simulate.ts'
import { DAY_MS, type Instant, instantFrom, plusMs } from '../src/core/time/instant.ts'
import { exampleView, hours, withWedding } from '../src/core/wedding/example-view.ts'
import { generatedJourney } from '../test/fixtures/generated-journey.ts'
import { registry } from '../test/fixtures/journey-registry.ts'

/**
 * How long a vendor waits for a simulation: 1,000 couples through eighteen months of the photographer's
 * journeys, one couple alone, and the check and the forecast of a journey of two hundred steps.
 *
 *   node bin/node26.js bench/simulate.ts [--couples 1000] [--json]
 */
const { values: options } = parseArgs({
  options: { couples: { type: 'string', default: '1000' }, json: { type: 'boolean', default: false } },
})

const folder = new URL('../examples/', import.meta.url)
const journeys = ['photographer-booked-to-wedding', 'photographer-after-the-wedding'].map((key) => {
  const parsed = parse(readFileSync(new URL(`${key}.json`, folder), 'utf8'))
  if (!parsed.ok) throw new Error(`${key} does not parse`)
  return { id: key as JourneyId, key, version: 1, graph: graphOf(parsed.journey, registry) }
})
const from = instantFrom('2026-03-01T09:00:00Z')
const until = plusMs(from, 548 * DAY_MS)
const vendor = {
  ...exampleView.vendor,
  openHours: { email: hours('08:00', '21:00'), sms: hours('09:00', '20:00') },
}
const couplesOf = (count: number, seed: string) => inventCouples({ seed, count, from, until, vendor })

const [wholeMs, whole] = timed(() =>
  simulate({
    journeys,
    couples: couplesOf(Number(options.couples), 'book'),
    from,
    until,
    behaviour: { is: 'typical', rate: 0.7 },
  }),
)
const oneMs = median(9, (nth) => {
  const couples = couplesOf(1, `one-${nth}`)
  return () => simulate({ journeys, couples, from, until, behaviour: { is: 'never' } })
})
const large = generatedJourney({ nodes: 200, branches: 60 })
const checkMs = median(15, () => () => check(large, registry))
const graph = graphOf(large, registry)
const view = withWedding('2028-06-17', 'Europe/London', 1, {
  ...exampleView,
  people: couplesOf(1, 'one')[0]!.view.people,
})
const identity = { id: 'r', vendor: 'v', client: 'c', wedding: 'w', journey: 'j', version: 1 } as never
const forecastMs = median(15, () => () => forecastNew(graph, identity, null, view, from as Instant))

const messages = whole.days.reduce((sum, day) => sum + day.messages, 0)
const figures = {
  couples: whole.couples,
  runs: whole.runs,
  turns: whole.turns,
  messages,
  lines: whole.log.length,
  warnings: whole.warnings.length,
  wholeMs: Math.round(wholeMs),
  turnsPerSecond: Math.round((whole.turns / wholeMs) * 1_000),
  oneCoupleMs: round(oneMs),
  check200Ms: round(checkMs),
  forecast200Ms: round(forecastMs),
}
if (options.json) console.log(JSON.stringify(figures))
else {
  console.log(
    `${figures.couples} couples × 18 months: ${(wholeMs / 1_000).toFixed(2)} s (bound 10 s), ${figures.turns} turns, ${figures.messages} messages, ${figures.turnsPerSecond} turns a second`,
  )
  console.log(`one couple: ${figures.oneCoupleMs} ms (bound 100 ms)`)
  console.log(`check of 200 steps, 60 branches: ${figures.check200Ms} ms (bound 20 ms)`)
  console.log(`forecast of 200 steps, 60 branches: ${figures.forecast200Ms} ms (bound 50 ms)`)
  for (const { code, journey, node, count, values } of whole.warnings)
    console.log(`  ${code} × ${count}: ${journey ?? ''} ${node ?? ''} ${JSON.stringify(values)}`)
}

function timed<T>(work: () => T): [number, T] {
  const began = performance.now()
  const result = work()
  return [performance.now() - began, result]
}

function median(times: number, prepare: (nth: number) => () => unknown): number {
  const taken = Array.from({ length: times }, (_, nth) => timed(prepare(nth))[0]).sort((a, b) => a - b)
  return taken[Math.floor(times / 2)]!
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
