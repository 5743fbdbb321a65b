type Account = {
  readonly sentence: string
  readonly evidence: readonly { readonly code: string; readonly sentence: string }[]
}

const EVIDENCE_MAX = 3
/** Said by the sentence already, or of the way and not of the reason. */
const BESIDE = new Set(['entered', 'planned', 'left_by', 'sent'])

/** What a step's account rests on, beside its sentence. */
export const evidenceOf = ({ evidence, sentence }: Account) =>
  evidence
    .filter((one) => one.sentence !== sentence && !BESIDE.has(one.code))
    .slice(-EVIDENCE_MAX)
    .map((one) => ({ term: 'Because', is: one.sentence }))
