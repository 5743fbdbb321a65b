import type { Brand } from '../../core/brand.ts'
import { escapeHtml } from '../../core/merge.ts'
import { addressOf } from './address.ts'
import { type Block, type Document, type Inline, type List, type Mark, templateOf } from './document.ts'

/**
 * A document and a brand as a layout (MJML) and as plain text. Words of people are not in it: each stands as a
 * numbered place, filled in by `fillHtml` and `fillText`. So one document has one layout, whoever it is written to,
 * and what is put into a place is escaped for that place by one function.
 */
export type Slot =
  /** One line: a field, the subject. */
  | { readonly is: 'words'; readonly template: string }
  /** Paragraphs: a block written by hand. */
  | { readonly is: 'lines'; readonly template: string }
  | { readonly is: 'url'; readonly template: string; readonly for: 'link' | 'button' }
  /** The address at which this person says what they want to hear. */
  | { readonly is: 'preferences' }
export type Laid = {
  readonly mjml: string
  readonly text: string
  readonly slots: readonly Slot[]
  /** Addresses that lead nowhere good: the letter cannot be sent like this. */
  readonly broken: readonly string[]
}
export type LetterFrame = {
  readonly language: string
  readonly vendorName: string
  readonly brand: Brand
  readonly logoUrl: string | null
  readonly subject: string
  readonly preheader: string | null
  /** Whether it ends with the way out. */
  readonly preferences: boolean
}

const FACES = {
  serif: "Georgia, 'Times New Roman', serif",
  sans: "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
} as const
const INK = '#2b2723'
const QUIET = '#6d665e'
const LINE = '#d9d2c7'
const PAPER = '#f6f2ea'
const LOGO_WIDTH_MAX = 180
const LOGO_HEIGHT_MAX = 72

const PARAGRAPH = 'margin:0 0 16px'
const HEADINGS = {
  1: 'margin:8px 0 14px;font-size:26px;line-height:34px;font-weight:600',
  2: 'margin:8px 0 12px;font-size:21px;line-height:28px;font-weight:600',
  3: 'margin:4px 0 8px;font-size:17px;line-height:26px;font-weight:700',
} as const

// Clients that know dark get ours; the others keep the light one. A logo stands on a plate, since most are dark.
const DARK = `
body, body > div { background-color: #171412 !important }
.sheet, .sheet > table { background-color: #211d1a !important }
.ink div, .ink p, .ink h1, .ink h2, .ink h3, .ink li { color: #ece6dc !important }
.ink a { color: #ece6dc !important }
.quiet div, .quiet a { color: #b3aaa0 !important }
.rule p { border-top-color: #4a433c !important }
.plate img { background-color: #ffffff !important; padding: 6px !important; border-radius: 4px !important }`

type Writing = { readonly slots: Slot[]; readonly broken: string[]; readonly accent: string }

export function layOut(document: Document, frame: LetterFrame): Laid {
  const to: Writing = { slots: [], broken: [], accent: frame.brand.accent }
  const subject = place(to, { is: 'words', template: frame.subject })
  const preheader = frame.preheader === null ? null : place(to, { is: 'words', template: frame.preheader })
  const parts = document.content.map((one) => write(to, one))
  const signature = frame.brand.signature.split('\n').map((line) => line.trim())
  const signed = frame.brand.signature === '' ? null : signature
  const address = frame.brand.postalAddress.replace(/\s*\n\s*/g, ', ')
  const preferences = frame.preferences ? place(to, { is: 'preferences' }) : null
  return {
    mjml: mjmlOf(frame, { subject, preheader, parts, signed, address, preferences }),
    text: textOf(frame, { parts, signed, address, preferences }),
    slots: to.slots,
    broken: to.broken,
  }
}

/** One block in both forms. */
type Part = { readonly mjml: string; readonly kind: 'text' | 'other'; readonly text: string }

function place(to: Writing, slot: Slot): string {
  to.slots.push(slot)
  return `\ue000${to.slots.length - 1}\ue001`
}

function link(to: Writing, url: string, target: 'link' | 'button'): string {
  if (url.includes('{')) return place(to, { is: 'url', template: url, for: target })
  const address = addressOf(url, target)
  if (address === null) to.broken.push(url)
  return address ?? ''
}

