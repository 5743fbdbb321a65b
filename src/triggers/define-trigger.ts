import type { z } from 'zod'
import type { JsonObject } from '../core/ids.ts'
import type { TriggerType } from '../core/journey/graph.ts'
import type { WaitRule } from '../core/wedding/wait-rule.ts'

export type Match = { readonly matches: boolean; readonly why: string }
export const yes = (why: string): Match => ({ matches: true, why })
export const no = (why: string): Match => ({ matches: false, why })

type Definition<Config extends z.ZodType> = {
  readonly type: string
  readonly label: string
  readonly config: Config
  readonly listensTo: string | null
  readonly matches?: (config: z.infer<Config>, data: JsonObject) => Match
  readonly when?: (config: z.infer<Config>) => WaitRule
}

/**
 * A trigger written against its own configuration's type. The engine hands over plain JSON: it is read by the
 * schema here, so that defaults hold and a definition never meets a shape it did not name.
 */
export function defineTrigger<Config extends z.ZodType>(definition: Definition<Config>): TriggerType {
  const { type, label, config, listensTo, matches, when } = definition
  return {
    type,
    label,
    config,
    listensTo,
    ...(listensTo !== null && {
      matches: (raw: JsonObject, event: { type: string; data: JsonObject }): Match => {
        if (event.type !== listensTo) return no(`The event is "${event.type}", not "${listensTo}".`)
        return matches?.(config.parse(raw), event.data) ?? yes('Every such event is meant.')
      },
    }),
    ...(when && { when: (raw: JsonObject) => when(config.parse(raw)) }),
  }
}

/** Whether a text of the event is the one that is asked for; any will do when none is. */
export function only(what: string, asked: string | undefined, data: JsonObject, key: string): Match {
  if (asked === undefined) return yes(`Any ${what} is meant.`)
  const had = data[key]
  if (had === asked) return yes(`The ${what} is "${asked}".`)
  return no(
    typeof had === 'string'
      ? `The ${what} is "${had}"; this journey waits for "${asked}".`
      : `The event names no ${what}; this journey waits for "${asked}".`,
  )
}
