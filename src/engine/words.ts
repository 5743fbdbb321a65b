import type { Json, JsonObject } from '../core/ids.ts'
import { dayInWords } from '../core/merge-fields.ts'
import type { View } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import { daysToWedding, weddingDayOf } from '../core/wedding/priority.ts'
import { type Document, documentOf, documentSchema, liquidOf } from '../modules/email/document.ts'

/** The sealed document of a person's row. */
export type PersonDocument = {
  readonly name: string
  readonly firstName: string
  readonly email: string | null
  readonly phone: string | null
}

/** As lists and pages show somebody whose key was destroyed. */
export const ERASED: PersonDocument = { name: 'erased', firstName: 'erased', email: null, phone: null }

/** What a text may mention, by merge field. An unknown value is left out, so that its fallback or a person speaks. */
export function wordsFor(
  view: View,
  vendor: { readonly name: string; readonly links: { readonly [name: string]: string } },
  people: ReadonlyMap<string, PersonDocument | null>,
  now: Instant,
): JsonObject {
  const zone = view.wedding?.zone ?? view.vendor.zone
  const day = weddingDayOf(view.anchors, zone)
  const daysLeft = daysToWedding(now, view.anchors, zone)
  const a = people.get('partner_a')
  const b = people.get('partner_b')
  return {
    client: {
      ...(a ? { partner_a: { first_name: a.firstName } } : {}),
      ...(b ? { partner_b: { first_name: b.firstName } } : {}),
      ...(a ? { names: b ? `${a.firstName} & ${b.firstName}` : a.firstName } : {}),
      fields: view.client.fields as JsonObject,
    },
    wedding: {
      ...(day ? { date: dayInWords(day, view.client.language) } : {}),
      ...(daysLeft !== null && daysLeft >= 0 ? { days_left: String(daysLeft) } : {}),
    },
    vendor: { name: vendor.name },
    links: vendor.links,
    answers: view.answers as { readonly [form: string]: Json },
  }
}

/** Late messages told inside a later one: their paragraphs follow its own, in the form that it has. */
export function withMerged(config: JsonObject, merged: readonly JsonObject[]): JsonObject {
  const more = merged.map((one) => one.body ?? null).filter((body) => body !== null)
  if (more.length === 0) return config
  const own = documentSchema.safeParse(config.body)
  if (own.success) {
    const content = [own.data, ...more.map(documentIn)].flatMap((one) => one?.content ?? [])
    return { ...config, body: { ...own.data, content } as unknown as Json }
  }
  const bodies = [config.body, ...more.map(textIn)].filter((body) => typeof body === 'string')
  return bodies.length > 1 ? { ...config, body: bodies.join('\n\n') } : config
}

function documentIn(body: Json): Document | null {
  if (typeof body === 'string') return documentOf(body)
  const read = documentSchema.safeParse(body)
  return read.success ? read.data : null
}

const textIn = (body: Json): string | null => {
  if (typeof body === 'string') return body
  const read = documentSchema.safeParse(body)
  return read.success ? liquidOf(read.data) : null
}
