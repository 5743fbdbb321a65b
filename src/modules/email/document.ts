import { z } from 'zod'

/**
 * A letter as it is written: the document of the editor, with the nodes named here and no others. What stands in it is
 * text, never markup and never a template; a couple's words come in by `field` nodes only. `liquid` is the one block in
 * which somebody may write conditions by hand, as in the first version of this module type.
 */
export const BLOCKS_MAX = 200
export const DOCUMENT_CHARS_MAX = 20_000
const TEXT_CHARS_MAX = 5_000
const URL_CHARS_MAX = 2_000

// Private-use characters mark the places of words while a letter is laid out; control characters mean nothing in one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNPRINTABLE = /^[^\u0000-\u001f\u007f\u0085\u2028\u2029\ue000-\uf8ff]*$/
const plain = (max: number) => z.string().max(max).regex(UNPRINTABLE, 'no control characters')
const url = plain(URL_CHARS_MAX).min(1)

const mark = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bold') }),
  z.strictObject({ type: z.literal('italic') }),
  z.strictObject({ type: z.literal('link'), attrs: z.strictObject({ href: url }) }),
])
const marks = z.array(mark).max(3).optional()
const inline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: plain(TEXT_CHARS_MAX).min(1), marks }),
  z.strictObject({ type: z.literal('hardBreak'), marks }),
  z.strictObject({
    type: z.literal('field'),
    attrs: z.strictObject({ name: plain(200).min(1), fallback: plain(200).nullable() }),
    marks,
  }),
])
const words = z.array(inline).max(500).optional()

const paragraph = z.strictObject({ type: z.literal('paragraph'), content: words })
const heading = z.strictObject({
  type: z.literal('heading'),
  attrs: z.strictObject({ level: z.union([z.literal(1), z.literal(2), z.literal(3)]) }),
  content: words,
})

// Lists nest twice, written out: a document is never deeper than its schema.
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('bulletList'), content: z.array(item).min(1).max(100) }),
    z.strictObject({
      type: z.literal('orderedList'),
      attrs: z.strictObject({ start: z.int().min(0).max(1_000) }).optional(),
      content: z.array(item).min(1).max(100),
    }),
  ])
const itemOf = <Inside extends z.ZodType>(inside: Inside) =>
  z.strictObject({ type: z.literal('listItem'), content: z.array(inside).min(1).max(20) })
const innerList = listOf(itemOf(paragraph))
const list = listOf(itemOf(z.union([paragraph, innerList])))

const block = z.union([
  paragraph,
  heading,
  list,
  z.strictObject({ type: z.literal('horizontalRule') }),
  z.strictObject({
    type: z.literal('button'),
    attrs: z.strictObject({ label: plain(80).min(1), url }),
  }),
  z.strictObject({
    type: z.literal('image'),
    attrs: z.strictObject({ src: url, alt: plain(300), width: z.int().min(16).max(600).optional() }),
  }),
  z.strictObject({
    type: z.literal('liquid'),
    attrs: z.strictObject({ text: z.string().min(1).max(DOCUMENT_CHARS_MAX) }),
  }),
])

export const documentSchema = z
  .strictObject({ type: z.literal('doc'), content: z.array(block).min(1).max(BLOCKS_MAX) })
  .refine((document) => charsOf(document) <= DOCUMENT_CHARS_MAX, {
    error: `A letter has at most ${DOCUMENT_CHARS_MAX} characters.`,
  })

export type Document = z.infer<typeof documentSchema>
export type Block = Document['content'][number]
export type Inline = z.infer<typeof inline>
export type Mark = z.infer<typeof mark>
export type List = z.infer<typeof list> | z.infer<typeof innerList>

/** Everything of a document that is more than layout, in reading order, with the place a problem is told at. */
export type Found =
  | { readonly is: 'text'; readonly at: string; readonly text: string }
  | { readonly is: 'field'; readonly at: string; readonly name: string; readonly fallback: string | null }
  | { readonly is: 'link' | 'button'; readonly at: string; readonly url: string }
  | { readonly is: 'label'; readonly at: string; readonly text: string }
  | { readonly is: 'image'; readonly at: string; readonly url: string; readonly alt: string }
  | { readonly is: 'liquid'; readonly at: string; readonly text: string }

export function* foundIn(document: Document): Generator<Found> {
  for (const [index, one] of document.content.entries()) yield* foundInBlock(one, `/content/${index}`)
}

function* foundInBlock(one: Block | List, at: string): Generator<Found> {
  switch (one.type) {
    case 'paragraph':
    case 'heading':
      return yield* foundInWords(one.content ?? [], at)
    case 'bulletList':
    case 'orderedList':
      for (const [index, item] of one.content.entries())
        for (const [inner, part] of item.content.entries())
          yield* foundInBlock(part as Block, `${at}/content/${index}/content/${inner}`)
      return
    case 'button':
      yield { is: 'label', at, text: one.attrs.label }
      return yield { is: 'button', at, url: one.attrs.url }
    case 'image':
      return yield { is: 'image', at, url: one.attrs.src, alt: one.attrs.alt }
    case 'liquid':
      return yield { is: 'liquid', at, text: one.attrs.text }
    case 'horizontalRule':
      return
  }
}

