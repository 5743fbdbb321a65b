import { Plus, X } from 'lucide-react'
import { type Field as Asked, KIND_NAMES } from '../../../core/form/form.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Switch } from '../../../ui/Checkbox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Section } from '../../../ui/Type.tsx'
import { ConditionEditor } from './ConditionEditor.tsx'
import { changedField } from './document.ts'
import { TargetEditor } from './TargetEditor.tsx'
import type { FormDraft } from './useFormDraft.ts'

/** Everything about one question. */
export function FieldPanel({
  draft,
  field,
  readOnly,
}: {
  readonly draft: FormDraft
  readonly field: Asked
  readonly readOnly: boolean
}) {
  const change = (next: Asked, label: string, burst?: string): void =>
    draft.edit(
      changedField(draft.form, field.id, () => next),
      label,
      burst && `${field.id} ${burst}`,
    )
  /** A text that is left out when it is empty. */
  const setText = (key: 'help' | 'placeholder' | 'unit' | 'noteLabel', text: string): void => {
    const { [key]: _, ...rest } = field as Asked & Record<typeof key, unknown>
    change((text === '' ? rest : { ...rest, [key]: text }) as Asked, 'Wording a question', key)
  }
  return (
    <Section
      title={KIND_NAMES[field.kind]}
      meta={
        <>
          known as <code className="font-mono">{field.id}</code>
        </>
      }
    >
      <fieldset disabled={readOnly} className="grid gap-4 py-2">
        <Field label="The question">
          <TextArea
            rows={2}
            value={field.label}
            maxLength={300}
            placeholder="Where do you get ready?"
            onChange={({ target }) =>
              change({ ...field, label: target.value.replace(/\n/g, ' ') }, 'Wording a question', 'label')
            }
          />
        </Field>
        <Field label="Help" optional hint="One line below the question.">
          <Input
            value={field.help ?? ''}
            maxLength={500}
            onChange={({ target }) => setText('help', target.value)}
          />
        </Field>
        <Switch
          checked={field.required === true}
          onChange={(on) => {
            const { required: _, ...rest } = field
            change((on ? { ...rest, required: true } : rest) as Asked, 'Choosing whether it is needed')
          }}
        >
          An answer is needed
        </Switch>
        <OfKind field={field} change={change} setText={setText} />
        <TargetEditor field={field} onChange={(next) => change(next, 'Choosing where it is written')} />
        <ConditionEditor
          form={draft.form}
          field={field}
          onChange={(next, burst) => change(next, 'Choosing when it is shown', burst)}
        />
      </fieldset>
    </Section>
  )
}

function OfKind({
  field,
  change,
  setText,
}: {
  readonly field: Asked
  readonly change: (next: Asked, label: string, burst?: string) => void
  readonly setText: (key: 'placeholder' | 'unit' | 'noteLabel', text: string) => void
}) {
  switch (field.kind) {
    case 'short_text':
    case 'long_text':
      return (
        <Field label="Shown while it is empty" optional>
          <Input
            value={field.placeholder ?? ''}
            maxLength={120}
            onChange={({ target }) => setText('placeholder', target.value)}
          />
        </Field>
      )
    case 'number': {
      const bound = (key: 'min' | 'max', text: string): void => {
        const { [key]: _, ...rest } = field
        const number = Number(text)
        change(
          (text.trim() === '' || Number.isNaN(number) ? rest : { ...rest, [key]: number }) as Asked,
          'Choosing a bound',
          key,
        )
      }
      return (
        <>
          <div className="grid grid-cols-3 gap-3">
            <Field label="At least" optional>
              <Input
                inputMode="numeric"
                defaultValue={field.min ?? ''}
                onChange={({ target }) => bound('min', target.value)}
              />
            </Field>
            <Field label="At most" optional>
              <Input
                inputMode="numeric"
                defaultValue={field.max ?? ''}
                onChange={({ target }) => bound('max', target.value)}
              />
            </Field>
            <Field label="Unit" optional>
              <Input
                value={field.unit ?? ''}
                maxLength={20}
                onChange={({ target }) => setText('unit', target.value)}
              />
            </Field>
          </div>
          <Switch
            checked={field.whole === true}
            onChange={(whole) => change({ ...field, whole }, 'Choosing whole numbers')}
          >
            Whole numbers only
          </Switch>
        </>
      )
    }
    case 'choice':
    case 'choices':
      return <Options field={field} change={change} />
    case 'people':
      return (
        <>
          <Field label="What else of each" optional hint="Beside the name: relation, role on the day.">
            <Input
              value={field.noteLabel ?? ''}
              maxLength={80}
              onChange={({ target }) => setText('noteLabel', target.value)}
            />
          </Field>
          <Switch
            checked={field.withPhone === true}
            onChange={(withPhone) => change({ ...field, withPhone }, 'Choosing whether a phone is asked')}
          >
            Ask for a phone number of each
          </Switch>
        </>
      )
    default:
      return null
  }
}

function Options({
  field,
  change,
}: {
  readonly field: Extract<Asked, { kind: 'choice' | 'choices' }>
  readonly change: (next: Asked, label: string, burst?: string) => void
}) {
  const { options } = field
  const freeId = (): string => {
    const taken = new Set(options.map((option) => option.id))
    for (let number = options.length + 1; ; number += 1)
      if (!taken.has(`option_${number}`)) return `option_${number}`
  }
  return (
    <fieldset>
      <legend className="mb-1 text-small font-strong">Options</legend>
      <ul className="grid gap-2">
        {options.map((option, index) => (
          <li key={option.id} className="flex items-center gap-1">
            <div className="min-w-0 flex-1">
              <Input
                aria-label={`Option ${index + 1}`}
                value={option.label}
                maxLength={200}
                onChange={({ target }) =>
                  change(
                    { ...field, options: options.with(index, { ...option, label: target.value }) },
                    'Wording an option',
                    `option ${option.id}`,
                  )
                }
              />
            </div>
            <IconButton
              icon={X}
              look="ghost"
              label={`Take option ${index + 1} away`}
              disabled={options.length <= 2}
              onClick={() =>
                change({ ...field, options: options.toSpliced(index, 1) }, 'Taking an option away')
              }
            />
          </li>
        ))}
      </ul>
      <div className="mt-2">
        <Button
          size="sm"
          icon={Plus}
          disabled={options.length >= 30}
          onClick={() =>
            change({ ...field, options: [...options, { id: freeId(), label: '' }] }, 'Adding an option')
          }
        >
          Add an option
        </Button>
      </div>
    </fieldset>
  )
}
