import type { Field as Asked, Target } from '../../../core/form/form.ts'
import { targetMisfit } from '../../../core/form/problems.ts'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'

const PLACES: readonly { readonly label: string; readonly target: Exclude<Target, { fact: string }> }[] = [
  ...(['partner_a', 'partner_b', 'payer', 'planner'] as const).flatMap((person) =>
    (['name', 'email', 'phone'] as const).map((part) => ({
      label: `${{ partner_a: 'First partner', partner_b: 'Second partner', payer: 'Who pays', planner: 'Planner' }[person]}: ${part}`,
      target: { person, part },
    })),
  ),
  { label: 'Wedding: day', target: { wedding: 'date' } },
  { label: 'Wedding: hour of the ceremony', target: { wedding: 'time' } },
  { label: 'Wedding: guests', target: { wedding: 'guests' } },
]
const NOWHERE = ''
const FACT = 'fact'

/** Where an answer goes besides the answers. A new day moves the wedding, with everything that hangs on it. */
export function TargetEditor({
  field,
  onChange,
}: {
  readonly field: Asked
  readonly onChange: (next: Asked) => void
}) {
  const { writesTo, ...rest } = field
  const places = PLACES.filter(({ target }) => targetMisfit(field, target) === null)
  const value = !writesTo ? NOWHERE : 'fact' in writesTo ? FACT : JSON.stringify(writesTo)
  const choose = (chosen: string): void => {
    if (chosen === NOWHERE) return onChange(rest as Asked)
    onChange({ ...rest, writesTo: chosen === FACT ? { fact: field.id } : JSON.parse(chosen) } as Asked)
  }
  return (
    <>
      <Field
        label="Written back to"
        {...(writesTo &&
          'wedding' in writesTo &&
          writesTo.wedding !== 'guests' && {
            hint: 'Another day or hour moves the wedding, and every step that hangs on it. You can undo it for ten minutes.',
          })}
      >
        <Select
          value={value}
          choices={[
            { value: NOWHERE, label: 'Nowhere: kept with the answers' },
            ...places.map(({ label, target }) => ({ value: JSON.stringify(target), label })),
            { value: FACT, label: 'A fact of their own' },
          ]}
          onChange={({ target }) => choose(target.value)}
        />
      </Field>
      {writesTo && 'fact' in writesTo && (
        <Field label="Name of the fact" hint="In messages: {{ client.fields.name }}.">
          <Input
            defaultValue={writesTo.fact}
            maxLength={60}
            onChange={({ target }) => {
              const fact = target.value.toLowerCase().replace(/[^a-z0-9_]/g, '_')
              if (/^[a-z]/.test(fact)) onChange({ ...rest, writesTo: { fact } } as Asked)
            }}
          />
        </Field>
      )}
    </>
  )
}
