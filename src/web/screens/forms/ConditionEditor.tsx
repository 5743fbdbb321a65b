import type { Field as Asked, Form } from '../../../core/form/form.ts'
import type { Comparison, Condition } from '../../../core/journey/condition.ts'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { before, nameOf } from './document.ts'

/**
 * When a question is shown: one sentence about an earlier answer. What was written by hand and says more is kept, and
 * can only be taken away here.
 */
export function ConditionEditor({
  form,
  field,
  onChange,
}: {
  readonly form: Form
  readonly field: Asked
  readonly onChange: (next: Asked, burst?: string) => void
}) {
  const earlier = before(form, field.id)
  const { showIf, ...rest } = field
  const set = (condition: Condition | null, burst?: string): void =>
    onChange((condition ? { ...rest, showIf: condition } : rest) as Asked, burst)
  if (earlier.length === 0)
    return (
      <p className="text-small text-muted-foreground">
        The first question is always shown; the next ones can depend on it.
      </p>
    )
  const simple = showIf === undefined ? null : sentenceOf(showIf)
  if (showIf && !simple)
    return (
      <div>
        <p className="mb-2 text-small text-muted-foreground">
          This question is shown by a condition of several parts, which came with a file.
        </p>
        <Button size="sm" onClick={() => set(null)}>
          Show it always
        </Button>
      </div>
    )
  const asked = simple ? earlier.find((one) => `answers.${one.id}` === simple.fact) : undefined
  return (
    <div className="grid gap-2">
      <Field label="Shown">
        <Select
          value={asked?.id ?? ''}
          choices={[
            { value: '', label: 'Always' },
            ...earlier.map((one) => ({ value: one.id, label: `By “${nameOf(one)}”` })),
          ]}
          onChange={({ target }) => {
            const chosen = earlier.find((one) => one.id === target.value)
            set(chosen ? firstOf(chosen) : null)
          }}
        />
      </Field>
      {simple && asked && (
        <div className="grid grid-cols-2 gap-2">
          <Field label="Its answer">
            <Select
              value={simple.is}
              choices={WAYS[wayOf(asked)]}
              onChange={({ target }) => set(withWay(asked, simple, target.value as Comparison['is']))}
            />
          </Field>
          {'value' in simple && (
            <Field label="Namely">
              <ValueOf
                asked={asked}
                condition={simple}
                onChange={(value) => set({ ...simple, value } as Condition, 'value')}
              />
            </Field>
          )}
        </div>
      )}
    </div>
  )
}

const sentenceOf = (condition: Condition): Comparison | null => ('fact' in condition ? condition : null)

type Way = 'choice' | 'choices' | 'yes_no' | 'number' | 'text' | 'whole'
const wayOf = ({ kind }: Asked): Way => {
  switch (kind) {
    case 'choice':
    case 'choices':
    case 'yes_no':
    case 'number':
      return kind
    case 'address':
    case 'people':
    case 'date':
    case 'time':
      return 'whole'
    default:
      return 'text'
  }
}

const KNOWN = [
  { value: 'known', label: 'is given' },
  { value: 'missing', label: 'is missing' },
]
const IS = [
  { value: 'equal', label: 'is' },
  { value: 'not_equal', label: 'is not' },
]
const WAYS: { readonly [way in Way]: readonly { value: string; label: string }[] } = {
  choice: [...IS, ...KNOWN],
  choices: [{ value: 'contains', label: 'has' }, { value: 'lacks', label: 'has not' }, ...KNOWN],
  yes_no: [{ value: 'equal', label: 'is' }, ...KNOWN],
  number: [
    { value: 'at_least', label: 'is at least' },
    { value: 'at_most', label: 'is at most' },
    { value: 'equal', label: 'is' },
    ...KNOWN,
  ],
  text: [{ value: 'contains', label: 'contains' }, ...KNOWN],
  whole: KNOWN,
}

function valueFor(asked: Asked): string | number | boolean {
  if (asked.kind === 'choice' || asked.kind === 'choices') return asked.options[0]?.id ?? ''
  if (asked.kind === 'yes_no') return true
  return asked.kind === 'number' ? 1 : ''
}

const withWay = (asked: Asked, before: Comparison, is: Comparison['is']): Condition =>
  (is === 'known' || is === 'missing'
    ? { fact: before.fact, is }
    : { fact: before.fact, is, value: 'value' in before ? before.value : valueFor(asked) }) as Condition

const firstOf = (asked: Asked): Condition =>
  withWay(
    asked,
    { fact: `answers.${asked.id}`, is: 'known' },
    WAYS[wayOf(asked)][0]!.value as Comparison['is'],
  )

function ValueOf({
  asked,
  condition,
  onChange,
}: {
  readonly asked: Asked
  readonly condition: Extract<Comparison, { value: unknown }>
  readonly onChange: (value: string | number | boolean) => void
}) {
  if (asked.kind === 'choice' || asked.kind === 'choices')
    return (
      <Select
        value={String(condition.value)}
        choices={asked.options.map(({ id, label }, index) => ({
          value: id,
          label: label || `Option ${index + 1}`,
        }))}
        onChange={({ target }) => onChange(target.value)}
      />
    )
  if (asked.kind === 'yes_no')
    return (
      <Select
        value={condition.value === true ? 'yes' : 'no'}
        choices={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
        onChange={({ target }) => onChange(target.value === 'yes')}
      />
    )
  return (
    <Input
      defaultValue={String(condition.value)}
      inputMode={asked.kind === 'number' ? 'decimal' : 'text'}
      maxLength={200}
      onChange={({ target }) =>
        onChange(asked.kind === 'number' ? Number(target.value.replace(',', '.')) || 0 : target.value)
      }
    />
  )
}
