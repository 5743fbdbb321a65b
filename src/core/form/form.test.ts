import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { details, everything } from '../../../test/fixtures/forms.ts'
import type { LocalDate } from '../time/local.ts'
import { type Answers, answerInWords, inputName, readAnswers, typedFrom } from './answers.ts'
import { type Form, fieldsOf, formSchema } from './form.ts'
import { formProblems } from './problems.ts'

const typed = (given: Record<string, string | string[]>) =>
  Object.fromEntries(Object.entries(given).map(([id, value]) => [`f.${id}`, [value].flat()]))

describe('what is typed becomes answers', () => {
  const read = (given: Record<string, string | string[]>) =>
    readAnswers(everything, typed({ ready: 'Villa', ...given }))

  test.each([
    ['guests', '96', 96],
    ['guests', ' 96 ', 96],
    ['start', '9:05', '09:05'],
    ['start', '14h30', '14:30'],
    ['day', '2028-02-29', '2028-02-29'],
    ['mail', 'mia@example.org', 'mia@example.org'],
    ['contact', '+39 347  555 0123', '+39 347 555 0123'],
    ['light', 'soft', 'soft'],
    ['look', 'no', false],
    ['gentle', 'One\r\ntwo', 'One\ntwo'],
  ])('%s: %s', (field, text, value) => {
    const { answers, errors } = read({ [field]: text })
    expect([answers[field], errors[field]]).toEqual([value, undefined])
  })

  test.each([
    ['guests', 'many', 'This is not a number.'],
    ['guests', '1,200', 'Please write the number without a separator.'],
    ['guests', '2.5', 'Please write a whole number.'],
    ['guests', '501', 'At most 500.'],
    ['day', '2027-02-29', 'This is not a day of the calendar. Write it as 2027-06-12.'],
    ['start', '24:00', 'Write the time as 14:30.'],
    ['mail', 'mia.example.org', 'The @ is missing: an address looks like mia@example.org.'],
    ['mail', 'mia@example', 'This does not look like an email address. Please check it.'],
    ['contact', '555 01', 'Digits are missing: this number has only 5.'],
    ['contact', 'call Chiara', 'A phone number has digits only, and a + in front.'],
    ['light', 'neon', 'Please choose one of these.'],
    ['album.street', 'Via Roma 1', 'The city is missing.'],
    ['family.0.note', 'aunt', 'The name in row 1 is missing.'],
  ])('%s: %s is refused', (input, text, error) => {
    const field = input.split('.')[0]!
    const { answers, errors } = read({ [input]: text })
    expect([answers[field], errors[field]]).toEqual([undefined, error])
  })

  test('a day that becomes their wedding’s is asked about when nobody can have meant it', () => {
    const day = { id: 'day', label: 'Your day', kind: 'date', writesTo: { wedding: 'date' } }
    const form = formSchema.parse({ ...everything, sections: [{ id: 'all', fields: [day] }] })
    const sent = (on: string, today: LocalDate | null) =>
      readAnswers(form, { 'f.day': [on] }, 'whole', today).errors.day
    expect(sent('2172-06-12', '2027-01-05' as LocalDate)).toContain('is the year right?')
    expect(sent('2027-06-12', '2027-01-05' as LocalDate)).toBeUndefined()
    expect(sent('2172-06-12', null)).toBeUndefined()
  })

  test('what is not shown is neither asked nor answered', () => {
    expect(read({ look: 'no', where: 'By the lake' }).answers).not.toHaveProperty('where')
    expect(read({ look: 'yes' }).errors).toEqual({ where: 'Please write something here.' })
    expect(readAnswers(everything, typed({ look: 'yes' }), 'so_far').errors).toEqual({})
  })

  test('answers written back into the inputs give the same answers', () => {
    // Words with what could break out of an attribute.
    const word = fc.stringMatching(/^[a-zà-ü<>&"'{}%]{1,12}$/)
    const people = fc.array(fc.record({ name: word, note: word }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        fc.record({
          ready: word,
          guests: fc.integer({ min: 2, max: 500 }),
          look: fc.constant(false),
          shots: fc.subarray(['family', 'dance', 'cake'], { minLength: 1 }),
          album: fc.record({ street: word, city: word }),
          family: people,
        }),
        (answers) => {
          const again = readAnswers(everything, typedFrom(everything, answers as Answers))
          expect(again.errors).toEqual({})
          expect(again.answers).toEqual(answers)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('nothing anybody types makes it throw, and nothing is taken that no question asked', () => {
    const inputs = fieldsOf(everything).flatMap(({ id }) => [
      inputName(id),
      inputName(id, '0.name'),
      inputName(id, 'street'),
    ])
    const ids = new Set(fieldsOf(everything).map((field) => field.id))
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(fc.constantFrom(...inputs), fc.string()),
          fc.array(fc.string(), { maxLength: 3 }),
        ),
        (given) => {
          for (const id of Object.keys(readAnswers(everything, given).answers)) expect(ids.has(id)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('in words', () => {
    const words = (id: string, value: Answers[string]) =>
      answerInWords(fieldsOf(everything).find((field) => field.id === id)!, value)
    expect(words('guests', 96)).toBe('96 guests')
    expect(words('shots', ['dance', 'gone'])).toBe('The dance, gone')
    expect(
      words('album', { street: 'Via Roma 1', postcode: '50014', city: 'Fiesole', country: 'Italy' }),
    ).toBe('Via Roma 1, 50014 Fiesole, Italy')
  })
})

describe('what keeps a form from being published', () => {
  const withFields = (...fields: object[]): Form =>
    formSchema.parse({ ...details, sections: [{ id: 'one', fields }] })
  const codes = (form: Form) => formProblems(form).map(({ code, path }) => `${code} ${path}`)
  const plain = { id: 'a', kind: 'short_text', label: 'A' }

  test('the shipped examples are whole', () => {
    expect([...formProblems(details), ...formProblems(everything)]).toEqual([])
  })

  test.each([
    ['nothing asked', withFields(), 'no_field /sections'],
    ['no words', withFields({ ...plain, label: ' ' }), 'label_missing /sections/0/fields/0/label'],
    ['one id twice', withFields(plain, plain), 'id_taken /sections/0/fields/1/id'],
    [
      'one option',
      withFields({ id: 'a', kind: 'choice', label: 'A', options: [{ id: 'x', label: 'X' }] }),
      'options_missing /sections/0/fields/0/options',
    ],
    [
      'shown by a later answer',
      withFields({ ...plain, showIf: { fact: 'answers.b', is: 'known' } }, { ...plain, id: 'b' }),
      'condition_unusable /sections/0/fields/0/showIf',
    ],
    [
      'shown by something else than an answer',
      withFields(plain, { ...plain, id: 'b', showIf: { fact: 'client.stage', is: 'known' } }),
      'condition_unusable /sections/0/fields/1/showIf',
    ],
    [
      'a place that does not fit',
      withFields({ ...plain, writesTo: { wedding: 'date' } }),
      'target_unfit /sections/0/fields/0/writesTo',
    ],
    [
      'two for one place',
      withFields({ ...plain, writesTo: { fact: 'x' } }, { ...plain, id: 'b', writesTo: { fact: 'x' } }),
      'target_taken /sections/0/fields/1/writesTo',
    ],
  ])('%s', (_, form, problem) => {
    expect(codes(form)).toContain(problem)
  })
})
