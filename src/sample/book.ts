import { addDays, weekdayOf } from '../core/time/calendar.ts'
import type { LocalDate } from '../core/time/local.ts'

/**
 * Forty couples over a season, told relative to a day: who they are, when they asked, how far they have come. The
 * same day gives the same book.
 */
export type SampleCouple = {
  readonly key: string
  readonly a: string
  readonly b: string
  readonly wedding: LocalDate
  readonly at: `${number}:${number}`
  readonly zone: string
  readonly region: string
  readonly guests: number
  readonly tags: readonly string[]
  /** When they first wrote. */
  readonly asked: LocalDate
  /** They book after some days, are still thinking, are in conversation, or went elsewhere. */
  readonly ways: 'books' | 'silent' | 'talking' | 'lost'
  /** Whether they answer at once, late, or not at all. */
  readonly answers: 'soon' | 'late' | 'never'
  /** When they save the questionnaire half filled, and when they send it; some never do. */
  readonly questionnaire: { readonly saves: LocalDate | null; readonly sends: LocalDate | null }
}

const NAMES =
  'Mia Castellani & Jonas Brandt|Esther Lindqvist & Noah Okafor|Priya Raman & Daniel Whitcombe|Clara Moreau & Tom Ashdown|Sofia Marchetti & Luca Ferri|Hannah Price & Ollie Grant|Amelia Stone & George Hartley|Zoe Papadakis & Nikos Vale|Freya Lindholm & Adam Cole|Beatriz Sousa & Miguel Prata|Olivia Reed & Sam Thornton|Chloe Duval & Antoine Mercier|Grace Adeyemi & Femi Bright|Isla Macrae & Callum Reid|Ruby Chen & Marcus Hall|Eleanor Finch & Hugo Marsh|Maya Singh & Arjun Patel|Lucy Bell & Harriet Lane|Nadia Haddad & Karim Aziz|Rosa Delgado & Iker Molina|Emily Carver & Jack Rowan|Ingrid Solberg & Lars Vik|Tess Morgan & Will Archer|Alice Fontaine & Paul Renard|Molly Keane & Sean Byrne|Yara Costa & Tiago Alves|Harriet Quinn & Ben Osborne|Daisy Wood & Leo Chambers|Anna Weiss & Felix Bauer|Kate Lowell & Joe Mercer|Leila Rahimi & Omar Said|Georgia Pell & Max Hollis|Nora Jensen & Erik Dahl|Pippa Rose & Charlie Nash|Elena Rossi & Marco Villa|Megan Shaw & Rhys Evans|Saskia de Vries & Bram Visser|Jade Wilson & Theo Park|Martha Gray & Edward Knox|Ida Holm & Oskar Berg'.split(
    '|',
  )

const PLACES: readonly { readonly zone: string; readonly region: string }[] = [
  { zone: 'Europe/London', region: 'GB' },
  { zone: 'Europe/London', region: 'GB' },
  { zone: 'Europe/Rome', region: 'IT' },
  { zone: 'Europe/London', region: 'GB' },
  { zone: 'Europe/Lisbon', region: 'PT' },
  { zone: 'Europe/London', region: 'GB' },
  { zone: 'Europe/Paris', region: 'FR' },
  { zone: 'Europe/London', region: 'GB' },
  { zone: 'Europe/Athens', region: 'GR' },
  { zone: 'America/Toronto', region: 'CA' },
]
const CEREMONIES = ['15:00', '13:30', '16:30', '14:00', '12:00'] as const

/** How long before or after today they marry, and how long ago they asked: a season, half of it behind. */
const PAST_WEEKS = [-20, -17, -15, -13, -12, -10, -9, -7, -5, -3, -1]
const COMING_WEEKS = [0, 1, 2, 4, 6, 7, 9, 12, 15, 18, 22, 25, 27, 30, 33, 36, 40, 44, 49, 53]
const INQUIRED_DAYS = [0, 1, 2, 4, 6, 8, 12, 17, 20]
const SATURDAY = 6
/** They write as soon as they have booked, however late that was. */
const BOOKED_AFTER_DAYS = 12
const FAR_DAYS = 210

