import { useRef, useState } from 'react'
import { Field } from '../../ui/Field.tsx'
import { Input, TextArea } from '../../ui/Input.tsx'
import { FieldPicker } from './FieldPicker.tsx'

/** Words with fields of the couple in them: on one line, or on so many. A field that is picked stands where one was writing, or at the end. */
export function WordsField({
  label,
  value,
  fields,
  onSay,
  rows,
  error,
  hint,
  optional = false,
  placeholder,
  maxLength,
}: {
  readonly label: string
  readonly value: string
  readonly fields: readonly string[]
  readonly onSay: (words: string) => void
  readonly rows?: number
  readonly error?: string | null | undefined
  readonly hint?: string
  readonly optional?: boolean
  readonly placeholder?: string
  /** Without one too much is told of and nothing is cut off. */
  readonly maxLength?: number
}) {
  const [choosing, setChoosing] = useState(false)
  const line = useRef<HTMLInputElement>(null)
  const lines = useRef<HTMLTextAreaElement>(null)
  // Before somebody has been in it, a browser's place in it says nothing.
  const [isKnown, know] = useState(false)
  const put = (words: string): void => {
    const place = isKnown ? (line.current ?? lines.current) : null
    const [from, to] = [place?.selectionStart ?? value.length, place?.selectionEnd ?? value.length]
    onSay(`${value.slice(0, from)}${words}${value.slice(to)}`)
  }
  const common = {
    value,
    ...(maxLength !== undefined && { maxLength }),
    ...(placeholder !== undefined && { placeholder }),
    onFocus: () => know(true),
    onChange: ({ target }: { readonly target: { readonly value: string } }) => onSay(target.value),
  }
  return (
    <Field
      label={label}
      error={error}
      optional={optional}
      {...(hint !== undefined && { hint })}
      aside={
        <FieldPicker
          fields={fields}
          open={choosing}
          onOpenChange={setChoosing}
          onPick={(field) => put(`{{ ${field} }}`)}
        />
      }
    >
      {rows === undefined ? (
        <Input ref={line} {...common} />
      ) : (
        <TextArea ref={lines} rows={rows} {...common} />
      )}
    </Field>
  )
}
