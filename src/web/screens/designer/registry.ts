import type { Registry } from '../../../core/journey/graph.ts'
import { definitions } from '../../../modules/definitions.ts'
import { registryOf } from '../../../modules/registry.ts'
import { triggerTypes } from '../../../triggers/definitions.ts'

/** The types the house brings along; they are the very ones the server judges by. */
export const registry: Registry = registryOf(definitions, triggerTypes)
