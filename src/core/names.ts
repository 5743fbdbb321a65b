/** How a language and a region are written: a letter in a language nobody can write its dates in would never go out. */
export const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/
export const REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/
/** What kind of business somebody has: a word, so that a kind nobody has thought of is one, too. */
export const VENDOR_TYPE = /^[a-z][a-z0-9_]{0,39}$/

let countries: Intl.DisplayNames | null = null

/** A country, or a part of one, as everything else writes it: "UK" is "GB". Null for what is none. */
export function parseRegion(text: string): string | null {
  if (!REGION.test(text)) return null
  const [country, ...part] = text.split('-')
  const region = new Intl.Locale(`und-${country}`).region ?? ''
  countries ??= new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  return countries.of(region) === undefined ? null : [region, ...part].join('-')
}