function write(to: Writing, one: Block): Part {
  switch (one.type) {
    case 'paragraph': {
      const { html, text } = inline(to, one.content ?? [])
      return { kind: 'text', mjml: html === '' ? '' : `<p dir="auto" style="${PARAGRAPH}">${html}</p>`, text }
    }
    case 'heading': {
      const { html, text } = inline(to, one.content ?? [])
      const name = `h${one.attrs.level}`
      return {
        kind: 'text',
        mjml: html === '' ? '' : `<${name} dir="auto" style="${HEADINGS[one.attrs.level]}">${html}</${name}>`,
        text,
      }
    }
    case 'bulletList':
    case 'orderedList': {
      const { html, text } = list(to, one, '')
      return { kind: 'text', mjml: html, text: text.join('\n') }
    }
    case 'horizontalRule':
      return {
        kind: 'other',
        mjml: `<mj-divider css-class="rule" border-width="1px" border-color="${LINE}" padding="8px 32px 24px" />`,
        text: '* * *',
      }
    case 'button': {
      const href = link(to, one.attrs.url, 'button')
      return {
        kind: 'other',
        mjml:
          `<mj-button href="${escapeHtml(href)}" align="left" background-color="${to.accent}" color="#ffffff" ` +
          `border-radius="4px" inner-padding="13px 26px" padding="4px 32px 24px" font-size="16px" line-height="22px">${escapeHtml(one.attrs.label)}</mj-button>`,
        text: `${one.attrs.label}:\n${href}`,
      }
    }
    case 'image': {
      const src = addressOf(one.attrs.src, 'button')
      if (src === null) to.broken.push(one.attrs.src)
      const width = one.attrs.width === undefined ? '' : ` width="${one.attrs.width}px"`
      return {
        kind: 'other',
        mjml: `<mj-image src="${escapeHtml(src ?? '')}" alt="${escapeHtml(one.attrs.alt)}"${width} align="left" padding="4px 32px 20px" border-radius="3px" />`,
        text: one.attrs.alt === '' ? '' : `[${one.attrs.alt}]`,
      }
    }
    case 'liquid': {
      const lines = place(to, { is: 'lines', template: one.attrs.text })
      return { kind: 'text', mjml: lines, text: lines }
    }
  }
}

function list(to: Writing, one: List, indent: string): { html: string; text: string[] } {
  const text: string[] = []
  const start = one.type === 'orderedList' ? (one.attrs?.start ?? 1) : 1
  const items = one.content.map((item, index) => {
    const sign = one.type === 'orderedList' ? `${start + index}. ` : '- '
    const html = item.content.map((part, inner) => {
      if (part.type !== 'paragraph') {
        const nested = list(to, part, `${indent}  `)
        text.push(...nested.text)
        return nested.html
      }
      const said = inline(to, part.content ?? [])
      text.push(`${indent}${inner === 0 ? sign : ' '.repeat(sign.length)}${said.text}`)
      return inner === 0 ? said.html : `<br>${said.html}`
    })
    return `<li dir="auto" style="margin:0 0 6px">${html.join('')}</li>`
  })
  const margin = indent === '' ? 'margin:0 0 16px' : 'margin:6px 0 0'
  const name = one.type === 'orderedList' ? 'ol' : 'ul'
  const from = name === 'ol' && start !== 1 ? ` start="${start}"` : ''
  return { html: `<${name}${from} style="${margin};padding:0 0 0 24px">${items.join('')}</${name}>`, text }
}

function inline(to: Writing, content: readonly Inline[]): { html: string; text: string } {
  let html = ''
  let text = ''
  for (const one of content) {
    if (one.type === 'hardBreak') {
      html += '<br>'
      text += '\n'
      continue
    }
    const said = one.type === 'text' ? one.text : place(to, { is: 'words', template: templateOf(one.attrs) })
    const marked = withMarks(to, one.marks ?? [], one.type === 'text' ? escapeHtml(said) : said)
    html += marked.html
    text +=
      marked.href === null || marked.href === said
        ? said
        : `${said} (${marked.href.replace(/^(mailto|tel):/, '')})`
  }
  return { html: html.trim(), text: text.trim() }
}

function withMarks(
  to: Writing,
  marks: readonly Mark[],
  inner: string,
): { html: string; href: string | null } {
  let html = inner
  let href: string | null = null
  for (const mark of marks) {
    if (mark.type === 'bold') html = `<strong>${html}</strong>`
    else if (mark.type === 'italic') html = `<em>${html}</em>`
    else {
      href = link(to, mark.attrs.href, 'link')
      html = `<a href="${escapeHtml(href)}" style="color:${to.accent};text-decoration:underline">${html}</a>`
    }
  }
  return { html, href }
}

