import { stepsOf } from './pointer.ts'

/**
 * A change to a journey's document, as a JSON patch (RFC 6902, the three operations the designer needs).
 * A linter's fix is one of these; the designer applies it as one undoable edit.
 */
export type PatchStep =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
export type Patch = readonly PatchStep[]

/** A new document; the old one is untouched. Throws a RangeError when the patch does not fit it. */
export function applyPatch<Document>(document: Document, patch: Patch): Document {
  return patch.reduce<unknown>(
    (before, step) => applyStep(before, stepsOf(step.path), step),
    document,
  ) as Document
}

function applyStep(value: unknown, steps: readonly string[], step: PatchStep): unknown {
  const [key, ...rest] = steps
  if (key === undefined) return step.op === 'remove' ? null : step.value
  if (Array.isArray(value)) {
    const index = key === '-' ? value.length : Number(key)
    const room = rest.length === 0 && step.op === 'add' ? value.length : value.length - 1
    if (!Number.isInteger(index) || index < 0 || index > room) throw misfit(step)
    if (rest.length > 0) return value.with(index, applyStep(value[index], rest, step))
    if (step.op === 'remove') return value.toSpliced(index, 1)
    return step.op === 'add' ? value.toSpliced(index, 0, step.value) : value.with(index, step.value)
  }
  if (typeof value !== 'object' || value === null || key === '__proto__') throw misfit(step)
  const before = value as Record<string, unknown>
  const known = Object.hasOwn(before, key)
  if (!known && (rest.length > 0 || step.op !== 'add')) throw misfit(step)
  if (rest.length > 0) return { ...before, [key]: applyStep(before[key], rest, step) }
  if (step.op !== 'remove') return { ...before, [key]: step.value }
  const { [key]: _gone, ...kept } = before
  return kept
}

const misfit = (step: PatchStep): RangeError =>
  new RangeError(
    `the change "${step.op} ${step.path}" does not fit this document; it was made for another one`,
  )
