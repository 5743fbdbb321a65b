import { z } from 'zod'
import { LANGUAGE, parseRegion, REGION } from '../core/names.ts'
import { parseZone } from '../core/time/zone.ts'

/** Places and languages as one writes them: the same for a program, a person and a sheet of couples. */
export const language = z.string().regex(LANGUAGE, 'a language such as en or pt-BR')
export const region = z
  .string()
  .regex(REGION, 'a country, or a part of one, such as IT or GB-SCT')
  .refine((code) => parseRegion(code) === code, 'There is no such country. Name one such as IT or GB-SCT.')
/** A zone that the clocks here know: with any other, no time of a couple could be told. */
export const zoneName = z
  .string()
  .min(1)
  .max(60)
  .refine((name) => parseZone(name) !== null, 'There is no such zone. Name one such as Europe/Rome.')
