import type { Problem } from '../../problem.ts'
import { called, type Outline, problemAt } from '../outline.ts'
import { classOf, messagesOf } from './rule.ts'

/** What advertises by mail tells where whoever sends it can be written to; without an address it does not leave. */
export function withoutPostalAddress(outline: Outline): Problem[] {
  return messagesOf(outline)
    .filter((message) => outline.moduleType(message)?.channel === 'email')
    .filter((message) => classOf(outline, message) === 'marketing')
    .map((message) => ({
      ...problemAt(outline, message, {
        code: 'postal_address_missing',
        message: `${called(message)} is marketing, and your business has no postal address yet. The law wants it in every letter that advertises, so it would be held back until there is one.`,
        severity: 'warning',
      }),
      mendAt: 'settings/letters' as const,
    }))
}
