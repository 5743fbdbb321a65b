/** What an action answers. The screens know nothing of servers: whoever wires them turns replies into this. */
export type Outcome =
  | { readonly is: 'done' }
  | { readonly is: 'second_factor' }
  | { readonly is: 'refused'; readonly says: string; readonly field?: string }

export type Problems = { readonly [field: string]: string }

export const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

export const emailProblem = (text: string): string | null =>
  text.trim() === ''
    ? 'Your email address is missing.'
    : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())
      ? null
      : 'This is not a whole email address, such as nell@example.org.'

export function passwordProblem(text: string): string | null {
  if (text.length < PASSWORD_MIN) {
    const missing = PASSWORD_MIN - text.length
    return text === ''
      ? 'A password is missing.'
      : `${missing} more ${missing === 1 ? 'character' : 'characters'}, please: ${PASSWORD_MIN} at least.`
  }
  return text.length > PASSWORD_MAX ? `At most ${PASSWORD_MAX} characters.` : null
}

export const missing =
  (what: string) =>
  (text: string): string | null =>
    text.trim() === '' ? `${what} is missing.` : null

type Check = (text: string) => string | null

/** Which answers are wrong, by field. */
export function problemsOf(
  values: { readonly [field: string]: string },
  checks: { readonly [field: string]: Check },
): Problems {
  return Object.fromEntries(
    Object.entries(checks).flatMap(([field, check]) => {
      const problem = check(values[field] ?? '')
      return problem ? [[field, problem]] : []
    }),
  )
}
