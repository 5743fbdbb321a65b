import { expect, test } from 'vitest'
import { emailProblem, missing, passwordProblem, problemsOf } from './outcome.ts'

test('a password is judged by its length alone, and says how much is missing', () => {
  expect(passwordProblem('')).toBe('A password is missing.')
  expect(passwordProblem('elevenchars')).toBe('1 more character, please: 12 at least.')
  expect(passwordProblem('a b c d e f!')).toBeNull()
  expect(passwordProblem('x'.repeat(129))).toBe('At most 128 characters.')
})

test('what is wrong is said at its field, and only there', () => {
  expect(
    problemsOf(
      { email: 'nell@', name: ' Nell ' },
      { email: emailProblem, name: missing('Your name'), business: missing('The name of your business') },
    ),
  ).toEqual({
    email: 'This is not a whole email address, such as nell@example.org.',
    business: 'The name of your business is missing.',
  })
})
