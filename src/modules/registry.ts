import { z } from 'zod'
import type { JsonObject } from '../core/ids.ts'
import {
  EXITS_MAX,
  type ModuleType,
  moduleKey,
  type Registry,
  type TriggerType,
} from '../core/journey/graph.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'

/**
 * The module and trigger types there are. A snapshot never changes, so that a turn in progress keeps the types it
 * began with; registering gives a new one. A version, once registered, means the same for ever (I7).
 */
export type LiveRegistry = {
  current(): Registry
  /** Adds a module type or a new version of one. Refuses what is malformed, and other content under an old version. */
  register(type: ModuleType): Registry
  /** What a vendor can choose from: each type by its newest version. */
  discover(): readonly Discovered[]
}

export type Discovered = {
  readonly type: string
  readonly label: string
  readonly version: number
  readonly versions: readonly number[]
  readonly exits: readonly string[]
  readonly channel: ModuleType['channel']
  readonly class: ModuleType['class']
  readonly delivery: ModuleType['delivery']
  /** The configuration as JSON Schema, for forms and for those who write journeys by hand. */
  readonly config: JsonObject
}

export function liveRegistry(modules: readonly ModuleType[], triggers: readonly TriggerType[]): LiveRegistry {
  let current = registryOf(modules, triggers)
  return {
    current: () => current,
    register(type) {
      current = { ...current, modules: withModule(current.modules, type) }
      return current
    },
    discover: () => discovered(current),
  }
}

/** One registry of these lists; refuses doubles and malformed types, all named. */
export function registryOf(modules: readonly ModuleType[], triggers: readonly TriggerType[]): Registry {
  let known: Registry['modules'] = new Map()
  for (const type of modules) known = withModule(known, type)
  const byName = new Map(triggers.map((trigger) => [trigger.type, trigger]))
  if (byName.size < triggers.length) throw new Refusal('conflict', 'Two trigger types have the same name.')
  return { modules: known, triggers: byName }
}

function withModule(known: Registry['modules'], type: ModuleType): Registry['modules'] {
  const problems = moduleProblems(type)
  if (problems.length > 0) {
    throw new Refusal('invalid', `Module type "${type.type}" cannot be registered.`, {}, problems)
  }
  const key = moduleKey(type.type, type.version)
  const there = known.get(key)
  if (there === type) return known
  if (there) {
    throw new Refusal('conflict', `${key} is registered already; a change needs a new version.`, {
      module: key,
    })
  }
  return new Map([...known, [key, type]])
}

/** What is wrong with a module type as such. */
export function moduleProblems(type: ModuleType): Problem[] {
  const problems: Problem[] = []
  const need = (holds: boolean, path: string, message: string): void => {
    if (!holds) problems.push({ code: 'module_type_malformed', severity: 'error', path, message })
  }
  const exits: readonly string[] = type.exits
  need(
    /^[a-z][a-z0-9_-]{0,59}$/.test(type.type),
    '/type',
    'A name of small letters, digits, - and _ (at most 60).',
  )
  need(Number.isInteger(type.version) && type.version >= 1, '/version', 'Versions are counted from 1.')
  need(type.version <= 10_000, '/version', 'At most version 10,000.')
  need(type.label.trim() !== '' && type.label.length <= 80, '/label', 'A label of at most 80 characters.')
  // One exit stays free for `failed`, which a node may add to any module type.
  need(exits.length >= 1 && exits.length < EXITS_MAX, '/exits', `Between 1 and ${EXITS_MAX - 1} exits.`)
  need(new Set(exits).size === exits.length, '/exits', 'Each exit has a name of its own.')
  need(
    exits.every((exit) => /^[a-z0-9][a-z0-9_]{0,39}$/.test(exit)),
    '/exits',
    'Exit names of small letters and _.',
  )
  need(!exits.includes('failed'), '/exits', '"failed" is the exit a node adds by its failure policy.')
  need(
    schemaOf(type) !== null,
    '/config',
    'The configuration must be an object that JSON Schema can describe.',
  )
  return problems
}

/** What is wrong with a configuration of a registered type: its shape first, then what the type itself checks. */
export function configProblems(
  type: ModuleType,
  config: JsonObject,
  facts: { readonly fields: readonly string[] },
): Problem[] {
  const parsed = type.config.safeParse(config)
  if (parsed.success) {
    return (type.check?.(config, facts) ?? []).map((problem) => ({ severity: 'error', ...problem }))
  }
  return parsed.error.issues.map((issue) => ({
    code: 'config_malformed',
    severity: 'error',
    path: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.message,
  }))
}

function schemaOf(type: ModuleType): JsonObject | null {
  try {
    const schema = z.toJSONSchema(type.config, { io: 'input' }) as JsonObject
    return schema.type === 'object' ? schema : null
  } catch {
    return null
  }
}

function discovered({ modules }: Registry): Discovered[] {
  const byType = Map.groupBy(
    [...modules.values()].filter((module) => !module.inner),
    (module) => module.type,
  )
  return [...byType.values()].map((all) => {
    const versions = all.map((module) => module.version).sort((a, b) => b - a)
    const newest = all.find((module) => module.version === versions[0])
    if (!newest) throw new Error('a registered type has at least one version')
    const { type, label, version, exits, channel, delivery } = newest
    return {
      type,
      label,
      version,
      versions,
      exits,
      channel,
      delivery,
      class: newest.class,
      config: schemaOf(newest) ?? {},
    }
  })
}
