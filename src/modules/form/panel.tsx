import { useQuery } from '@tanstack/react-query'
import { listForms } from '../../contract/forms.ts'
import type { JsonObject } from '../../core/ids.ts'
import { Switch } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Select } from '../../ui/Select.tsx'
import { Section } from '../../ui/Type.tsx'
import { asks } from '../../web/api.ts'
import { MessagePreview } from '../../web/letters/MessagePreview.tsx'
import { WordsField } from '../../web/letters/WordsField.tsx'
import type { PanelProps } from '../../web/screens/designer/panels.ts'
import { useHere } from '../../web/session.ts'
import { formLetter, letterIn } from './definition.ts'

/** How a couple is asked: with which form, in which words, until when, and how often they are reminded. */
export function Panel({ config, onChange, problems, client, fields }: PanelProps) {
  const { vendor } = useHere()
  const forms = useQuery(asks(listForms, { params: { vendor } }))
  const wrong = (path: string): string | null =>
    problems.find((one) => one.path === path || one.path.startsWith(`${path}/`))?.message ?? null
  const set = (change: JsonObject, burst?: string): void => onChange({ ...config, ...change }, burst)
  const known = forms.data?.data.items.filter((one) => one.status !== 'archived') ?? []
  const chosen = known.find((one) => one.key === config.form)
  return (
    <div className="grid gap-4">
      <Field
        label="Form"
        error={wrong('/form')}
        {...(chosen?.version === null && {
          hint: 'Publish it before the journey is published, or nobody can open it.',
        })}
      >
        <Select
          value={textOf(config.form)}
          placeholder="Choose a form"
          choices={[
            ...known.map(({ key, name, version }) => ({
              value: key,
              label: version === null ? `${name} (draft)` : name,
            })),
            ...(chosen || !config.form ? [] : [{ value: textOf(config.form), label: textOf(config.form) }]),
          ]}
          onChange={({ target }) => set({ form: target.value })}
        />
      </Field>
      <Section title="The letter" level={3}>
        <div className="grid gap-4 py-2">
          <WordsField
            label="Subject"
            value={textOf(config.subject)}
            fields={fields}
            maxLength={200}
            error={wrong('/subject')}
            onSay={(subject) => set({ subject }, 'subject')}
          />
          <WordsField
            label="Words"
            value={textOf(config.body)}
            fields={fields}
            rows={6}
            maxLength={20_000}
            error={wrong('/body')}
            hint="A blank line begins a paragraph. The button comes below."
            onSay={(body) => set({ body }, 'body')}
          />
          <Field label="Its button" optional error={wrong('/button')}>
            <Input
              value={textOf(config.button)}
              maxLength={80}
              placeholder="Open the form"
              onChange={({ target }) =>
                target.value === ''
                  ? onChange(without(config, 'button'), 'button')
                  : set({ button: target.value }, 'button')
              }
            />
          </Field>
          <div>
            <MessagePreview
              type={formLetter.type}
              version={formLetter.version}
              config={letterIn(config)}
              client={client}
            />
          </div>
        </div>
      </Section>
      <AnswerBy config={config} set={set} error={wrong('/answerBy')} />
      <Reminders
        config={config}
        set={set}
        wrong={wrong}
        fields={fields}
        onDrop={() => onChange(without(config, 'reminders'))}
      />
      <Switch
        checked={config.takesLate === true}
        onChange={(on) => (on ? set({ takesLate: true }) : onChange(without(config, 'takesLate')))}
      >
        Take late answers too, after the journey has gone on
      </Switch>
    </div>
  )
}

type Set = (change: JsonObject, burst?: string) => void
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
function without(config: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = config
  return rest
}
const daysIn = (text: string, most: number): number =>
  Math.min(most, Math.max(1, Math.round(Number(text.replace(/\D/g, '')) || 1)))

