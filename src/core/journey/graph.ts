import { z } from 'zod'
import type { JsonObject, NodeId } from '../ids.ts'
import {
  deadlineSchema,
  latePolicySchema,
  messageClassSchema,
  movePolicySchema,
  windowsSchema,
} from '../wedding/policy.ts'
import { amountSchema, waitRuleSchema } from '../wedding/wait-rule.ts'
import { conditionSchema, eventPatternSchema } from './condition.ts'
import { type Unfolded, unfolded } from './unfold.ts'

/**
 * A journey as it is written down: one document, readable as JSON, immutable once published (I7).
 * What it means when it runs is `core/run/advance`; what is wrong with it is `check`.
 */

export const NODES_MAX = 500
export const EDGES_MAX = 1_000
export const EXITS_MAX = 20
export const TOKENS_MAX = 16
export const STEPS_PER_RUN_MAX = 10_000

const nodeId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'an id of small letters, digits, - and _ (at most 60)')
  .transform((id) => id as NodeId)
const exitName = z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'an exit name of small letters, digits and _')
const config = z.record(z.string().max(60), z.json()).transform((value) => value as JsonObject)
const role = z.enum(['owner', 'manager', 'assistant'])

/** To whom a step speaks. `each` is the person or vendor a *for each* arm stands for. */
export const recipientSchema = z.union([
  z.enum(['couple', 'partner_a', 'partner_b', 'payer', 'planner', 'each']),
  z.strictObject({ vendorOf: z.string().min(1).max(60) }),
  z.strictObject({ member: role }),
])
export type RecipientRule = z.infer<typeof recipientSchema>

const base = { id: nodeId, name: z.string().min(1).max(200).optional(), phase: z.string().max(60).optional() }

/** What every step with a moment of its own may say about it. */
const timing = {
  when: waitRuleSchema.optional(),
  late: latePolicySchema.optional(),
  move: movePolicySchema.optional(),
  deadline: deadlineSchema.optional(),
  windows: windowsSchema.optional(),
}

const approvalFlag = z.strictObject({ by: role.optional(), timeout: waitRuleSchema })

const trigger = z.strictObject({
  ...base,
  kind: z.literal('trigger'),
  /** A trigger type of the registry (`triggers/`) and what it asks of its own configuration. */
  type: z.string().min(1).max(60),
  config: config.optional(),
  if: conditionSchema.optional(),
})

const module_ = z.strictObject({
  ...base,
  ...timing,
  kind: z.literal('module'),
  type: z.string().min(1).max(60),
  version: z.int().min(1).max(10_000),
  config,
  to: recipientSchema.optional(),
  class: messageClassSchema.optional(),
  /** Messages that ask for an answer avoid the days the vendor works a wedding. */
  asksForAnswer: z.boolean().optional(),
  /** A second word on something already asked for: worth nothing when it would come late. */
  reminds: z.boolean().optional(),
  approval: approvalFlag.optional(),
  onFailure: z.enum(['continue', 'branch', 'task', 'stop']).optional(),
  delivery: z.enum(['at_most_once', 'at_least_once']).optional(),
  band: z.enum(['critical', 'high', 'medium', 'low']).optional(),
})

const delay = z.strictObject({
  ...base,
  kind: z.literal('delay'),
  wait: waitRuleSchema,
  late: latePolicySchema.optional(),
  move: movePolicySchema.optional(),
})

const await_ = z.strictObject({
  ...base,
  kind: z.literal('await'),
  for: eventPatternSchema,
  timeout: waitRuleSchema,
  /** Count an event of this run's past as well, not only one that comes after the token has arrived. */
  alsoPast: z.boolean().optional(),
})

const condition = z.strictObject({
  ...base,
  kind: z.literal('condition'),
  cases: z
    .array(z.strictObject({ exit: exitName, if: conditionSchema }))
    .min(1)
    .max(EXITS_MAX - 1),
})

const split = z.strictObject({
  ...base,
  kind: z.literal('split'),
  arms: z
    .array(z.strictObject({ exit: exitName, weight: z.number().gt(0).max(1_000) }))
    .min(2)
    .max(EXITS_MAX),
  salt: z.string().max(60).optional(),
  measure: z.string().max(100).optional(),
})

