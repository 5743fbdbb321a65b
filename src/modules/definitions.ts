import type { ModuleType } from '../core/journey/graph.ts'
import { email, richEmail } from './email/definition.ts'
import { form, formLetter } from './form/definition.ts'
import { sms } from './sms/definition.ts'

/** Every module type that comes with the house, in all versions that journeys may be pinned to. */
export const definitions: readonly ModuleType[] = [email, richEmail, form, formLetter, sms]
