import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JourneyId } from '../src/core/ids.ts'
import { check } from '../src/core/journey/check.ts'
import { diff, isSame } from '../src/core/journey/diff.ts'
import { graphOf, type Journey } from '../src/core/journey/graph.ts'
import { parse } from '../src/core/journey/parse.ts'
import { simulate } from '../src/core/run/simulate.ts'
import { DAY_MS, instantFrom, plusMs } from '../src/core/time/instant.ts'
import { BEHAVIOURS, imaginedBook, imaginedVendor, zoneFor } from '../src/engine/imagined.ts'
import { registry } from '../test/fixtures/journey-registry.ts'
import { coordination } from './coordination.ts'
import { florist } from './florist.ts'

const folder = import.meta.dirname
const read = (file: string): Journey => {
  const parsed = parse(readFileSync(path.join(folder, file), 'utf8'))
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problems.map((problem) => problem.message).join('\n')}`)
  return parsed.journey
}
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const examples: [name: string, journey: Journey][] = [
  ...files.map((file): [string, Journey] => [file, read(file)]),
  ['florist.ts', florist],
  ['coordination.ts', coordination],
]

describe.each(examples)('%s', (name, journey) => {
  test('has no error and nothing the linter would mend', () => {
    expect(check(journey, registry)).toEqual([])
    expect(graphOf(journey, registry).trigger.id).toBe('begin')
  })

  test('survives being written down and read again', () => {
    const again = parse(JSON.stringify(journey))
    expect(again.ok && isSame(diff(journey, again.journey))).toBe(true)
  })

  test('says something whole in every message: a greeting, a body, a name, no field without a fallback', () => {
    const emails = journey.nodes.filter((node) => node.kind === 'module')
    expect(emails.length).toBeGreaterThan(name === 'first-reply.json' ? 0 : 4)
    for (const { config } of emails) {
      const { subject, body, link } = config as { subject: string; body: string; link?: { url: string } }
      expect(subject.length).toBeLessThanOrEqual(60)
      expect(body).toMatch(/^Hello[ ,].*\n\n[\s\S]+\n\n(Warmly|Many thanks),\n\{\{ vendor\.name \}\}$/)
      expect(body).not.toMatch(/lorem|todo|xxx|\[.*\]/i)
      for (const [field] of body.matchAll(/\{\{.*?\}\}/g)) {
        expect(field).toMatch(/^\{\{ (vendor\.name|[a-z_.]+ \| default: "[^"]+") \}\}$/)
      }
      if (link) expect(link.url).toMatch(/^\{\{ links\.[a-z_]+ \}\}$/)
    }
  })

  test('never says the same thing twice', () => {
    const bodies = journey.nodes.flatMap((node) => (node.kind === 'module' ? [node.config.body] : []))
    expect(new Set(bodies).size).toBe(bodies.length)
  })
})

describe('sent through a whole book of invented couples', () => {
  const from = instantFrom('2026-12-01T09:00:00Z')
  const vendor = imaginedVendor(zoneFor('Europe/London'), 'GB', 'photographer')
  const lived = (some: typeof examples, couples: number) =>
    simulate({
      journeys: some.map(([name, journey]) => {
        const key = name.replace(/\.\w+$/, '')
        return { id: key as JourneyId, key, version: 1, graph: graphOf(journey, registry) }
      }),
      couples: imaginedBook(couples, from, 18, vendor.zone, vendor),
      from,
      until: plusMs(from, 720 * DAY_MS),
      behaviour: BEHAVIOURS.typical!,
    })
  /** What no journey of ours may do to anybody, whatever else a book may bring. */
  const NEVER = ['stands_still', 'message_on_wedding_day', 'missing_field']

  test.each(examples)('%s begins, writes, and does nothing that nobody would want', (name, journey) => {
    const told = lived([[name, journey]], 30)
    expect([told.runs > 0, told.days.some((day) => day.messages > 0)]).toEqual([true, true])
    expect(told.warnings.filter((one) => NEVER.includes(one.code))).toEqual([])
  })

  test('all of them together bear each other, and a simulation is the same each time', () => {
    const told = lived(examples, 10)
    expect(told.warnings.filter((one) => NEVER.includes(one.code))).toEqual([])
    expect(lived(examples, 10)).toEqual(told)
  })
})

test('at least six journeys are JSON', () => {
  expect(files.length).toBeGreaterThanOrEqual(6)
})