/** So many days after it was sent, or so many before the wedding; what was written otherwise is kept as it is. */
function AnswerBy({
  config,
  set,
  error,
}: {
  readonly config: JsonObject
  readonly set: Set
  readonly error: string | null
}) {
  const rule = objectOf(config.answerBy)
  const before = 'before' in rule
  const amount = objectOf(before ? rule.before : rule.after)
  const simple = typeof amount.days === 'number' && Object.keys(amount).length === 1
  const other = Object.keys(rule).length > 0 && !simple
  const say = (is: 'before' | 'after', days: number): void =>
    set({
      answerBy: is === 'before' ? { before: { days }, of: 'wedding', at: '10:00' } : { after: { days } },
    })
  return (
    <Section title="Waited for until" level={3}>
      <div className="grid gap-3 py-2">
        {other && (
          <p className="text-small text-muted-foreground">
            Written by hand: <code className="font-mono">{JSON.stringify(rule)}</code>. Choosing here replaces
            it.
          </p>
        )}
        <Segmented
          label="Counted from"
          size="sm"
          value={before ? 'before' : 'after'}
          segments={[
            { value: 'after', label: 'After it was sent' },
            { value: 'before', label: 'Before the wedding' },
          ]}
          onChange={(is) => say(is, simple ? (amount.days as number) : 14)}
        />
        <Field label={before ? 'Days before the wedding' : 'Days after the letter'} error={error}>
          <Input
            inputMode="numeric"
            value={simple ? String(amount.days) : ''}
            onChange={({ target }) => say(before ? 'before' : 'after', daysIn(target.value, 3_660))}
          />
        </Field>
      </div>
    </Section>
  )
}

function Reminders({
  config,
  set,
  wrong,
  fields,
  onDrop,
}: {
  readonly config: JsonObject
  readonly set: Set
  readonly wrong: (path: string) => string | null
  readonly fields: readonly string[]
  readonly onDrop: () => void
}) {
  const on = config.reminders !== undefined
  const reminders = objectOf(config.reminders)
  const say = (change: JsonObject, burst?: string): void =>
    set({ reminders: { ...reminders, ...change } }, burst && `reminders ${burst}`)
  /** Emptied, it is as in the letter. */
  const sayOrNot = (name: 'subject' | 'body', words: string): void =>
    words === ''
      ? set({ reminders: without(reminders, name) }, `reminders ${name}`)
      : say({ [name]: words }, name)
  return (
    <Section title="Reminders" level={3}>
      <div className="grid gap-3 py-2">
        <Switch
          checked={on}
          onChange={(next) => (next ? set({ reminders: { everyDays: 5, times: 2 } }) : onDrop())}
        >
          Remind until it is answered
        </Switch>
        {on && (
          <>
            <div className="grid grid-cols-2 gap-3">
              <Field label="Every so many days" error={wrong('/reminders/everyDays')}>
                <Input
                  inputMode="numeric"
                  value={String(reminders.everyDays ?? '')}
                  onChange={({ target }) => say({ everyDays: daysIn(target.value, 60) }, 'everyDays')}
                />
              </Field>
              <Field label="At most" error={wrong('/reminders/times')}>
                <Select
                  value={String(reminders.times ?? 1)}
                  choices={[1, 2, 3, 4, 5].map((times) => ({
                    value: String(times),
                    label: times === 1 ? 'once' : `${times} times`,
                  }))}
                  onChange={({ target }) => say({ times: Number(target.value) })}
                />
              </Field>
            </div>
            <WordsField
              label="Their subject"
              optional
              value={textOf(reminders.subject)}
              fields={fields}
              maxLength={200}
              placeholder="As in the letter"
              error={wrong('/reminders/subject')}
              onSay={(subject) => sayOrNot('subject', subject)}
            />
            <WordsField
              label="Their words"
              optional
              value={textOf(reminders.body)}
              fields={fields}
              rows={3}
              maxLength={20_000}
              placeholder="As in the letter"
              error={wrong('/reminders/body')}
              onSay={(body) => sayOrNot('body', body)}
            />
          </>
        )}
      </div>
    </Section>
  )
}
