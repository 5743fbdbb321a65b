const made = new Map<string, Intl.DateTimeFormat>()

/** Making a format takes a phone as long as using it some hundred times, so each is made once. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale} ${JSON.stringify(options)}`
  const known = made.get(name)
  if (known) return known
  const format = new Intl.DateTimeFormat(locale, options)
  made.set(name, format)
  return format
}
