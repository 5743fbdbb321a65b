import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'

const FIELDS = ['subject', 'preheader', 'body', 'text'] as const
type WordField = (typeof FIELDS)[number]
const LABELS: { readonly [field in WordField]: string } = {
  subject: 'Subject',
  preheader: 'Shown beside the subject',
  body: 'Text',
  text: 'Text',
}
const LONG: readonly WordField[] = ['body', 'text']
export type SaidWords = { readonly [field in WordField]?: string | undefined }

/** What a message says in so many words, to be said otherwise; only what differs from the journey's is told. */
export function WordFields({
  own,
  said,
  onSay,
}: {
  readonly own: { readonly [field: string]: string }
  readonly said: SaidWords
  readonly onSay: (words: SaidWords) => void
}) {
  return FIELDS.filter((field) => own[field] !== undefined).map((field) => {
    const value = said[field] ?? own[field] ?? ''
    const say = (text: string): void => {
      const { [field]: _before, ...rest } = said
      onSay(text === own[field] ? rest : { ...rest, [field]: text })
    }
    return (
      <Field key={field} label={LABELS[field]}>
        {LONG.includes(field) ? (
          <TextArea rows={10} value={value} onChange={({ target }) => say(target.value)} />
        ) : (
          <Input value={value} onChange={({ target }) => say(target.value)} />
        )}
      </Field>
    )
  })
}
