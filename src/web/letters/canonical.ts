import type { Json, JsonObject } from '../../core/ids.ts'

/** What the editor holds, as the schema of a letter reads it: allowed attributes only, and nothing that is empty. */
const ATTRIBUTES: { readonly [type: string]: readonly string[] } = {
  heading: ['level'],
  orderedList: ['start'],
  field: ['name', 'fallback'],
  button: ['label', 'url'],
  image: ['src', 'alt', 'width'],
  liquid: ['text'],
  link: ['href'],
}

type Node = {
  readonly type?: string | undefined
  readonly text?: string | undefined
  readonly attrs?: Readonly<Record<string, unknown>> | undefined
  readonly marks?: readonly Node[] | undefined
  readonly content?: readonly Node[] | undefined
}

export function canonical(node: Node): JsonObject {
  const type = node.type ?? ''
  const attrs = Object.fromEntries(
    (ATTRIBUTES[type] ?? [])
      .map((name): [string, unknown] => [name, node.attrs?.[name]])
      .filter(([name, value]) => value !== undefined && (value !== null || name === 'fallback')),
  )
  const content = node.content?.map(canonical) ?? []
  const marks = node.marks?.map(canonical) ?? []
  return {
    type,
    ...(node.text === undefined ? {} : { text: node.text }),
    ...(Object.keys(attrs).length > 0 ? { attrs: attrs as { [name: string]: Json } } : {}),
    ...(marks.length > 0 ? { marks } : {}),
    ...(content.length > 0 ? { content } : {}),
  }
}
