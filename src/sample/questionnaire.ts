import { inputName, type Typed } from '../core/form/answers.ts'
import { type Field, type FieldKind, type Form, formSchema } from '../core/form/form.ts'
import type { SampleCouple } from './book.ts'

/** What the sample studio asks its couples before their day, and what each of them answers. */
type Question<Kind extends FieldKind> = Omit<Extract<Field, { kind: Kind }>, 'id' | 'kind' | 'label'>
const ask = <Kind extends FieldKind>(id: string, kind: Kind, label: string, more: Question<Kind>) => ({
  id,
  kind,
  label,
  ...more,
})
const needed = { required: true }

export const QUESTIONNAIRE = { name: 'Wedding questionnaire', key: 'wedding-questionnaire' }

export const questionnaire: Form = formSchema.parse({
  format: 1,
  title: 'Your day, hour by hour',
  intro:
    'Twenty minutes, best with a glass of something. Write what you know today, save it, and come back for the rest.',
  layout: 'steps',
  changeable: true,
  sendLabel: 'Send our answers',
  thanks: {
    title: 'Thank you, that is everything we need.',
    text: 'We write your timeline from it and go through it with you on the phone, four weeks before the day.',
  },
  sections: [
    {
      id: 'morning',
      title: 'The morning',
      fields: [
        ask('ready_at', 'address', 'Where do you get ready?', needed),
        ask('ready_from', 'time', 'From when may we come?', {
          help: 'Hair and make-up, half done, is the best moment.',
        }),
        ask('same_house', 'yes_no', 'Do you both get ready in this house?', {}),
        ask('other_house', 'short_text', 'Where is the other one of you?', {
          ...needed,
          placeholder: 'The Old Rectory, five minutes away',
          showIf: { fact: 'answers.same_house', is: 'equal', value: false },
        }),
        ask('phone', 'phone', 'Which number do we ring on the day?', {
          ...needed,
          help: 'Of somebody who picks up. It may be one of you.',
          writesTo: { fact: 'day_phone' },
        }),
      ],
    },
    {
      id: 'day',
      title: 'Ceremony and party',
      fields: [
        ask('starts', 'time', 'When does the ceremony begin?', { ...needed, writesTo: { wedding: 'time' } }),
        ask('guests', 'number', 'How many of you will there be?', {
          whole: true,
          min: 2,
          max: 600,
          unit: 'guests',
          writesTo: { wedding: 'guests' },
        }),
        ask('party', 'short_text', 'Where do you celebrate?', {}),
        ask('first_look', 'yes_no', 'Would you like to see each other before the ceremony?', {
          help: 'A quiet quarter of an hour for the two of you, and for us the calmest pictures of the day.',
          writesTo: { fact: 'first_look' },
        }),
        ask('first_look_at', 'short_text', 'And where?', {
          help: 'A garden, a corridor, a corner. It has to be quiet, not grand.',
          showIf: { fact: 'answers.first_look', is: 'equal', value: true },
        }),
      ],
    },
    {
      id: 'people',
      title: 'People',
      fields: [
        ask('overview', 'people', 'Who has the overview?', {
          help: 'So that nobody has to ask the two of you.',
          atMost: 3,
          noteLabel: 'Who they are',
          withPhone: true,
        }),
        ask('family', 'people', 'Who must be in the family pictures?', {
          atMost: 10,
          noteLabel: 'Relation',
        }),
        ask('second_mail', 'email', 'A second address for our letters', {
          help: 'Then both of you get them.',
          writesTo: { person: 'partner_b', part: 'email' },
        }),
      ],
    },
    {
      id: 'pictures',
      title: 'The pictures',
      fields: [
        ask('style', 'choice', 'How should they feel?', {
          options: [
            { id: 'quiet', label: 'Quiet: we watch, you forget us' },
            { id: 'bright', label: 'Bright: colour, movement, a good deal of dancing' },
            { id: 'classic', label: 'Classic: calm portraits, black and white' },
          ],
          writesTo: { fact: 'picture_style' },
        }),
        ask('shots', 'choices', 'What must not be missing?', {
          options: [
            { id: 'speeches', label: 'The speeches' },
            { id: 'details', label: 'Dress, rings, flowers' },
            { id: 'cake', label: 'The cake' },
            { id: 'dance', label: 'The first dance' },
            { id: 'sparklers', label: 'Something in the dark' },
          ],
        }),
        ask('gentle', 'long_text', 'Is there anything we should be gentle about?', {
          help: 'Somebody who is missed, parents who would rather not stand side by side. Only we read this.',
          placeholder: 'You need not say why',
        }),
      ],
    },
  ],
})

