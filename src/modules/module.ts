import type { z } from 'zod'
import type { JsonObject } from '../core/ids.ts'
import type { ModuleType } from '../core/journey/graph.ts'

export type ConfigProblem = {
  readonly code: string
  readonly path: string
  readonly message: string
  /** A warning does not stop a journey from being published. */
  readonly severity?: 'error' | 'warning'
}
export type CheckFacts = { readonly fields: readonly string[] }

/** A module type that remembers the type of its configuration, for its own check and its runner. */
export type ModuleOf<Config extends z.ZodType> = Omit<ModuleType, 'config'> & { readonly config: Config }
export type ConfigOf<Module> = Module extends ModuleOf<infer Config> ? z.infer<Config> : never

/** What a step can do, written down: pure, loaded by server and browser alike. */
export function defineModule<Config extends z.ZodType>(
  definition: Omit<ModuleType, 'config' | 'check'> & {
    readonly config: Config
    /** Problems beyond the shape; `facts.fields` are known to have a value wherever the step stands. */
    readonly check?: (config: z.infer<Config>, facts: CheckFacts) => ConfigProblem[]
  },
): ModuleOf<Config> {
  const { check, ...rest } = definition
  if (!check) return rest
  return {
    ...rest,
    // A configuration of the wrong shape is told by its schema; there is nothing to add here.
    check: (config: JsonObject, facts: CheckFacts) => {
      const parsed = rest.config.safeParse(config)
      return parsed.success ? check(parsed.data, facts) : []
    },
  }
}
