import {
  type Field,
  type FieldKind,
  type Form,
  fieldsOf,
  KIND_NAMES,
  type Section,
} from '../../../core/form/form.ts'

/** What the builder does to a form: pure, each step giving the next document. */
export type Place = { readonly section: number; readonly field: number }

export const placeOf = (form: Form, id: string): Place | null => {
  for (const [section, { fields }] of form.sections.entries()) {
    const field = fields.findIndex((one) => one.id === id)
    if (field !== -1) return { section, field }
  }
  return null
}
export const fieldOf = (form: Form, id: string | null): Field | null =>
  fieldsOf(form).find((field) => field.id === id) ?? null

const freeId = (wanted: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}_${number}`)) return `${wanted}_${number}`
}

/** A new question of this kind, ready to be worded. */
export function newField(kind: FieldKind, form: Form): Field {
  const id = freeId(kind, new Set(fieldsOf(form).map((field) => field.id)))
  const base = { id, label: '' }
  if (kind === 'choice' || kind === 'choices')
    return {
      ...base,
      kind,
      options: [
        { id: 'first', label: '' },
        { id: 'second', label: '' },
      ],
    }
  return { ...base, kind } as Field
}

const inSection = (form: Form, at: number, change: (section: Section) => Section): Form => ({
  ...form,
  sections: form.sections.map((section, index) => (index === at ? change(section) : section)),
})

/** Behind the chosen question, else at the end. */
export function withField(form: Form, field: Field, after: string | null): Form {
  const place = after === null ? null : placeOf(form, after)
  const section = place?.section ?? form.sections.length - 1
  if (section < 0) return withField(withSection(form), field, null)
  return inSection(form, section, (one) => ({
    ...one,
    fields: one.fields.toSpliced(place ? place.field + 1 : one.fields.length, 0, field),
  }))
}

export function changedField(form: Form, id: string, change: (field: Field) => Field): Form {
  const place = placeOf(form, id)
  if (!place) return form
  return inSection(form, place.section, (one) => ({
    ...one,
    fields: one.fields.map((field) => (field.id === id ? change(field) : field)),
  }))
}

export function withoutField(form: Form, id: string): Form {
  return {
    ...form,
    sections: form.sections.map((section) => ({
      ...section,
      fields: section.fields.filter((field) => field.id !== id),
    })),
  }
}

/** A copy below it, under an id of its own; what it writes to stays the first one's. */
export function duplicated(form: Form, id: string): { readonly form: Form; readonly id: string } {
  const field = fieldOf(form, id)
  if (!field) return { form, id }
  const { writesTo: _, ...rest } = field
  const copy = { ...rest, id: freeId(field.id, new Set(fieldsOf(form).map((one) => one.id))) } as Field
  return { form: withField(form, copy, id), id: copy.id }
}

/** One place up or down, over the border of a section too. */
export function nudged(form: Form, id: string, by: 1 | -1): Form {
  const place = placeOf(form, id)
  if (!place) return form
  const { fields } = form.sections[place.section]!
  const to = place.field + by
  if (to >= 0 && to < fields.length) return moved(form, id, { section: place.section, field: to })
  const section = place.section + by
  const next = form.sections[section]
  return next ? moved(form, id, { section, field: by === 1 ? 0 : next.fields.length }) : form
}

/** To a place as it is counted without the question itself. */
export function moved(form: Form, id: string, to: Place): Form {
  const field = fieldOf(form, id)
  if (!field) return form
  return inSection(withoutField(form, id), to.section, (section) => ({
    ...section,
    fields: section.fields.toSpliced(Math.min(to.field, section.fields.length), 0, field),
  }))
}

export function withSection(form: Form): Form {
  const id = freeId('section', new Set(form.sections.map((section) => section.id)))
  return { ...form, sections: [...form.sections, { id, title: '', fields: [] }] }
}
export const changedSection = (form: Form, at: number, change: (section: Section) => Section): Form =>
  inSection(form, at, change)

/** Its questions go to the section before it; the only one stays. */
export function withoutSection(form: Form, at: number): Form {
  if (form.sections.length < 2) return form
  const gone = form.sections[at]
  if (!gone) return form
  const rest = form.sections.toSpliced(at, 1)
  return inSection({ ...form, sections: rest }, Math.max(0, at - 1), (section) => ({
    ...section,
    fields: at === 0 ? [...gone.fields, ...section.fields] : [...section.fields, ...gone.fields],
  }))
}

/** What a question is called where it has no words yet. */
export const nameOf = (field: Field): string =>
  field.label.trim() || `New ${KIND_NAMES[field.kind].toLowerCase()}`

/** Questions that stand before this one: only their answers are known when it is shown. */
export function before(form: Form, id: string): Field[] {
  const all = fieldsOf(form)
  return all.slice(
    0,
    all.findIndex((field) => field.id === id),
  )
}

/** Text of a field that may be left out. */
export const orNothing = <Key extends string>(key: Key, text: string): Partial<Record<Key, string>> =>
  text === '' ? {} : ({ [key]: text } as Record<Key, string>)