/** Houses of the reserved kind: streets that sound right and lead nowhere. */
const HOUSES: { readonly [region: string]: readonly (readonly [string, string, string, string, string])[] } =
  {
    GB: [
      ['3 Orchard Lane', 'GL54 0XX', 'Lower Swell', 'The tithe barn behind the church', 'The walled garden'],
      ['Coldwater House', 'BA2 0XX', 'Wellow', 'A marquee in the paddock', 'Under the copper beech'],
      ['17 Harbour Row', 'TR26 0XX', 'St Ives', 'The sail loft above the harbour', 'The slipway at low tide'],
      ['The Old Rectory', 'SY8 0XX', 'Ludlow', 'The assembly rooms', 'The landing by the big window'],
      ['Mill Cottage', 'TN17 0XX', 'Cranbrook', 'The oast house', 'The bridge over the stream'],
    ],
    IT: [['Via delle Querce 8', '53024', 'Montalcino', 'La tinaia, below the house', 'The olive grove']],
    PT: [['Rua do Moinho 21', '2710-000', 'Sintra', 'The quinta’s upper terrace', 'The camellia walk']],
    FR: [['4 chemin des Lavandes', '84220', 'Gordes', 'The courtyard of the bastide', 'The dovecote']],
    GR: [['Odos Anemon 5', '846 00', 'Tinos', 'The yard of the taverna', 'The steps to the chapel']],
    CA: [['58 Maple Ridge Road', 'L0L 0A0', 'Creemore', 'The brick mill', 'The orchard fence']],
  }
const OVERSEERS = [
  ['Imogen Hale', 'Maid of honour'],
  ['Toby Ridge', 'Best man'],
  ['Aunt Rosalind', 'Knows everybody'],
  ['Petra Novak', 'Planner on the day'],
] as const
const FAMILY = [
  ['Grandmother Ada', 'Would rather sit'],
  ['Helen and Peter', 'Parents'],
  ['Great-aunt Dot', 'Came from Canada for it'],
  ['The cousins', 'All nine of them'],
  ['Robin', 'Brother'],
] as const
const GENTLE = [
  '',
  'Two chairs in the front row stay empty on purpose. Please do not tidy them away.',
  '',
  'The parents are divorced and friendly. One picture with both is fine, if it is quick.',
  '',
  'A shy ring bearer of four. Bribes are in my pocket.',
]
const STYLES = ['quiet', 'bright', 'classic', 'quiet'] as const
const SHOTS = [
  ['speeches', 'dance'],
  ['details', 'speeches', 'sparklers'],
  ['cake', 'dance'],
  ['speeches'],
] as const
const HALF_AN_HOUR_MIN = 30

/** As they type it, into the whole page or into its first half. The same couple always answers the same. */
export function typedBy(couple: SampleCouple, index: number, second: string): Typed {
  const of = <One>(list: readonly One[], by = index): One => list[by % list.length]!
  const [street, postcode, city, party, corner] = of(HOUSES[couple.region] ?? HOUSES.GB!)
  const [overseer, role] = of(OVERSEERS)
  const relatives = [of(FAMILY), of(FAMILY, index + 1), of(FAMILY, index + 3)]
  const apart = index % 3 === 2
  const firstLook = index % 4 !== 3
  const typed: { readonly [input: string]: string | readonly string[] } = {
    [inputName('ready_at', 'street')]: street,
    [inputName('ready_at', 'postcode')]: postcode,
    [inputName('ready_at', 'city')]: city,
    [inputName('ready_from')]: of(['09:00', '09:30', '10:15']),
    [inputName('same_house')]: apart ? 'no' : 'yes',
    ...(apart && { [inputName('other_house')]: of(['With the groomsmen at the inn', 'Her sister’s flat']) }),
    [inputName('phone')]: `+44 7700 900${100 + index}`,
    [inputName('starts')]: index % 6 === 3 ? halfAnHourLater(couple.at) : couple.at,
    [inputName('guests')]: String(couple.guests + (index % 3 === 0 ? 6 : 0)),
    [inputName('party')]: party,
    [inputName('first_look')]: firstLook ? 'yes' : 'no',
    ...(firstLook && { [inputName('first_look_at')]: corner }),
    [inputName('overview', '0.name')]: overseer,
    [inputName('overview', '0.note')]: role,
    [inputName('overview', '0.phone')]: `+44 7700 900${300 + index}`,
    ...Object.fromEntries(
      relatives.flatMap(([name, note], row) => [
        [inputName('family', `${row}.name`), name],
        [inputName('family', `${row}.note`), note],
      ]),
    ),
    ...(index % 4 === 0 && { [inputName('second_mail')]: second }),
    [inputName('style')]: of(STYLES),
    [inputName('shots')]: of(SHOTS),
    [inputName('gentle')]: of(GENTLE),
  }
  return Object.fromEntries(Object.entries(typed).map(([input, text]) => [input, [text].flat()]))
}

/** Who saves it to come back has got as far as the party. */
const FIRST_HALF = new Set(
  questionnaire.sections.slice(0, 2).flatMap(({ fields }) => fields.map(({ id }) => id)),
)
const NOT_YET = new Set(['guests', 'first_look', 'first_look_at'])
export const halfOf = (typed: Typed): Typed =>
  Object.fromEntries(
    Object.entries(typed).filter(([input]) => {
      const field = input.split('.')[1] ?? ''
      return FIRST_HALF.has(field) && !NOT_YET.has(field)
    }),
  )

function halfAnHourLater(at: string): string {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  const minutes = hour * 60 + minute + HALF_AN_HOUR_MIN
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
