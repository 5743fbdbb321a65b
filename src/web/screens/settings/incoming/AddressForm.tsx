import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { type Becomes, FIELDS_MAX } from '../../../../core/incoming.ts'
import { Banner } from '../../../../ui/Banner.tsx'
import { Button, IconButton } from '../../../../ui/Button.tsx'
import { Checkbox } from '../../../../ui/Checkbox.tsx'
import { Dialog } from '../../../../ui/Dialog.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Input, TextArea } from '../../../../ui/Input.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { Section } from '../../../../ui/Type.tsx'
import { isRefused, wordsOf } from '../../../api.ts'
import { asTyped, networksOf, WHENCE } from '../networks.ts'
import { type Draft, EXAMPLE, newDraft, TOLD, triedOn, type Wrong, wrongIn } from './draft.ts'

const BY = [
  { value: 'email', label: 'By an email address' },
  { value: 'external', label: 'By an id of the other system' },
  { value: 'client', label: 'By our own id of the couple' },
]

/** Which event a call becomes, whom it is about and what is read of it; with an example beside it that is read at once. */
export function AddressForm({
  title,
  from,
  verb,
  onClose,
  onSave,
}: {
  readonly title: string
  readonly from: Draft
  readonly verb: string
  readonly onClose: () => void
  readonly onSave: (draft: Draft) => Promise<void>
}) {
  const id = useId()
  const [draft, setDraft] = useState(from)
  const [whence, setWhence] = useState(asTyped(from.networks))
  const [wrong, setWrong] = useState<Wrong>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { becomes } = draft
  const set = (change: Partial<Becomes>): void => setDraft({ ...draft, becomes: { ...becomes, ...change } })
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const whole = { ...draft, networks: networksOf(whence) }
    const found = wrongIn(whole)
    setWrong(found)
    const first = Object.keys(found).at(-1)
    if (first !== undefined) {
      document.getElementById(id)?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
      return
    }
    setBusy(true)
    setRefusal(null)
    try {
      await onSave(whole)
      onClose()
    } catch (error) {
      if (isRefused(error, 'unauthorised')) throw error
      setRefusal(wordsOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      wide
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" busy={busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={(event) => void save(event)} className="grid gap-5 pb-2">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <div className="grid items-start gap-3 md:grid-cols-2">
          <Field label="What calls?" error={wrong.name} required>
            <Input
              name="name"
              autoComplete="off"
              maxLength={100}
              placeholder="Website form"
              value={draft.name}
              onChange={({ target }) => setDraft({ ...draft, name: target.value })}
            />
          </Field>
          <Field label="Each call becomes" error={wrong['becomes.type']}>
            <Select
              name="becomes.type"
              value={becomes.type}
              choices={TOLD}
              onChange={({ target }) =>
                set({
                  type: target.value,
                  event: target.value === 'custom_event' ? (becomes.event ?? '') : null,
                })
              }
            />
          </Field>
          {becomes.event !== null && (
            <Field
              label="The name of the event"
              hint="As journeys ask for it."
              error={wrong['becomes.event']}
              required
            >
              <Input
                name="becomes.event"
                maxLength={100}
                placeholder="gallery_opened"
                value={becomes.event}
                onChange={({ target }) => set({ event: target.value })}
              />
            </Field>
          )}
        </div>
        <Couple becomes={becomes} wrong={wrong} set={set} />
        <Fields becomes={becomes} wrong={wrong} set={set} />
        <Field {...WHENCE} error={wrong.networks} optional>
          <Input
            name="networks"
            autoComplete="off"
            value={whence}
            onChange={({ target }) => setWhence(target.value)}
          />
        </Field>
        <Example becomes={becomes} />
      </form>
    </Dialog>
  )
}

type Part = {
  readonly becomes: Becomes
  readonly wrong: Wrong
  readonly set: (change: Partial<Becomes>) => void
}

function Couple({ becomes, wrong, set }: Part) {
  const { couple, add } = becomes
  return (
    <Section title="The couple" level={3}>
      <div className="grid gap-3 py-2">
        <div className="grid items-start gap-3 md:grid-cols-2">
          <Field label="It is found">
            <Select
              value={couple.by}
              choices={BY}
              onChange={({ target }) => {
                const by = target.value as Becomes['couple']['by']
                set({ couple: { ...couple, by, system: null }, add: by === 'client' ? null : add })
              }}
            />
          </Field>
          <Path
            label="Which stands at"
            name="becomes.couple.at"
            hint="Keys of the body with dots between them, such as customer.email."
            value={couple.at}
            wrong={wrong}
            onChange={(at) => set({ couple: { ...couple, at } })}
          />
          {couple.by === 'external' && (
            <Path
              label="Whose ids they are"
              name="becomes.couple.system"
              hint="Addresses with the same word know each other’s couples; left empty, this one is by itself."
              optional
              value={couple.system}
              wrong={wrong}
              onChange={(system) => set({ couple: { ...couple, system: system || null } })}
            />
          )}
        </div>
        {couple.by !== 'client' && (
          <Checkbox checked={add !== null} onChange={(on) => set({ add: on ? newDraft.becomes.add : null })}>
            Add a couple that is not known yet
          </Checkbox>
        )}
        {add && (
          <div className="grid items-start gap-3 md:grid-cols-2">
            <Path
              label="Their name stands at"
              name="becomes.add.name"
              value={add.name}
              wrong={wrong}
              onChange={(name) => set({ add: { ...add, name } })}
            />
            {couple.by === 'external' && (
              <Path
                label="Their email address"
                name="becomes.add.email"
                optional
                value={add.email}
                wrong={wrong}
                onChange={(email) => set({ add: { ...add, email: email || null } })}
              />
            )}
            <Path
              label="Their phone number"
              name="becomes.add.phone"
              optional
              value={add.phone}
              wrong={wrong}
              onChange={(phone) => set({ add: { ...add, phone: phone || null } })}
            />
            <Path
              label="The day of the wedding"
              name="becomes.add.wedding"
              hint="Written as 2028-06-10."
              optional
              value={add.wedding}
              wrong={wrong}
              onChange={(wedding) => set({ add: { ...add, wedding: wedding || null } })}
            />
          </div>
        )}
      </div>
    </Section>
  )
}

function Fields({ becomes: { fields }, wrong, set }: Part) {
  const change = (index: number, more: Partial<Becomes['fields'][number]>): void =>
    set({ fields: fields.map((one, at) => (at === index ? { ...one, ...more } : one)) })
  return (
    <Section title="What else is taken" level={3}>
      <div className="grid gap-3 py-2">
        {fields.map((field, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field has no id of its own, and none is ever moved
          <div key={index} className="grid items-start gap-x-3 gap-y-1 md:grid-cols-[1fr_1fr_auto_auto]">
            <Path
              label="Is called here"
              name={`becomes.fields.${index}.name`}
              value={field.name}
              wrong={wrong}
              onChange={(name) => change(index, { name })}
            />
            <Path
              label="And stands at"
              name={`becomes.fields.${index}.at`}
              value={field.at}
              wrong={wrong}
              onChange={(at) => change(index, { at })}
            />
            <div className="md:pt-6">
              <Checkbox checked={!field.sealed} onChange={(open) => change(index, { sealed: !open })}>
                Conditions may ask for it
              </Checkbox>
            </div>
            <div className="md:pt-5">
              <IconButton
                look="ghost"
                icon={Trash2}
                label={`Do not take ${field.name || 'this field'}`}
                onClick={() => set({ fields: fields.filter((_, at) => at !== index) })}
              />
            </div>
          </div>
        ))}
        <p aria-live="polite" className="text-small text-danger-text">
          {wrong['becomes.fields']}
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            size="sm"
            icon={Plus}
            disabled={fields.length >= FIELDS_MAX}
            onClick={() => set({ fields: [...fields, { name: '', at: '', sealed: true }] })}
          >
            Take another field
          </Button>
          <span className="text-small text-muted-foreground">
            Words of the couple are kept sealed. Let conditions ask only for what is not personal.
          </span>
        </div>
      </div>
    </Section>
  )
}

function Example({ becomes }: { readonly becomes: Becomes }) {
  const [text, setText] = useState(EXAMPLE)
  const tried = triedOn(becomes, text)
  return (
    <Section title="Try it" level={3}>
      <div className="grid items-start gap-3 py-2 md:grid-cols-2">
        <Field label="A call as the other system sends it" hint="Nothing of it is kept.">
          <TextArea
            rows={8}
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </Field>
        <div aria-live="polite" className="md:pt-6">
          {'refused' in tried ? (
            <Banner kind="warning" title="Such a call would be refused">
              {tried.refused}
            </Banner>
          ) : (
            <ul className="grid gap-1 border-l border-info-mark pl-3 [overflow-wrap:anywhere]">
              {tried.reads.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Section>
  )
}

function Path({
  name,
  value,
  wrong,
  onChange,
  ...field
}: {
  readonly label: string
  readonly hint?: string
  readonly optional?: boolean
  readonly name: string
  readonly value: string | null
  readonly wrong: Wrong
  readonly onChange: (value: string) => void
}) {
  return (
    <Field {...field} error={wrong[name]}>
      <Input
        name={name}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  )
}
