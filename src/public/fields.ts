import type { Answers } from '../core/form/answers.ts'
import { ADDRESS_PARTS, inputName, isShown, PEOPLE_AT_MOST, type Typed } from '../core/form/answers.ts'
import type { Field, FieldOf } from '../core/form/form.ts'
import { attribute, html, lines, type Markup, on } from './html.ts'

/** A question with its inputs, its help, and what is wrong with its answer, as any browser can show it. */
export type Asked = {
  readonly typed: Typed
  readonly errors: { readonly [field: string]: string }
  /** What is answered so far, by which questions are shown. */
  readonly answers: Answers
}

export function question(field: Field, asked: Asked): Markup {
  const error = asked.errors[field.id]
  const group = !ONE_INPUT.has(field.kind)
  const described = [field.help ? `h.${field.id}` : '', error ? `e.${field.id}` : '']
    .filter(Boolean)
    .join(' ')
  const words = html`<span class="number" aria-hidden="true"></span><span class="words">${field.label}${
    field.required ? html`<span class="visually-hidden"> (needed)</span>` : ''
  }</span>${field.required ? '' : html`<span class="optional">if you like</span>`}`
  const inside = html`${field.help ? html`<p class="help" id="h.${field.id}">${lines(field.help)}</p>` : ''}${inputs(
    field,
    asked,
    described,
  )}${
    error
      ? html`<p class="error" id="e.${field.id}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m21.7 18-8-14a2 2 0 0 0-3.4 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.7-3M12 9v4M12 17h.01"/></svg>${error}</p>`
      : ''
  }`
  const shell = html` id="q.${field.id}" data-field="${field.id}" data-kind="${field.kind}"${
    field.showIf ? attribute('data-show', JSON.stringify(field.showIf)) : ''
  }${on('hidden', !isShown(field, asked.answers))}`
  return group
    ? html`<fieldset class="question${error ? ' wrong' : ''}"${shell}${attribute('aria-describedby', described || null)}><legend class="head">${words}</legend><div class="in">${inside}</div></fieldset>`
    : html`<div class="question${error ? ' wrong' : ''}"${shell}><label class="head" for="${inputName(field.id)}">${words}</label><div class="in">${inside}</div></div>`
}

const ONE_INPUT: ReadonlySet<Field['kind']> = new Set([
  'short_text',
  'long_text',
  'email',
  'phone',
  'number',
  'date',
  'time',
])

const PLAIN_TYPES = {
  short_text: { type: 'text', mode: null, complete: null },
  email: { type: 'email', mode: 'email', complete: 'email' },
  phone: { type: 'tel', mode: 'tel', complete: 'tel' },
  number: { type: 'text', mode: 'decimal', complete: null },
  date: { type: 'date', mode: null, complete: null },
  time: { type: 'time', mode: null, complete: null },
} as const

const LENGTH_MAX = { short_text: 500, long_text: 5_000, email: 254, phone: 40, number: 20, date: 10, time: 8 }

