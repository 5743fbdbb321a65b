/** What stands after the ? of an address, and is anybody's to write: only what a room knows comes in. */
type Given = { readonly [name: string]: unknown }
const TEXT_MAX = 2_000

export function text<Name extends string>(given: Given, name: Name): { [N in Name]?: string } {
  const value = given[name]
  return (typeof value === 'string' && value !== '' && value.length <= TEXT_MAX ? { [name]: value } : {}) as {
    [N in Name]?: string
  }
}

export function yes<Name extends string>(given: Given, name: Name): { [N in Name]?: true } {
  return (String(given[name]) === 'true' ? { [name]: true } : {}) as { [N in Name]?: true }
}

export function oneOf<Name extends string, Value extends string>(
  given: Given,
  name: Name,
  known: readonly Value[],
): { [N in Name]?: Value } {
  const value = known.find((one) => one === given[name])
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value }
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
