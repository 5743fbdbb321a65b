import { describe, expect, test } from 'vitest'
import { coupleView, identity, live, liveFrom, variedJourney } from '../../../test/fixtures/couple-run.ts'
import { generatedJourney } from '../../../test/fixtures/generated-journey.ts'
import { registry } from '../../../test/fixtures/journey-registry.ts'
import { graphOf } from '../journey/graph.ts'
import { instantFrom, isoOf, plusMs } from '../time/instant.ts'
import { forecast, forecastNew } from './forecast.ts'

const graph = variedJourney()
const view = coupleView('2027-06-12')
const begins = instantFrom('2027-01-11T09:00:00Z')
const told = (steps: readonly { node: string; what: string; at: number | null }[]) =>
  steps.map(
    (step) => `${step.node} ${step.what} ${step.at === null ? '-' : isoOf(step.at as never).slice(0, 10)}`,
  )

describe('a couple who has not begun', () => {
  test('who answers nothing gets the reminder, and the gate stands where a person must act', () => {
    const { steps, ended, truncated } = forecastNew(graph, identity, null, view, begins)
    expect(told(steps.filter((step) => step.what === 'send'))).toEqual([
      'welcome send 2027-01-11',
      'questionnaire send 2027-03-29',
      'reminder send 2027-04-05',
    ])
    expect(steps.find((step) => step.node === 'call')).toMatchObject({ what: 'task', visit: 1 })
    expect([ended, truncated]).toEqual([null, false])
  })

  test('who answers gets no reminder, and each step says what it takes for granted', () => {
    const { steps, ended } = forecastNew(graph, identity, null, view, begins, {
      assume: { is: 'always', afterDays: 2 },
    })
    expect(steps.map((step) => step.node)).not.toContain('reminder')
    const last = steps.find((step) => step.node === 'tomorrow')!
    expect(isoOf(last.at!)).toBe('2027-06-11T15:00:00.000Z')
    expect(last.recipients).toEqual(['partner_a', 'partner_b'])
    expect(last.because.map((one) => one.code)).toContain('nominal')
    expect(ended).toMatchObject({ status: 'completed' })
    expect(steps.find((step) => step.node === 'answered')!.assumes.join()).toContain(
      'an answered form comes in time',
    )
  })

  test('in the worst case they answer on the last day, and still before the time is over', () => {
    const { steps } = forecastNew(graph, identity, null, view, begins, { assume: { is: 'worst' } })
    const answered = steps.find((step) => step.node === 'answered')!
    expect(answered.because.map((one) => one.code)).toContain('woken')
    expect(told([answered])).toEqual(['answered wait 2027-04-05'])
  })
})

test('a run that has begun is told from where it stands, and looking changes nothing', () => {
  const lived = liveFrom(graph, begins, view)
  const later = plusMs(begins, 600_000)
  live(lived, graph, { is: 'due', at: later }, view)
  const before = structuredClone(lived.run)
  const { steps } = forecast(graph, lived.run, view, later)
  expect(steps.find((step) => step.node === 'welcome')).toMatchObject({ what: 'send', visit: 1 })
  expect(told(steps)).toContain('questionnaire send 2027-03-29')
  expect(steps.map((step) => step.node)).not.toContain('begin')
  expect(lived.run).toEqual(before)
})

test('a bound of time or of steps leaves the rest unsaid, and says so', () => {
  const until = instantFrom('2027-03-01T00:00:00Z')
  const short = forecastNew(graph, identity, null, view, begins, { until })
  expect(short.truncated).toBe(true)
  expect(
    short.steps.filter((step) => step.what === 'send' && step.at !== null && step.at <= until),
  ).toHaveLength(1)
  expect(forecastNew(graph, identity, null, view, begins, { stepsMax: 2 }).truncated).toBe(true)
})

test('two hundred steps with sixty branches are told to the end, within 50 ms', () => {
  const large = graphOf(generatedJourney({ nodes: 200, branches: 60 }), registry)
  const told = () => forecastNew(large, identity, null, view, begins)
  const { steps, ended, truncated } = told()
  expect(steps.length).toBeGreaterThan(100)
  expect([ended?.status, truncated]).toEqual(['completed', false])
  // The best of many: what else the machine does is not the forecast's.
  let bestMs = Number.POSITIVE_INFINITY
  for (let run = 0; run < 50 && bestMs >= 50; run += 1) {
    const startedAt = performance.now()
    told()
    bestMs = Math.min(bestMs, performance.now() - startedAt)
  }
  expect(bestMs).toBeLessThan(50)
})
