import type { EventPattern } from '../../../../core/journey/condition.ts'
import { Button } from '../../../../ui/Button.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { ConditionEditor, EventSelect } from './ConditionEditor.tsx'

/** Something that happens outside: what, and what must hold of it. */
export function PatternEditor({
  label,
  pattern,
  onChange,
}: {
  readonly label: string
  readonly pattern: EventPattern
  readonly onChange: (pattern: EventPattern, burst?: string) => void
}) {
  const { if: condition, ...bare } = pattern
  return (
    <div data-part="for" className="space-y-2">
      <Field label={label}>
        <EventSelect
          label={label}
          value={pattern.event}
          onChange={(event) => onChange({ ...pattern, event })}
        />
      </Field>
      {condition ? (
        <ConditionEditor
          label="Only where"
          condition={condition}
          onChange={(next, field) => onChange({ ...pattern, if: next }, field && `if ${field}`)}
          onRemove={() => onChange(bare)}
        />
      ) : (
        <Button
          look="ghost"
          size="sm"
          onClick={() =>
            onChange({
              ...pattern,
              if: { fact: FIRST_FACT[pattern.event] ?? 'event.name', is: 'equal', value: '' },
            })
          }
        >
          Only some of them …
        </Button>
      )}
    </div>
  )
}

/** What one mostly asks of an event. */
const FIRST_FACT: { readonly [event: string]: string } = {
  form_submitted: 'event.form',
  payment_received: 'event.instalment',
  meeting_booked: 'event.meeting',
  stage_changed: 'event.to',
  tag_changed: 'event.tag',
}
