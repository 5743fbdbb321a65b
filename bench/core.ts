import type { ClientId, JourneyId, RunId, VendorId } from '../src/core/ids.ts'
import { graphOf, journeySchema } from '../src/core/journey/graph.ts'
import { advance, begin } from '../src/core/run/advance.ts'
import { instantFrom } from '../src/core/time/instant.ts'
import { exampleView } from '../src/core/wedding/example-view.ts'
import { definitions } from '../src/modules/definitions.ts'
import { registryOf } from '../src/modules/registry.ts'
import { triggerTypes } from '../src/triggers/definitions.ts'

/** The cost of one pure step of `advance`: five conditions in a row, one turn each. Prints microseconds, the best of nine. */
const nodes = Array.from({ length: 5 }, (_, i) => ({
  id: `step${i}`,
  kind: 'condition',
  cases: [{ exit: 'yes', if: { fact: 'client.stage', is: 'equal', value: 'booked' } }],
}))
const ids = ['begin', ...nodes.map((node) => node.id)]
const graph = graphOf(
  journeySchema.parse({
    format: 1,
    name: 'Chain',
    category: 'bench',
    reentry: 'never',
    nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...nodes],
    edges: ids.slice(1).map((to, i) => ({ from: ids[i], to, ...(i > 0 ? { exit: 'yes' } : {}) })),
  }),
  registryOf(definitions, triggerTypes),
)
const now = instantFrom('2027-05-01T08:00:00Z')
const view = { ...exampleView, limits: { stepsPerActivationMax: 1 } }
const identity = {
  id: 'r' as RunId,
  vendor: 'v' as VendorId,
  client: 'anna-ben' as ClientId,
  wedding: null,
  journey: 'j' as JourneyId,
  version: 1,
}
const RUNS = 4_000
let bestUs = Number.POSITIVE_INFINITY
for (let round = 0; round < 9; round += 1) {
  const from = performance.now()
  for (let i = 0; i < RUNS; i += 1) {
    let { after } = begin(graph, identity, null, now, view)
    for (let step = 0; step < 5; step += 1) after = advance(graph, after, { is: 'due', at: now }, view).after
    if (after.status !== 'completed') throw new Error(`the chain did not end: ${after.status}`)
  }
  bestUs = Math.min(bestUs, ((performance.now() - from) * 1_000) / (RUNS * 6))
}
console.log(
  process.argv.includes('--json')
    ? JSON.stringify({ advanceUs: bestUs })
    : `advance: ${bestUs.toFixed(2)} µs per pure step`,
)
