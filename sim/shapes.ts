import { type Journey, journeySchema } from '../src/core/journey/graph.ts'
import type { Dice } from './dice.ts'

/**
 * The journeys of a world: shapes that each put one thing under strain, and small chains drawn at random. Every
 * message carries its vendor's canary, which must never be seen at another vendor's provider.
 */
type Node = { readonly id: string; readonly kind: string } & { readonly [part: string]: unknown }
type Edge = { readonly from: string; readonly exit?: string; readonly to: string }
type Shape = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[]; readonly more?: object }

export type Written = { readonly key: string; readonly document: Journey }

const LATE = ['send_now', 'skip', 'task'] as const

export function drawJourneys(
  dice: Dice,
  canary: string,
  names: readonly string[] = Object.keys(SHAPES),
): Written[] {
  const chosen = new Set([dice.pick(names), dice.pick(names), dice.pick(names)])
  for (const name of chosen) for (const other of NEEDS[name] ?? []) chosen.add(other)
  return [...chosen].map((name) => ({ key: name, document: write(name, SHAPES[name]!(dice, canary)) }))
}

/** Journeys that speak of another one. */
const NEEDS: { readonly [shape: string]: readonly string[] } = { starter: ['started'], stopper: ['reminder'] }

export const fixedJourney = (name: string, dice: Dice, canary: string): Written => ({
  key: name,
  document: write(name, SHAPES[name]!(dice, canary)),
})

/** The next version: other words, and sometimes without one of its steps. */
export function nextVersion(dice: Dice, before: Journey, removeNode: boolean): Journey {
  const words = (node: Journey['nodes'][number]): Journey['nodes'][number] =>
    node.kind === 'module'
      ? { ...node, config: { ...node.config, subject: `${String(node.config.subject)} (new)` } }
      : node
  const removable = before.nodes.filter(
    (node) =>
      (node.kind === 'delay' && !('every' in node.wait)) ||
      (node.kind === 'module' && node.onFailure !== 'branch'),
  )
  const gone = removeNode && removable.length > 0 ? dice.pick(removable).id : null
  const after = before.edges.find((edge) => edge.from === gone)?.to
  const edges = before.edges
    .filter((edge) => edge.from !== gone)
    .flatMap((edge) => (edge.to !== gone ? [edge] : after ? [{ ...edge, to: after }] : []))
  return { ...before, nodes: before.nodes.filter((node) => node.id !== gone).map(words), edges }
}

function write(name: string, shape: Shape): Journey {
  return journeySchema.parse({
    format: 1,
    name,
    category: 'sim',
    reentry: 'per_wedding',
    ...shape.more,
    nodes: shape.nodes,
    edges: shape.edges,
  })
}

const begin = (type = 'contract_signed', config?: object): Node => ({
  id: 'begin',
  kind: 'trigger',
  type,
  ...(config ? { config } : {}),
})
const email = (id: string, canary: string, more: object = {}): Node => ({
  id,
  kind: 'module',
  type: 'email',
  version: 1,
  class: 'transactional',
  config: { subject: `${canary} ${id}`, body: 'Dear {{ client.partner_a.first_name | default: "you" }}' },
  ...more,
})
const wait = (id: string, rule: object, more: object = {}): Node => ({
  id,
  kind: 'delay',
  wait: rule,
  ...more,
})
const act = (id: string, what: object): Node => ({ id, kind: 'action', do: what })
const chain = (...ids: string[]): Edge[] => ids.slice(1).map((to, index) => ({ from: ids[index]!, to }))

