import type { EffectId, RunId, VendorId } from '../core/ids.ts'

/** An id with the vendor it belongs to: what a claim gives, and what a batch over several vendors is made of. */
export type RunRef = { readonly vendor: VendorId; readonly run: RunId }
export type EffectRef = { readonly vendor: VendorId; readonly effect: EffectId }

/** The vendors of a batch, each once: exactly whose rows its transaction may touch. */
export const vendorsOf = (refs: readonly { readonly vendor: VendorId }[]): VendorId[] => [
  ...new Set(refs.map((ref) => ref.vendor)),
]

/** Rows turned into columns, one array for each parameter of an `unnest`. */
export const column = <Row, Value>(rows: readonly Row[], value: (row: Row) => Value): Value[] =>
  rows.map(value)
