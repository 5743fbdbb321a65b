import { expect, test } from 'vitest'
import { everything } from '../../../../test/fixtures/forms.ts'
import { FIELD_KINDS, type Form, fieldsOf, formSchema } from '../../../core/form/form.ts'
import {
  duplicated,
  moved,
  newField,
  nudged,
  withField,
  withoutField,
  withoutSection,
  withSection,
} from './document.ts'

const ids = (form: Form) => form.sections.map((section) => section.fields.map((field) => field.id).join(' '))

test('a question of each kind can be added, under an id of its own', () => {
  const all = FIELD_KINDS.reduce((form, kind) => withField(form, newField(kind, form), null), everything)
  const twice = FIELD_KINDS.reduce((form, kind) => withField(form, newField(kind, form), null), all)
  expect(formSchema.parse(twice)).toEqual(twice)
  const named = fieldsOf(twice).map((field) => field.id)
  expect(new Set(named).size).toBe(named.length)
})

test('it comes behind the chosen one', () => {
  const form = withField(everything, newField('email', everything), 'gentle')
  expect(ids(form)[0]).toBe('ready gentle email mail contact')
})

test('moved up and down, over the border of a part, and never lost', () => {
  expect(ids(nudged(everything, 'gentle', -1))[0]).toBe('gentle ready mail contact')
  const down = nudged(everything, 'contact', 1)
  expect(ids(down).slice(0, 2)).toEqual(['ready gentle mail', 'contact guests day start look where'])
  expect(ids(nudged(down, 'contact', -1))).toEqual(ids(everything))
  expect(nudged(everything, 'ready', -1)).toBe(everything)
  expect(ids(moved(everything, 'ready', { section: 2, field: 99 }))[2]).toBe('light shots album family ready')
})

test('a copy asks the same and writes nowhere', () => {
  const { form, id } = duplicated(everything, 'mail')
  const copy = fieldsOf(form).find((field) => field.id === id)
  expect(copy).toMatchObject({ id: 'mail_2', kind: 'email', label: 'Where do we send the pictures?' })
  expect(copy).not.toHaveProperty('writesTo')
})

test('a part that is taken away leaves its questions', () => {
  expect(ids(withoutSection(everything, 1))).toEqual([
    'ready gentle mail contact guests day start look where',
    'light shots album family',
  ])
  expect(fieldsOf(withoutSection(everything, 0)).length).toBe(fieldsOf(everything).length)
  expect(withSection(everything).sections.length).toBe(4)
  expect(ids(withoutField(everything, 'day'))[1]).toBe('guests start look where')
})