export const SHAPES: { readonly [name: string]: (dice: Dice, canary: string) => Shape } = {
  reminder: (dice, canary) => ({
    nodes: [
      begin(),
      wait('before', { before: { days: dice.int(5, 20) }, of: 'wedding', at: '09:00' }),
      email('ask', canary, { late: dice.pick(LATE) }),
    ],
    edges: chain('begin', 'before', 'ask'),
  }),
  timed_steps: (dice, canary) => ({
    nodes: [
      begin(),
      email('early', canary, {
        when: { before: { weeks: 3 }, of: 'wedding', at: '10:00' },
        late: dice.pick(LATE),
        move: dice.pick(['follow', 'keep', 'ask', 'resend']),
      }),
      email('close', canary, {
        when: { before: { days: 2 }, of: 'wedding', at: '08:30' },
        late: dice.pick(LATE),
        delivery: dice.pick(['at_least_once', 'at_most_once']),
      }),
      email('thanks', canary, {
        when: { after: { days: 3 }, of: 'wedding' },
        class: 'relationship',
        late: 'send_now',
      }),
    ],
    edges: chain('begin', 'early', 'close', 'thanks'),
  }),
  form: (dice, canary) => ({
    nodes: [
      begin(),
      email('send_form', canary, { delivery: 'at_least_once' }),
      {
        id: 'answer',
        kind: 'await',
        for: { event: 'form_submitted' },
        timeout: { after: { days: dice.int(2, 6) } },
      },
      act('tag', { addTag: 'answered' }),
      email('thanks', canary),
      email('remind', canary, { reminds: true }),
    ],
    edges: [
      ...chain('begin', 'send_form', 'answer'),
      { from: 'answer', exit: 'happened', to: 'tag' },
      { from: 'tag', to: 'thanks' },
      { from: 'answer', exit: 'timeout', to: 'remind' },
    ],
  }),
  fork_all: (dice, canary) => ({
    nodes: [
      begin(),
      { id: 'both', kind: 'fork', arms: ['left', 'right'] },
      email('left_mail', canary),
      wait('right_wait', { after: { days: dice.int(1, 3) } }),
      email('right_mail', canary, { delivery: 'at_least_once' }),
      { id: 'meet', kind: 'join', mode: 'all' },
      act('stage', { setStage: 'planning' }),
      email('after', canary, { when: { after: { days: 1 }, at: '10:00' } }),
    ],
    edges: [
      { from: 'begin', to: 'both' },
      { from: 'both', exit: 'left', to: 'left_mail' },
      { from: 'both', exit: 'right', to: 'right_wait' },
      ...chain('right_wait', 'right_mail', 'meet', 'stage', 'after'),
      { from: 'left_mail', to: 'meet' },
    ],
  }),
  fork_first: (_dice, canary) => ({
    nodes: [
      begin(),
      { id: 'race', kind: 'fork', arms: ['quick', 'slow'] },
      { id: 'paid', kind: 'await', for: { event: 'payment_received' }, timeout: { after: { days: 4 } } },
      wait('slow_wait', { after: { days: 2 } }),
      email('nudge', canary),
      { id: 'meet', kind: 'join', mode: 'first' },
      email('done', canary),
    ],
    edges: [
      { from: 'begin', to: 'race' },
      { from: 'race', exit: 'quick', to: 'paid' },
      { from: 'race', exit: 'slow', to: 'slow_wait' },
      { from: 'paid', exit: 'happened', to: 'meet' },
      { from: 'paid', exit: 'timeout', to: 'meet' },
      ...chain('slow_wait', 'nudge', 'meet', 'done'),
    ],
  }),
  date_trigger: (dice, canary) => ({
    nodes: [
      begin('date', { when: { before: { days: dice.int(10, 30) }, of: 'wedding', at: '11:00' } }),
      email('prepare', canary, {
        when: { before: { days: 7 }, of: 'wedding' },
        late: 'send_now',
        move: 'resend',
      }),
      email('review', canary, {
        when: { after: { days: 5 }, of: 'wedding' },
        class: 'marketing',
        late: 'skip',
      }),
    ],
    edges: chain('begin', 'prepare', 'review'),
  }),
  approval: (dice, canary) => ({
    nodes: [
      begin(),
      email('checked', canary, { approval: { timeout: { after: { days: dice.int(2, 5) } } } }),
      act('todo', { task: { title: 'Call them', gate: true } }),
      email('called', canary),
    ],
    edges: chain('begin', 'checked', 'todo', 'called'),
  }),
  repeat: (dice, canary) => ({
    nodes: [
      begin(),
      wait('weekly', { every: { days: dice.int(3, 9) }, timesMax: 3 }),
      email('news', canary),
      email('last', canary),
    ],
    edges: [
      { from: 'begin', to: 'weekly' },
      { from: 'weekly', exit: 'again', to: 'news' },
      { from: 'news', to: 'weekly' },
      { from: 'weekly', exit: 'done', to: 'last' },
    ],
  }),
  house: (_dice, canary) => ({
    nodes: [
      begin('client_added'),
      act('tell', { notify: { text: `${canary} new couple` } }),
      {
        id: 'known',
        kind: 'condition',
        cases: [{ exit: 'vip', if: { fact: 'client.fields.budget', is: 'at_least', value: 10_000 } }],
      },
      act('hook', { webhook: { url: 'https://example.org/hook', body: { canary } } }),
      email('hello', canary, { onFailure: 'branch' }),
      act('sorry', { addTag: 'unreachable' }),
    ],
    edges: [
      ...chain('begin', 'tell', 'known'),
      { from: 'known', exit: 'vip', to: 'hook' },
      { from: 'known', exit: 'otherwise', to: 'hello' },
      { from: 'hook', to: 'hello' },
      { from: 'hello', exit: 'failed', to: 'sorry' },
    ],
  }),
  hold: (dice, canary) => ({
    nodes: [
      begin('inquiry_received'),
      act('hold', { holdJourneys: 'talk' }),
      wait('talk', { after: { hours: dice.int(2, 60) } }),
      act('release', { releaseJourneys: 'talk' }),
      email('summary', canary),
    ],
    edges: chain('begin', 'hold', 'talk', 'release', 'summary'),
  }),
  split: (dice, canary) => ({
    nodes: [
      begin(),
      {
        id: 'which',
        kind: 'split',
        arms: [
          { exit: 'short', weight: dice.int(1, 5) },
          { exit: 'long', weight: dice.int(1, 5) },
          { exit: 'none', weight: 0.5 },
        ],
      },
      email('short_mail', canary),
      wait('patience', { after: { days: dice.int(1, 4) } }),
      email('long_mail', canary),
    ],
    edges: [
      { from: 'begin', to: 'which' },
      { from: 'which', exit: 'short', to: 'short_mail' },
      { from: 'which', exit: 'long', to: 'patience' },
      { from: 'which', exit: 'none', to: 'short_mail' },
      { from: 'patience', to: 'long_mail' },
    ],
  }),
  goal: (dice, canary) => ({
    nodes: [
      begin(),
      wait('first', { after: { days: dice.int(1, 3) } }),
      email('nudge', canary),
      wait('second', { after: { days: dice.int(1, 4) } }),
      email('nudge_again', canary),
      { id: 'paid', kind: 'goal', for: { event: 'payment_received' } },
    ],
    edges: chain('begin', 'first', 'nudge', 'second', 'nudge_again', 'paid'),
  }),
  each_partner: (dice, canary) => ({
    nodes: [
      begin(),
      { id: 'each', kind: 'fork', each: 'partner', atOnceMax: dice.pick([1, 2]) },
      email('own', canary, { to: 'each', delivery: 'at_least_once' }),
      wait('own_wait', { after: { days: dice.int(1, 2) } }),
      email('own_again', canary, { to: 'each' }),
      { id: 'meet', kind: 'join', mode: 'all' },
      email('both', canary),
    ],
    edges: [
      { from: 'begin', to: 'each' },
      { from: 'each', exit: 'each', to: 'own' },
      ...chain('own', 'own_wait', 'own_again', 'meet', 'both'),
    ],
  }),
  starter: (dice, canary) => ({
    nodes: [
      begin(),
      wait('a_while', { after: { hours: dice.int(1, 40) } }),
      act('go', { startJourney: 'started' }),
      email('told', canary),
    ],
    edges: chain('begin', 'a_while', 'go', 'told'),
  }),
  started: (dice, canary) => ({
    nodes: [
      begin('manual'),
      email('hello_again', canary),
      wait('rest', { after: { days: dice.int(1, 5) } }),
      email('goodbye', canary),
    ],
    edges: chain('begin', 'hello_again', 'rest', 'goodbye'),
  }),
  stopper: (_dice, canary) => ({
    nodes: [begin('payment_received'), act('enough', { stopJourney: 'reminder' }), email('receipt', canary)],
    edges: chain('begin', 'enough', 'receipt'),
  }),
  random: (dice, canary) => {
    const nodes: Node[] = [begin(dice.pick(['contract_signed', 'client_added', 'inquiry_received']))]
    const count = dice.int(2, 6)
    for (let n = 1; n <= count; n += 1) nodes.push(randomNode(dice, canary, `n${n}`))
    return {
      nodes,
      edges: nodes.slice(1).map((node, index) => ({ from: nodes[index]!.id, to: node.id })),
      more: { reentry: dice.pick(['per_wedding', 'never', 'after_finish']) },
    }
  },
}

function randomNode(dice: Dice, canary: string, id: string): Node {
  switch (dice.int(1, 6)) {
    case 1:
      return email(id, canary, { late: dice.pick(LATE) })
    case 2:
      return wait(id, { after: { days: dice.int(0, 6), hours: dice.int(0, 9) } })
    case 3:
      return wait(id, {
        before: { days: dice.int(1, 40) },
        of: 'wedding',
        at: '12:00',
        zone: dice.pick(['venue', 'vendor']),
      })
    case 4:
      return act(id, dice.chance(0.5) ? { addTag: id } : { setField: 'mood', value: id })
    case 5:
      return email(id, canary, {
        to: 'partner_a',
        class: dice.pick(['transactional', 'relationship']),
        when: { next: '15:30' },
      })
    default:
      return act(id, { notify: { text: `${canary} ${id}` } })
  }
}