export const actionSchema = z.union([
  z.strictObject({ setStage: z.string().min(1).max(60) }),
  z.strictObject({ addTag: z.string().min(1).max(60) }),
  z.strictObject({ removeTag: z.string().min(1).max(60) }),
  z.strictObject({ setField: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/), value: z.json() }),
  z.strictObject({
    task: z.strictObject({
      title: z.string().min(1).max(300),
      role: role.optional(),
      due: waitRuleSchema.optional(),
      /** A gate holds the journey until somebody has done the task. */
      gate: z.boolean().optional(),
    }),
  }),
  z.strictObject({
    webhook: z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2_000), body: config.optional() }),
  }),
  z.strictObject({ startJourney: z.string().min(1).max(100) }),
  z.strictObject({ stopJourney: z.string().min(1).max(100) }),
  /** Holds or releases the client's other journeys, for example while a date is unknown. */
  z.strictObject({ holdJourneys: z.string().min(1).max(60) }),
  z.strictObject({ releaseJourneys: z.string().min(1).max(60) }),
  z.strictObject({ notify: z.strictObject({ text: z.string().min(1).max(500), role: role.optional() }) }),
])
export type Action = z.infer<typeof actionSchema>

const action = z.strictObject({ ...base, ...timing, kind: z.literal('action'), do: actionSchema })

const approval = z.strictObject({
  ...base,
  ...timing,
  kind: z.literal('approval'),
  ask: z.string().min(1).max(500),
  by: role.optional(),
  timeout: waitRuleSchema,
})

const fork = z.strictObject({
  ...base,
  kind: z.literal('fork'),
  /** Fixed arms by name, or one arm walked once for each item: a partner, a vendor of the wedding, a guest. */
  arms: z.array(exitName).min(2).max(TOKENS_MAX).optional(),
  each: z
    .union([z.enum(['partner', 'vendor']), z.strictObject({ guestsOf: z.string().min(1).max(60) })])
    .optional(),
  atOnceMax: z.int().min(1).max(TOKENS_MAX).optional(),
})

const join = z.strictObject({ ...base, kind: z.literal('join'), mode: z.enum(['all', 'first']) })
const goal = z.strictObject({ ...base, kind: z.literal('goal'), for: eventPatternSchema })
const end = z.strictObject({ ...base, kind: z.literal('end') })

export const nodeSchema = z.discriminatedUnion('kind', [
  trigger,
  module_,
  delay,
  await_,
  condition,
  split,
  action,
  approval,
  fork,
  join,
  goal,
  end,
])
export type Node = z.infer<typeof nodeSchema>
export type NodeKind = Node['kind']
export type NodeOf<Kind extends NodeKind> = Extract<Node, { kind: Kind }>

/** `exit` may be left out where a node has only one. */
export const edgeSchema = z.strictObject({ from: nodeId, exit: exitName.optional(), to: nodeId })
export type Edge = z.infer<typeof edgeSchema>

export const reentrySchema = z.union([
  z.enum(['never', 'per_wedding', 'after_finish']),
  z.strictObject({ always: z.strictObject({ distance: amountSchema }) }),
])
export type Reentry = z.infer<typeof reentrySchema>

export const journeySchema = z.strictObject({
  format: z.literal(1),
  name: z.string().min(1).max(200),
  category: z.string().min(1).max(60),
  description: z.string().max(2_000).optional(),
  reentry: reentrySchema,
  nodes: z.array(nodeSchema).min(1).max(NODES_MAX),
  edges: z.array(edgeSchema).max(EDGES_MAX),
  /** Events that end a run early, whatever its tokens do. */
  leaveOn: z
    .array(z.strictObject({ on: eventPatternSchema, as: z.enum(['completed', 'cancelled']) }))
    .max(20)
    .optional(),
  /** A cancelled wedding ends the run unless the journey is about just that. */
  onWeddingCancelled: z.enum(['leave', 'stay']).optional(),
})
export type Journey = z.infer<typeof journeySchema>

/**
 * What the pure core must know of a registered module type. The definition in `modules/<type>/definition.ts`
 * is one of these; so is a custom type registered at run time.
 */
export type ModuleType = {
  readonly type: string
  readonly version: number
  readonly label: string
  /** The first is the way on when all went well, or when the step was left out. */
  readonly exits: readonly [string, ...string[]]
  readonly channel: 'email' | 'sms' | 'webhook' | 'none'
  readonly delivery: 'at_most_once' | 'at_least_once'
  readonly class: 'transactional' | 'relationship' | 'marketing'
  readonly config: z.ZodType
  /** What is wrong with a configuration beyond its shape; located under the node by the caller. */
  readonly check?: (
    config: JsonObject,
    facts: { fields: readonly string[] },
  ) => { code: string; path: string; message: string; severity?: 'error' | 'warning' }[]
  /** A step made of simpler ones, which stand in its place when the journey runs. */
  readonly unfold?: (node: NodeOf<'module'>) => Unfolded
  /** A part of another type: runs, but is nobody's to choose. */
  readonly inner?: true
}

