import type { Problem } from '../problem.ts'
import { pointerTo, type Step } from './pointer.ts'

/** What a document may cost, whether it comes as text or as a value; and the judge of the value. */
export const JSON_BYTES_MAX = 1_048_576
export const JSON_DEPTH_MAX = 32
export const JSON_KEYS_MAX = 20_000
/** Entries of all lists together. */
export const JSON_ITEMS_MAX = 20_000
/** Told at once; a file with more mistakes of one kind is another kind of file. */
export const TOLD_MAX = 100

/** Judges a document that arrives as a value already: a request body, an editor's state. */
export function guardJson(value: unknown): Problem[] {
  const todo: { value: unknown; steps: readonly Step[] }[] = [{ value, steps: [] }]
  const problems: Problem[] = []
  let keys = 0
  let items = 0
  let characters = 0
  for (let next = todo.pop(); next !== undefined && problems.length < TOLD_MAX; next = todo.pop()) {
    const { value: here, steps } = next
    if (typeof here === 'string') characters += here.length
    const problem = typeof here === 'string' ? textProblem(here, steps) : null
    if (problem) problems.push(problem)
    if (typeof here === 'number' && !Number.isFinite(here)) {
      problems.push(problemAt('wrong_type', steps, 'A number must be finite.'))
    }
    if (characters > JSON_BYTES_MAX) return [tooLarge]
    if (typeof here !== 'object' || here === null) continue
    if (steps.length >= JSON_DEPTH_MAX) {
      return [
        problemAt('too_deep', [], `The document is nested deeper than ${JSON_DEPTH_MAX} levels. Flatten it.`),
      ]
    }
    const names = Array.isArray(here) ? null : Object.keys(here)
    keys += names?.length ?? 0
    if (keys > JSON_KEYS_MAX) {
      return [
        problemAt(
          'too_many_keys',
          [],
          `The document holds more than ${JSON_KEYS_MAX} keys. Split the journey.`,
        ),
      ]
    }
    items += Array.isArray(here) ? here.length : 0
    if (items > JSON_ITEMS_MAX) return [tooManyItems]
    for (const name of names ?? (here as unknown[]).keys()) {
      if (name === '__proto__') {
        problems.push(
          problemAt('forbidden_key', [...steps, name], '"__proto__" is no name for a key. Remove it.'),
        )
        continue
      }
      const unwritable = typeof name === 'string' ? textProblem(name, steps) : null
      if (unwritable) problems.push(unwritable)
      todo.push({ value: (here as Record<Step, unknown>)[name], steps: [...steps, name] })
    }
  }
  return problems
}

/** What the database could not keep. */
export function textProblem(text: string, steps: readonly Step[]): Problem | null {
  if (text.includes('\0'))
    return problemAt('nul_character', steps, 'A text holds the character NUL. Remove it.')
  return text.isWellFormed()
    ? null
    : problemAt('half_character', steps, 'A text holds half of a character. Write it again.')
}

export const problemAt = (code: string, steps: readonly Step[], message: string): Problem => ({
  code,
  severity: 'error',
  message,
  path: pointerTo(...steps),
})
export const tooManyItems = problemAt(
  'too_many_items',
  [],
  `The lists of this document hold more than ${JSON_ITEMS_MAX} entries. Split the journey.`,
)
const tooLarge = problemAt(
  'too_large',
  [],
  'The document is larger than 1 MB. Split the journey into several.',
)
