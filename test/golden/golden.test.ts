import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { coordination } from '../../examples/coordination.ts'
import { florist } from '../../examples/florist.ts'
import { graphOf, type Journey } from '../../src/core/journey/graph.ts'
import { parse } from '../../src/core/journey/parse.ts'
import { registry } from '../fixtures/journey-registry.ts'
import { timelinesOf } from './timeline.ts'

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

test('every timeline belongs to an example', () => {
  const written = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'))
  expect(written.map((file) => path.basename(file, '.txt')).sort()).toEqual(
    examples.map(([name]) => name).sort(),
  )
})