export type TriggerType = {
  readonly type: string
  readonly label: string
  readonly config: z.ZodType
  /** The event type that starts a run; null for a trigger that waits for a date or is started by hand. */
  readonly listensTo: string | null
  /** Whether this event is meant, and in words why not. */
  readonly matches?: (
    config: JsonObject,
    event: { type: string; data: JsonObject },
  ) => { matches: boolean; why: string }
  /** A date trigger is a run that waits on its trigger node by this rule. */
  readonly when?: (config: JsonObject) => z.infer<typeof waitRuleSchema>
}

export type Registry = {
  readonly modules: ReadonlyMap<string, ModuleType> // by `type@version`
  readonly triggers: ReadonlyMap<string, TriggerType>
}
export const moduleKey = (type: string, version: number): string => `${type}@${version}`

/** A journey made ready to run: looked up by node and exit, with its registered types resolved. */
export type Graph = {
  readonly journey: Journey
  readonly trigger: NodeOf<'trigger'>
  readonly triggerType: TriggerType
  readonly goals: readonly NodeOf<'goal'>[]
  node(id: NodeId): Node | undefined
  /** The exits this node has, the ordinary way on first. */
  exits(node: Node): readonly [string, ...string[]] | readonly []
  next(from: NodeId, exit: string): NodeId | null
  moduleType(node: NodeOf<'module'>): ModuleType
}

/** Its author knew more than this program: a newer release published it, and one runs it. */
export class NotKnownHere extends Error {}

export function graphOf(written: Journey, registry: Registry): Graph {
  const journey = unfolded(written, (node) => registry.modules.get(moduleKey(node.type, node.version)))
  const nodes = new Map(journey.nodes.map((node) => [node.id, node]))
  const exitsOf = new Map<NodeId, readonly [string, ...string[]] | readonly []>()
  const moduleType = (node: NodeOf<'module'>): ModuleType => {
    const found = registry.modules.get(moduleKey(node.type, node.version))
    if (!found) throw new NotKnownHere(`module type ${moduleKey(node.type, node.version)} is not registered`)
    return found
  }
  for (const node of journey.nodes) exitsOf.set(node.id, exitsFor(node, moduleType))
  const ways = new Map<NodeId, Map<string, NodeId>>()
  for (const edge of journey.edges) {
    const exit = edge.exit ?? exitsOf.get(edge.from)?.[0] ?? 'next'
    const way = ways.get(edge.from) ?? new Map<string, NodeId>()
    way.set(exit, edge.to)
    ways.set(edge.from, way)
  }
  const trigger = journey.nodes.find((node) => node.kind === 'trigger')
  if (!trigger) throw new Error('a journey without a trigger reached graphOf; check it first')
  const triggerType = registry.triggers.get(trigger.type)
  if (!triggerType) throw new NotKnownHere(`trigger type ${trigger.type} is not registered`)
  return {
    journey,
    trigger,
    triggerType,
    goals: journey.nodes.filter((node) => node.kind === 'goal'),
    node: (id) => nodes.get(id),
    exits: (node) => exitsOf.get(node.id) ?? [],
    next: (from, exit) => ways.get(from)?.get(exit) ?? null,
    moduleType,
  }
}

/** The exits of a node, the ordinary way on first. */
export function exitsFor(
  node: Node,
  moduleType: (node: NodeOf<'module'>) => ModuleType,
): readonly [string, ...string[]] | readonly [] {
  switch (node.kind) {
    case 'trigger':
    case 'join':
      return ['next']
    case 'delay':
      return 'every' in node.wait ? ['again', 'done'] : ['next']
    case 'module': {
      const exits = moduleType(node).exits
      return node.onFailure === 'branch' ? [...exits, 'failed'] : exits
    }
    case 'await':
      return ['happened', 'timeout']
    case 'condition': {
      const exits = node.cases.map((one) => one.exit)
      return [...exits, 'otherwise'] as unknown as [string, ...string[]]
    }
    case 'split':
      return node.arms.map((arm) => arm.exit) as [string, ...string[]]
    case 'action':
      return ['next', 'failed']
    case 'approval':
      return ['approved', 'skipped', 'timeout']
    case 'fork':
      return node.each ? ['each'] : ((node.arms ?? []) as [string, ...string[]])
    case 'goal':
    case 'end':
      return []
  }
}

/** Where the exits of a node lead. */
export function waysFrom(graph: Graph, id: NodeId): NodeId[] {
  const node = graph.node(id)
  const exits: readonly string[] = node ? graph.exits(node) : []
  return exits.map((exit) => graph.next(id, exit)).filter((to) => to !== null)
}
