import type { JsonObject } from '../ids.ts'

/** Of a couple, what other journeys listen to: whoever changes it, they hear of it. */
export type Heeded = { readonly stage: string; readonly tags: readonly string[] }
export type TraitNews = {
  /** The same change has the same name. */
  readonly name: string
  readonly type: 'stage_changed' | 'tag_changed'
  readonly data: JsonObject
}

/** The events of such a change; what stays as it was is no event. */
export function traitNews(before: Heeded, after: Heeded): readonly TraitNews[] {
  const tagNews = (tag: string, added: boolean): TraitNews => ({
    name: `${added ? '+' : '-'}${tag}`,
    type: 'tag_changed',
    data: { tag, added },
  })
  return [
    ...(after.stage === before.stage
      ? []
      : [
          {
            name: 'stage',
            type: 'stage_changed' as const,
            data: { from: before.stage, to: after.stage },
          },
        ]),
    ...after.tags.filter((tag) => !before.tags.includes(tag)).map((tag) => tagNews(tag, true)),
    ...before.tags.filter((tag) => !after.tags.includes(tag)).map((tag) => tagNews(tag, false)),
  ]
}