function inputs(field: Field, { typed, errors }: Asked, described: string): Markup {
  const name = inputName(field.id)
  const value = typed[name]?.[0] ?? ''
  const shared = html`${attribute('aria-describedby', described || null)}${
    errors[field.id] ? html` aria-invalid="true"` : ''
  }${field.required ? html` aria-required="true"` : ''}`
  switch (field.kind) {
    case 'long_text':
      return html`<textarea class="input" id="${name}" name="${name}" rows="3" maxlength="${LENGTH_MAX.long_text}"${attribute('placeholder', field.placeholder)}${shared}>${value}</textarea>`
    case 'choice':
      return options(
        field.options.map(({ id, label }) => option('radio', name, id, label, value === id)),
        field.options.length,
      )
    case 'choices': {
      const chosen = new Set(typed[name])
      return options(
        field.options.map(({ id, label }) => option('checkbox', name, id, label, chosen.has(id))),
        field.options.length,
      )
    }
    case 'yes_no':
      return options(
        [
          option('radio', name, 'yes', 'Yes', value === 'yes'),
          option('radio', name, 'no', 'No', value === 'no'),
        ],
        2,
      )
    case 'address':
      return html`<div class="address">${ADDRESS_PARTS.map((part) => {
        const own = inputName(field.id, part)
        const { label, complete } = ADDRESS_WORDS[part]
        return html`<label class="${part}"><span class="label">${label}</span><input class="input" name="${own}" value="${typed[own]?.[0] ?? ''}" autocomplete="${complete}" maxlength="200"${errors[field.id] ? html` aria-invalid="true"` : ''}></label>`
      })}</div>`
    case 'people':
      return people(field, typed, errors[field.id] !== undefined)
    default: {
      const { type, mode, complete } = PLAIN_TYPES[field.kind]
      const placeholder = 'placeholder' in field ? field.placeholder : undefined
      const input = html`<input class="input ${field.kind}" type="${type}" id="${name}" name="${name}" value="${value}" maxlength="${LENGTH_MAX[field.kind]}"${attribute('inputmode', mode)}${attribute('autocomplete', complete ?? 'off')}${attribute('placeholder', placeholder)}${bounds(field)}${shared}>`
      return field.kind === 'number' && field.unit
        ? html`<span class="with-unit">${input}<span>${field.unit}</span></span>`
        : input
    }
  }
}

const ADDRESS_WORDS = {
  street: { label: 'Street and number', complete: 'street-address' },
  postcode: { label: 'Postcode', complete: 'postal-code' },
  city: { label: 'City', complete: 'address-level2' },
  country: { label: 'Country', complete: 'country-name' },
} as const

const bounds = (field: Field): Markup =>
  field.kind === 'date' ? html`${attribute('min', field.earliest)}${attribute('max', field.latest)}` : html``

const SHORT_LISTS_MAX = 3
const options = (all: readonly Markup[], count: number): Markup =>
  html`<div class="options${count <= SHORT_LISTS_MAX ? ' side-by-side' : ''}">${all}</div>`

const option = (
  type: 'radio' | 'checkbox',
  name: string,
  id: string,
  label: string,
  checked: boolean,
): Markup =>
  html`<label class="option"><input type="${type}" name="${name}" value="${id}"${on('checked', checked)}><span>${label}</span></label>`

const BLANK_ROWS = 3

/** Rows for those who are named and some more; a script hides the blank ones until they are asked for. */
function people(field: FieldOf<'people'>, typed: Typed, wrong: boolean): Markup {
  const most = field.atMost ?? PEOPLE_AT_MOST
  const part = (row: number, name: string): string => typed[inputName(field.id, `${row}.${name}`)]?.[0] ?? ''
  let filled = 0
  for (let row = 0; row < most; row++)
    if (part(row, 'name') || part(row, 'note') || part(row, 'phone')) filled = row + 1
  const rows = Math.min(most, Math.max(BLANK_ROWS, filled + BLANK_ROWS))
  const cell = (row: number, name: string, label: string, type = 'text'): Markup =>
    html`<label><span class="label">${label}</span><input class="input" type="${type}" name="${inputName(field.id, `${row}.${name}`)}" value="${part(row, name)}" maxlength="200" autocomplete="off"${wrong ? html` aria-invalid="true"` : ''}></label>`
  return html`<div class="people" data-most="${most}">${Array.from(
    { length: rows },
    (_, row) =>
      html`<div class="person" role="group" aria-label="Person ${row + 1}"${on('data-filled', row < filled)}>${cell(row, 'name', 'Name')}${
        field.noteLabel ? cell(row, 'note', field.noteLabel) : ''
      }${field.withPhone ? cell(row, 'phone', 'Phone', 'tel') : ''}</div>`,
  )}<button type="button" class="more" hidden>Name another person</button></div>`
}