function* foundInWords(content: readonly Inline[], above: string): Generator<Found> {
  for (const [index, one] of content.entries()) {
    const at = `${above}/content/${index}`
    for (const link of one.marks ?? [])
      if (link.type === 'link') yield { is: 'link', at, url: link.attrs.href }
    if (one.type === 'text') yield { is: 'text', at, text: one.text }
    else if (one.type === 'field') yield { is: 'field', at, ...one.attrs }
  }
}

function charsOf(document: { readonly content: readonly unknown[] }): number {
  let chars = 0
  for (const one of foundIn(document as Document))
    chars += 'text' in one ? one.text.length : 'url' in one ? one.url.length : one.name.length
  return chars
}

/** A field as Liquid writes it: the engine that fills it in is the same everywhere. */
export const templateOf = ({ name, fallback }: { name: string; fallback: string | null }): string =>
  fallback === null || fallback.trim() === ''
    ? `{{ ${name} }}`
    : `{{ ${name} | default: ${quoted(fallback)} }}`

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, '$1')

const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`
const FIELD = String.raw`-?\s*([A-Za-z_][\w.-]*)\s*(?:\|\s*default:\s*(${QUOTED})\s*)?-?\}\}`
const SIMPLE = new RegExp(String.raw`\{\{${FIELD}`, 'g')
/** What is more than simple fields, and so can only stay as it is written. */
const MORE = new RegExp(String.raw`\{%|\{\{(?!${FIELD})`)

/** Text with simple fields as the editor holds it; whatever is more than that stays text. */
export function wordsOf(text: string): Inline[] {
  const found: Inline[] = []
  const say = (part: string): void => {
    const lines = part.split('\n')
    for (const [index, line] of lines.entries()) {
      if (index > 0) found.push({ type: 'hardBreak' })
      if (line !== '') found.push({ type: 'text', text: line })
    }
  }
  let from = 0
  for (const match of text.matchAll(SIMPLE)) {
    say(text.slice(from, match.index))
    found.push({
      type: 'field',
      attrs: { name: match[1] ?? '', fallback: match[2] === undefined ? null : unquoted(match[2]) },
    })
    from = match.index + match[0].length
  }
  say(text.slice(from))
  return found
}

/** Conditions that open and close within one paragraph; what else a template can say may reach over several. */
const BRANCHES = /\{%-?\s*(if|unless|case|elsif|else|when|end(?:if|unless|case))\b(?:[^%]|%(?!\}))*%\}/g
function isClosed(part: string): boolean {
  let depth = 0
  for (const [, word = ''] of part.matchAll(BRANCHES)) {
    if (word.startsWith('end')) depth -= 1
    else if (!/^(els|when)/.test(word)) depth += 1
    if (depth < 0) return false
  }
  return depth === 0 && !part.replace(BRANCHES, '').includes('{%')
}

/** The words of the first version of this type as a document: fields become fields, conditions stay as they are. */
export function documentOf(body: string): Document {
  const text = body.replace(/\r\n?/g, '\n')
  const parts = text
    .split(/\n[^\S\n]*\n\s*/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const content = parts.every(isClosed)
    ? parts.map((part) =>
        MORE.test(part)
          ? ({ type: 'liquid', attrs: { text: part } } as const)
          : ({ type: 'paragraph', content: wordsOf(part) } as const),
      )
    : [{ type: 'liquid', attrs: { text } } as const]
  return { type: 'doc', content: content.length > 0 ? [...content] : [{ type: 'paragraph' }] }
}

/** The same with the one button that a letter of the first version may have. */
export function letterOf(
  body: string,
  button: { readonly label: string; readonly url: string } | null,
): Document {
  const { type, content } = documentOf(body)
  const isWhole = button !== null && button.label !== '' && button.url !== ''
  return { type, content: isWhole ? [...content, { type: 'button', attrs: button }] : content }
}

/** A document as the text of the first version: for a late letter that is told inside an older kind of step. */
export function liquidOf(document: Document): string {
  return document.content
    .map(blockAsLiquid)
    .filter((part) => part !== '')
    .join('\n\n')
}

function blockAsLiquid(one: Block | List): string {
  switch (one.type) {
    case 'paragraph':
    case 'heading':
      return (one.content ?? []).map(inlineAsLiquid).join('')
    case 'bulletList':
    case 'orderedList':
      return one.content
        .map((item) => `- ${item.content.map((part) => blockAsLiquid(part as Block)).join('\n')}`)
        .join('\n')
    case 'button':
      return `${one.attrs.label}: ${one.attrs.url}`
    case 'liquid':
      return one.attrs.text
    case 'image':
    case 'horizontalRule':
      return ''
  }
}

function inlineAsLiquid(one: Inline): string {
  if (one.type === 'hardBreak') return '\n'
  return one.type === 'text' ? one.text : templateOf(one.attrs)
}
