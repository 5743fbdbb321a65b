import { html, type Markup } from '../../public/html.ts'
import { isObject, mapOf, optionsOf, patternOf, type Schema, typeWords, withoutNull } from './schema.ts'
import { isSame, joined, type Place, type Shared } from './shared.ts'

/** Fields of what is sent, and the shape of what is answered. */
type Part = Markup | string

export type Naming = {
  readonly name: string
  readonly schema: Schema
  readonly required: boolean
  readonly place: Place
}

/** A field with its type, its bounds, whether it must be there, its words, and what is in it. */
export function field(shared: Shared, { name, schema, required, place }: Naming): Markup {
  const { one, nullable } = withoutNull(schema)
  const inner = inside(shared, one, place)
  const pattern = patternOf(one)
  return html`<li><p><code>${name}</code> <span>${typeWords(one)}${nullable ? ' or null' : ''}</span>${
    required ? html` <b>required</b>` : ''
  }${schema.default === undefined ? '' : html`<span>, else <code>${JSON.stringify(schema.default)}</code></span>`}</p>${
    schema.description ? html`<p>${coded(schema.description)}</p>` : ''
  }${choices(one)}${pattern === null ? '' : html`<p><span>like <code>${pattern}</code></span></p>`}${inner}</li>`
}

export const fieldsOf = (shared: Shared, schema: Schema, place: Place): Markup => {
  const home = elsewhere(shared, schema, place)
  if (home) return html`<ul class="f"><li><p>${home}</p></li></ul>`
  const required = new Set(schema.required ?? [])
  return html`<ul class="f">${Object.entries(schema.properties ?? {}).map(([name, one]) =>
    field(shared, { name, schema: one, required: required.has(name), place: at(place, name) }),
  )}</ul>`
}

const at = (place: Place, key: string): Place => ({ ...place, path: joined(place.path, key) })
const within = (place: Place): Place => ({ ...place, path: `${place.path}[]` })

function choices(schema: Schema): Markup | string {
  const values = schema.enum ?? schema.items?.enum ?? (schema.items && withoutNull(schema.items).one.enum)
  return values ? html`<p class="e">${values.map((value) => html`<code>${String(value)}</code> `)}</p>` : ''
}

/** What is in an object, in the items of a list, in the values of a map, or in each of several kinds. */
function inside(shared: Shared, schema: Schema, place: Place): Markup | string {
  if (schema.type === 'array' && schema.items) {
    const { one } = withoutNull(schema.items)
    return isObject(one) ? inside(shared, one, within(place)) : ''
  }
  const map = mapOf(schema)
  if (map) return isObject(map) ? inside(shared, withoutNull(map).one, at(place, '*')) : ''
  const options = optionsOf(schema).filter(isObject)
  if (options.length > 0) {
    const home = elsewhere(shared, schema, place)
    if (home) return html`<p>${home}</p>`
    return html`<ul class="o">${options.map((option) => html`<li>${fieldsOf(shared, option, place)}</li>`)}</ul>`
  }
  return schema.properties ? fieldsOf(shared, schema, place) : ''
}

/** Told somewhere else on the page. */
function elsewhere(shared: Shared, schema: Schema, place: Place): Markup | null {
  const home = shared.homeOf(schema)
  if (!home || isSame(home, place)) return null
  const told = html`<a href="#${home.op}">${home.op}</a>`
  const where = home.path && html`<code>${home.path}</code> in `
  return home.part === 'body' ? html`as ${where}the body of ${told}` : html`as ${where}${told}`
}

/** Words in backticks are code. */
export const coded = (text: string): Part[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))

const STEP = '  '
/** The answer as it is written, with types where values will be. */
export const answerShape = (shared: Shared, schema: Schema, op: string): Markup =>
  html`<pre class="s">${shape(shared, schema, { op, part: 'answer', path: '' }, '')}</pre>`

function shape(shared: Shared, schema: Schema, place: Place, indent: string): Markup {
  const { one, nullable } = withoutNull(schema)
  const orNull = nullable ? ' or null' : ''
  if (one.type === 'array' && one.items)
    return html`[${shape(shared, one.items, within(place), indent)}]${orNull}`
  const map = mapOf(one)
  if (map) return html`{ <i>name</i>: ${shape(shared, map, at(place, '*'), indent)} }${orNull}`
  if (isObject(one)) {
    const home = elsewhere(shared, one, place)
    if (home) return html`{ ${home} }${orNull}`
    const options = optionsOf(one)
    if (options.length > 0)
      return html`${options.map((option, i) => html`${i > 0 ? ' or ' : ''}${shape(shared, option, place, indent)}`)}${orNull}`
    return html`{\n${Object.entries(one.properties ?? {}).map(([name, inner]) => line(shared, name, inner, at(place, name), indent + STEP))}${indent}}${orNull}`
  }
  return html`<i>${one.enum ? one.enum.map((value) => String(value)).join(' | ') : typeWords(one)}${orNull}</i>`
}

const line = (shared: Shared, name: string, schema: Schema, place: Place, indent: string): Markup =>
  html`${schema.description ? html`${indent}<em>${schema.description}</em>\n` : ''}${indent}${name}: ${shape(shared, schema, place, indent)}\n`
