import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  graphOf,
  type Journey,
  journeySchema,
  type ModuleType,
  type TriggerType,
} from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import { definitions } from './definitions.ts'
import { liveRegistry, moduleProblems, registryOf } from './registry.ts'
import { runners } from './runners.ts'

const manual: TriggerType = { type: 'manual', label: 'By hand', config: z.strictObject({}), listensTo: null }
const playlist: ModuleType = {
  type: 'playlist',
  version: 1,
  label: 'Ask for songs',
  exits: ['answered', 'silent'],
  channel: 'none',
  delivery: 'at_least_once',
  class: 'transactional',
  config: z.strictObject({ songsMax: z.int().min(1) }),
}

test('every module type of the house has a runner, and every runner its type', () => {
  // What unfolds into other types runs by theirs.
  expect(runners.map((runner) => runner.of)).toEqual(definitions.filter((type) => !type.unfold))
  for (const type of definitions) expect(moduleProblems(type)).toEqual([])
})

test('a type registered at run time can be used by the next graph; a graph made before keeps its types', () => {
  const registry = liveRegistry(definitions, [manual])
  const before = registry.current()
  registry.register(playlist)
  const journey: Journey = journeySchema.parse({
    format: 1,
    name: 'Songs',
    category: 'dj',
    reentry: 'never',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      { id: 'songs', kind: 'module', type: 'playlist', version: 1, config: { songsMax: 3 } },
    ],
    edges: [{ from: 'begin', to: 'songs' }],
  })
  const graph = graphOf(journey, registry.current())
  const songs = journey.nodes[1]
  if (!songs) throw new Error('the journey has two nodes')
  expect(graph.exits(songs)).toEqual(['answered', 'silent'])
  expect(() => graphOf(journey, before)).toThrow('playlist@1 is not registered')
})

test('a version means the same for ever: other content needs a new one', () => {
  const registry = liveRegistry([playlist], [manual])
  registry.register(playlist)
  expect(() => registry.register({ ...playlist, exits: ['answered'] })).toThrow(
    'a change needs a new version',
  )
  registry.register({ ...playlist, version: 2, exits: ['answered'] })
  expect([...registry.current().modules.keys()]).toEqual(['playlist@1', 'playlist@2'])
})

test('what can be chosen is the newest version of each type, with its configuration as JSON Schema', () => {
  const registry = liveRegistry([playlist, { ...playlist, version: 3, label: 'Songs' }], [manual])
  expect(registry.discover()).toEqual([
    {
      type: 'playlist',
      label: 'Songs',
      version: 3,
      versions: [3, 1],
      exits: ['answered', 'silent'],
      channel: 'none',
      class: 'transactional',
      delivery: 'at_least_once',
      config: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { songsMax: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
        required: ['songsMax'],
        additionalProperties: false,
      },
    },
  ])
})

test.each<[string, Partial<ModuleType>]>([
  ['/type', { type: 'Play List' }],
  ['/version', { version: 0 }],
  ['/version', { version: 1.5 }],
  ['/label', { label: ' ' }],
  ['/exits', { exits: ['done', 'done'] }],
  ['/exits', { exits: ['failed'] }],
  ['/exits', { exits: ['So so'] }],
  ['/config', { config: z.string() }],
  ['/config', { config: z.custom<string>() }],
])('a malformed %s is refused with its place', (path, change) => {
  expect(moduleProblems({ ...playlist, ...change }).map((problem) => problem.path)).toEqual([path])
  expect(() => liveRegistry([], []).register({ ...playlist, ...change })).toThrow(Refusal)
})

test('doubles in the lists are refused at start', () => {
  expect(() => registryOf([playlist, { ...playlist }], [])).toThrow(Refusal)
  expect(() => registryOf([], [manual, manual])).toThrow(Refusal)
})
