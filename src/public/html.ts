import { escapeHtml } from '../core/merge.ts'

/** Markup: what is put into it is words and is escaped, unless it is markup itself. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Part = Markup | readonly Part[] | string | number | null | false

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, i) => text + (i < parts.length ? written(parts[i]!) : '')).join(''))

function written(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return part.map(written).join('')
}

/** An attribute that is there or is not. */
export const on = (name: string, is: unknown): Markup => new Markup(is ? ` ${name}` : '')
export const attribute = (name: string, value: string | number | null | undefined): Markup =>
  value === null || value === undefined
    ? new Markup('')
    : new Markup(` ${name}="${escapeHtml(String(value))}"`)

/** Line breaks of people stay line breaks. */
export const lines = (text: string): Markup[] =>
  text.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br>${line}`))