const NOTHING = { saves: null, sends: null }
/** Some of those whose questionnaire is open today, by the weeks until they marry: everything one can find there. */
const OPEN_QUESTIONNAIRES: {
  readonly [weeks: number]: (today: LocalDate) => SampleCouple['questionnaire']
} = {
  4: (today) => ({ saves: addDays(today, -16), sends: null }),
  6: (today) => ({ saves: addDays(today, -9), sends: addDays(today, -1) }),
  7: (today) => ({ saves: addDays(today, -2), sends: null }),
  9: () => NOTHING,
}

function questionnaireOf(
  { answers }: Pick<SampleCouple, 'answers'>,
  index: number,
  asked: LocalDate,
  wedding: LocalDate,
): SampleCouple['questionnaire'] {
  const from = (days: number): LocalDate => {
    const wanted = addDays(wedding, -days)
    const soonest = addDays(asked, BOOKED_AFTER_DAYS)
    if (soonest > wanted) return soonest
    return wanted
  }
  if (answers === 'soon') return { saves: null, sends: from(72) }
  if (answers === 'late') return { saves: from(70), sends: addDays(from(70), 8) }
  return index % 2 === 0 ? { saves: from(50), sends: null } : NOTHING
}

const saturdayAfter = (day: LocalDate): LocalDate => addDays(day, (SATURDAY - weekdayOf(day) + 7) % 7)

export function sampleBook(today: LocalDate): readonly SampleCouple[] {
  const base = (index: number) => {
    const [a = '', b = ''] = (NAMES[index] ?? '').split(' & ')
    const place = PLACES[index % PLACES.length] ?? PLACES[0]!
    return {
      key: `couple-${index + 1}`,
      a,
      b,
      ...place,
      at: CEREMONIES[index % CEREMONIES.length] ?? '15:00',
      guests: 34 + ((index * 37) % 128),
      tags: [
        ...(place.region === 'GB' ? [] : ['destination']),
        ...(index % 3 === 0 ? ['engagement_session'] : []),
        ...(index % 4 === 1 ? ['marketing_consent'] : []),
      ],
      answers: (['soon', 'soon', 'late', 'soon', 'never'] as const)[index % 5] ?? 'soon',
    }
  }
  let index = -1
  const next = () => {
    index += 1
    return base(index)
  }
  const past = PAST_WEEKS.map((weeks): SampleCouple => {
    const wedding = saturdayAfter(addDays(today, weeks * 7))
    const asked = addDays(wedding, -60 - (index % 4) * 11)
    const one = next()
    return {
      ...one,
      wedding,
      asked,
      ways: 'books',
      questionnaire: questionnaireOf(one, index, asked, wedding),
    }
  })
  const coming = COMING_WEEKS.map((weeks): SampleCouple => {
    const day = saturdayAfter(addDays(today, weeks * 7))
    // Not everybody marries on a Saturday.
    const wedding = weeks % 6 === 0 ? addDays(day, -1) : day
    const ago = Math.min(150, Math.max(24, 130 - weeks * 2 + (index % 5) * 6))
    const asked = addDays(today, -ago)
    const one = next()
    const questionnaire = OPEN_QUESTIONNAIRES[weeks]?.(today) ?? questionnaireOf(one, index, asked, wedding)
    return { ...one, wedding, asked, ways: 'books', questionnaire }
  })
  const asking = INQUIRED_DAYS.map((days): SampleCouple => {
    const ways = (
      ['silent', 'silent', 'talking', 'silent', 'talking', 'silent', 'lost', 'silent', 'lost'] as const
    )[INQUIRED_DAYS.indexOf(days)]
    const wedding = saturdayAfter(addDays(today, FAR_DAYS + ((index * 29) % 180)))
    const asked = addDays(today, -days)
    return { ...next(), wedding, asked, ways: ways ?? 'silent', questionnaire: NOTHING }
  })
  return [...past, ...coming, ...asking]
}

/** One address has a slip of the pen in it: a letter to it is the studio's one dead letter. */
const MISSPELT = 'couple-14'

/** A domain that is reserved and leads nowhere (RFC 2606), whoever would write to it. */
export const addressOf = (name: string, { key }: SampleCouple): string =>
  `${name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z]+/g, '.')}@couples.${key === MISSPELT ? 'exmaple.' : ''}example`
