import { journeySchema } from '../../src/core/journey/graph.ts'

/**
 * Two journeys whose waits last seconds. What a couple must get from each is known beforehand: that is what the
 * reconciliation holds against the provider's book.
 */
const letter = (id: string, extra: object = {}) => ({
  id,
  kind: 'module',
  type: 'email',
  version: 1,
  config: { subject: `${id} for {{ client.names }}`, body: `Dear {{ client.names }},\n\nthis is ${id}.` },
  class: 'transactional',
  late: 'skip',
  windows: { quiet: 'ignore' },
  ...extra,
})
const edges = (...ways: readonly (readonly [from: string, to: string, exit?: string])[]) =>
  ways.map(([from, to, exit]) => (exit ? { from, exit, to } : { from, to }))

/** Begins when a couple is added; its waits hang on two anchors some seconds ahead. */
export const welcome = journeySchema.parse({
  format: 1,
  name: 'Welcome',
  category: 'storm',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'client_added' },
    letter('welcome'),
    { id: 'until-soon', kind: 'delay', wait: { after: { minutes: 0 }, of: 'custom:soon' }, late: 'skip' },
    letter('reminder', { delivery: 'at_least_once' }),
    { id: 'note', kind: 'action', do: { notify: { text: 'A couple was reminded' } } },
    {
      id: 'until-later',
      kind: 'delay',
      wait: { after: { minutes: 0 }, of: 'custom:later' },
      late: 'skip',
    },
    letter('farewell'),
  ],
  edges: edges(
    ['begin', 'welcome'],
    ['welcome', 'until-soon', 'sent'],
    ['welcome', 'until-soon', 'refused'],
    ['until-soon', 'reminder'],
    ['reminder', 'note', 'sent'],
    ['reminder', 'note', 'refused'],
    ['note', 'until-later', 'next'],
    ['note', 'until-later', 'failed'],
    ['until-later', 'farewell'],
  ),
})

/** Begins with an inquiry and asks for a form, which comes, or does not within a minute. */
export const inquiry = journeySchema.parse({
  format: 1,
  name: 'Inquiry',
  category: 'storm',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
    letter('reply'),
    {
      id: 'answered',
      kind: 'await',
      for: { event: 'form_submitted' },
      timeout: { after: { minutes: 1 } },
      alsoPast: true,
    },
    letter('thanks'),
    letter('nudge'),
  ],
  edges: edges(
    ['begin', 'reply'],
    ['reply', 'answered', 'sent'],
    ['reply', 'answered', 'refused'],
    ['answered', 'thanks', 'happened'],
    ['answered', 'nudge', 'timeout'],
  ),
})

/** Begins when another system calls, and calls another system in turn. */
export const calledOn = (url: string) =>
  journeySchema.parse({
    format: 1,
    name: 'Called on',
    category: 'storm',
    reentry: 'never',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'inbound_webhook', config: { hook: 'storm' } },
      { id: 'hook', kind: 'action', do: { webhook: { url, body: { told: 'by the storm' } } } },
      letter('confirmed'),
    ],
    edges: edges(['begin', 'hook'], ['hook', 'confirmed', 'next'], ['hook', 'confirmed', 'failed']),
  })

/** What must have been planned by the time a run of the journey has ended: one step of each group. */
export const EXPECTED: { readonly [journey: string]: readonly (readonly string[])[] } = {
  welcome: [['welcome'], ['reminder'], ['note'], ['farewell']],
  inquiry: [['reply'], ['thanks', 'nudge']],
  'called-on': [['hook'], ['confirmed']],
}