type Pieces = {
  readonly subject: string
  readonly preheader: string | null
  readonly parts: readonly Part[]
  readonly signed: readonly string[] | null
  readonly address: string
  readonly preferences: string | null
}

function mjmlOf(
  frame: LetterFrame,
  { subject, preheader, parts, signed, address, preferences }: Pieces,
): string {
  const { brand, vendorName } = frame
  const face = FACES[brand.font]
  const out: string[] = []
  let run = ''
  const close = (): void => {
    if (run !== '') out.push(`<mj-text css-class="ink">${run}</mj-text>`)
    run = ''
  }
  for (const part of parts) {
    if (part.kind === 'text') run += part.mjml
    else {
      close()
      out.push(part.mjml)
    }
  }
  if (signed) run += `<p dir="auto" style="margin:8px 0 16px">${signed.map(escapeHtml).join('<br>')}</p>`
  close()
  const foot = [
    escapeHtml(vendorName),
    ...(address === '' ? [] : [escapeHtml(address)]),
    ...(preferences === null
      ? []
      : [
          `<a href="${preferences}" style="color:${QUIET};text-decoration:underline">Unsubscribe or choose what you receive</a>`,
        ]),
  ]
  return `<mjml lang="${escapeHtml(frame.language)}" dir="auto"><mj-head><mj-title>${subject}</mj-title>${
    preheader === null ? '' : `<mj-preview>${preheader}</mj-preview>`
  }<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw><mj-attributes><mj-all font-family="${face}" /><mj-text font-size="17px" line-height="27px" color="${INK}" padding="0 32px" /></mj-attributes><mj-style>:root { color-scheme: light dark } @media (prefers-color-scheme: dark) {${DARK} }</mj-style></mj-head><mj-body background-color="${PAPER}"><mj-section padding="24px 0 0" /><mj-section background-color="#ffffff" css-class="sheet" padding="32px 0 16px" border-radius="6px"><mj-column>${logoOf(frame)}${out.join('')}</mj-column></mj-section><mj-section padding="0 0 24px"><mj-column><mj-text css-class="quiet" font-size="13px" line-height="20px" color="${QUIET}" padding="20px 32px">${foot.join('<br>')}</mj-text></mj-column></mj-section></mj-body></mjml>`
}

function logoOf({ brand: { logo }, logoUrl, vendorName }: LetterFrame): string {
  if (logo === null || logoUrl === null) return ''
  const scale = Math.min(1, LOGO_WIDTH_MAX / logo.width, LOGO_HEIGHT_MAX / logo.height)
  const width = Math.max(1, Math.round(logo.width * scale))
  return `<mj-image css-class="plate" src="${escapeHtml(logoUrl)}" alt="${escapeHtml(vendorName)}" width="${width}px" align="left" padding="0 32px 24px" />`
}

function textOf(
  frame: LetterFrame,
  { parts, signed, address, preferences }: Omit<Pieces, 'subject' | 'preheader'>,
): string {
  const foot = [
    '-- ',
    frame.vendorName,
    ...(address === '' ? [] : [address]),
    ...(preferences === null ? [] : [`Unsubscribe or choose what you receive: ${preferences}`]),
  ]
  const said = parts.map((part) => part.text).filter((text) => text !== '')
  return `${[...said, ...(signed ? [signed.join('\n')] : []), foot.join('\n')].join('\n\n')}\n`
}

/** What stands in each place: filled in, and for an address also judged. */
export type Filled = readonly string[]

const SLOT = /\ue000(\d+)\ue001/g

export const fillHtml = (html: string, slots: readonly Slot[], values: Filled): string =>
  html.replace(SLOT, (_, index: string) => {
    const value = values[Number(index)] ?? ''
    return slots[Number(index)]?.is === 'lines' ? paragraphs(value) : escapeHtml(value)
  })

export const fillText = (text: string, values: Filled): string =>
  text.replace(SLOT, (_, index: string) => values[Number(index)] ?? '')

const paragraphs = (text: string): string =>
  partsOf(text)
    .map((one) => `<p dir="auto" style="${PARAGRAPH}">${escapeHtml(one).replaceAll('\n', '<br>')}</p>`)
    .join('')

/** Paragraphs are set apart by blank lines; a single line break stays one. */
export const partsOf = (text: string): string[] =>
  text
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
