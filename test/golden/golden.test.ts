import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { coordination } from '../../examples/coordination.ts'
import { florist } from '../../examples/florist.ts'
import { graphOf, type Journey } from '../../src/core/journey/graph.ts'
import { parse } from '../../src/core/journey/parse.ts'
import { registry } from '../fixtures/journey-registry.ts'
import { meantForBefore, timelinesOf } from './timeline.ts'

/** What each example does to a couple, written down. `UPDATE_GOLDEN=1` writes it anew: then read it. */
const folder = path.join(import.meta.dirname, '../../examples')
const read = (file: string): Journey => {
  const parsed = parse(readFileSync(path.join(folder, file), 'utf8'))
  if (!parsed.ok) throw new Error(`${file} does not parse`)
  return parsed.journey
}
const examples: [name: string, journey: Journey][] = [
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file): [string, Journey] => [path.basename(file, '.json'), read(file)]),
  ['coordination', coordination],
  ['florist', florist],
]

describe.each(examples)('%s', (name, journey) => {
  test('is lived by three couples as it is written down', () => {
    const told = timelinesOf(graphOf(journey, registry))
    const file = path.join(import.meta.dirname, `${name}.txt`)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, told)
    expect(told).toBe(readFileSync(file, 'utf8'))
  })
})

/** What no vendor would forgive, said of every line of every timeline. */
describe.each(examples)('%s', (_, journey) => {
  const letters = timelinesOf(graphOf(journey, registry))
    .split('## Wedding ')
    .slice(1)
    .flatMap((part) => {
      const wedding = / (\d+ \w+ \d{4}), /.exec(part)?.[1] ?? ''
      const lines = part.matchAll(/^\w{3} (\d+ \w+ \d{4}) (\d\d):\d\d .* (?:email|sms) +(.*)$/gm)
      return [...lines].map(([line, day = '', hour, what = '']) => ({
        line,
        what,
        day,
        wedding,
        hour: Number(hour),
      }))
    })
  const dayOf = (text: string): number => Date.parse(`${text} 00:00 UTC`)

  test('nobody is written to on the wedding day, or after it of what was meant for before', () => {
    expect(letters.length).toBeGreaterThan(0)
    const before = meantForBefore(journey)
    const wrong = letters.filter(
      ({ day, wedding, what }) =>
        day === wedding ||
        (dayOf(day) > dayOf(wedding) && before.some((name) => what.startsWith(`${name} →`))),
    )
    expect(wrong.map((one) => one.line)).toEqual([])
  })

  test('nobody is written to at night, but to answer what they have just done', () => {
    const wrong = letters.filter(({ hour, day }) => (hour < 7 || hour >= 22) && day !== '19 April 2027')
    expect(wrong.map((one) => one.line)).toEqual([])
  })

  test('no day brings a couple more than two letters', () => {
    const perDay = new Map<string, string[]>()
    for (const { line, what, day, wedding } of letters) {
      if (!what.includes('partner_a')) continue
      const key = `${wedding} ${day}`
      perDay.set(key, [...(perDay.get(key) ?? []), line])
    }
    // Each wedding is lived twice, by those who never answer and by those who do.
    expect([...perDay.values()].filter((lines) => new Set(lines.map(nameIn)).size > 2)).toEqual([])
  })
})
const nameIn = (line: string): string => line.slice(37)

test('every timeline belongs to an example', () => {
  const written = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'))
  expect(written.map((file) => path.basename(file, '.txt')).sort()).toEqual(
    examples.map(([name]) => name).sort(),
  )
})
