import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** A number as it is dialled from anywhere; what was written for people at home is read with the business's country. */
export function phoneOf(text: string, region: string | undefined): Phone | null {
  const country = region?.slice(0, 2).toUpperCase() ?? ''
  const read = parsePhoneNumberFromString(
    text,
    isSupportedCountry(country) ? (country as CountryCode) : undefined,
  )
  // Possible, not allocated: lists of numbers that exist are old the day after.
  if (!read?.isPossible()) return null
  const possible = read.country ?? read.getPossibleCountries()[0] ?? null
  return { e164: read.number, country: possible, dear: DEAR.has(read.getType() ?? '') }
}
export type Phone = {
  readonly e164: string
  readonly country: string | null
  /** Costs more than a call: nobody's couple has such a number. */
  readonly dear: boolean
}
const DEAR = new Set(['PREMIUM_RATE', 'SHARED_COST', 'UAN', 'PAGER'])

/** Where couples of most businesses live, and where texts are not sold on: beside the business's own country. */
const USUAL = 'AT AU BE CA CH CZ DE DK ES FI FR GB GR HU IE IT LU NL NO NZ PL PT SE US'.split(' ')

export const mayText = (phone: Phone, region: string | undefined, countries: readonly string[]): boolean => {
  const allowed = countries.length > 0 ? countries : [...USUAL, region?.slice(0, 2).toUpperCase() ?? '']
  return !phone.dear && phone.country !== null && allowed.includes(phone.country)
}

/** What somebody means who answers with one word. Everything else is for a person to read. */
export function wordOf(body: string): 'stop' | 'start' | 'help' | null {
  const word = body
    .trim()
    .toUpperCase()
    .replace(/[\s.!,]+$/, '')
  if (/^(STOP|STOPALL|STOP ALL|UNSUBSCRIBE|CANCEL|END|QUIT|REVOKE|OPTOUT|OPT OUT)$/.test(word)) return 'stop'
  if (/^(START|UNSTOP|YES)$/.test(word)) return 'start'
  return /^(HELP|INFO)$/.test(word) ? 'help' : null
}
