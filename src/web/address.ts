import { isDay } from '../ui/month.ts'

/** What stands after the ? of an address, and is anybody's to write: only what a room knows comes in. */
type Given = { readonly [name: string]: unknown }
const TEXT_MAX = 2_000

export function text<Name extends string>(given: Given, name: Name): { [N in Name]?: string } {
  return textThat(() => true, given, name)
}

/** What does not come in is said to be undefined: left unsaid, the router would hand it on as it was written. */
const only = <Name extends string, Value>(given: Given, name: Name, value: Value | undefined) =>
  (name in given ? { [name]: value } : {}) as { [N in Name]?: Value }

/** Only what `fits`: nothing that a room would have to show and cannot. */
export function textThat<Name extends string>(
  fits: (text: string) => boolean,
  given: Given,
  name: Name,
): { [N in Name]?: string } {
  const value = given[name]
  const isText = typeof value === 'string' && value !== '' && value.length <= TEXT_MAX
  return only(given, name, isText && fits(value) ? value : undefined)
}

export const aDay = <Name extends string>(given: Given, name: Name) => textThat(isDay, given, name)
/** An hour such as 14:30, or none on purpose. */
export const anHour = <Name extends string>(given: Given, name: Name) =>
  textThat((value) => /^(([01]\d|2[0-3]):[0-5]\d|-)$/.test(value), given, name)
export const aZone = <Name extends string>(given: Given, name: Name) => textThat(isZone, given, name)
/** The name of a date: wedding, due:balance, custom:rehearsal. */
export const aDateName = <Name extends string>(given: Given, name: Name) =>
  textThat((value) => /^[a-z][a-z0-9_]*(:[a-z0-9_-]+)?$/.test(value), given, name)

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== null
  } catch {
    return false
  }
}

export function yes<Name extends string>(given: Given, name: Name): { [N in Name]?: true } {
  return only(given, name, String(given[name]) === 'true' ? (true as const) : undefined)
}

export function oneOf<Name extends string, Value extends string>(
  given: Given,
  name: Name,
  known: readonly Value[],
): { [N in Name]?: Value } {
  return only(
    given,
    name,
    known.find((one) => one === given[name]),
  )
}

/** A way back leads into this house and nowhere else. */
export const wayBack = (back: string | undefined): string =>
  back && /^\/(?![/\\])/.test(back) && !back.startsWith('/sign-in') ? back : '/'

/** The same place, with the business said in its address. */
export const namingBusiness = (business: string) =>
  ({
    to: '.',
    search: (given: Given) => ({ ...given, business }),
    hash: true,
    replace: true,
    resetScroll: false,
  }) as const
