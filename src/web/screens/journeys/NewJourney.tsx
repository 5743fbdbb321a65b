import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Dialog, DialogClose } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { FromTemplate } from './FromTemplate.tsx'
import { useAddJourney } from './useAddJourney.ts'

const CATEGORIES = [
  { value: 'inquiry', label: 'Inquiry' },
  { value: 'planning', label: 'Planning' },
  { value: 'payment', label: 'Payments' },
  { value: 'after', label: 'After the wedding' },
  { value: 'general', label: 'Something else' },
]

/** A name is enough: one draws the rest. */
export function NewJourney({ onClose }: { readonly onClose: () => void }) {
  const { busy, add } = useAddJourney()
  const [name, setName] = useState('')
  const [category, setCategory] = useState('planning')
  const [missing, setMissing] = useState(false)
  const draw = (event: FormEvent): void => {
    event.preventDefault()
    const said = name.trim()
    if (said === '') return setMissing(true)
    add({ name: said, category })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New journey"
      description="It begins blank; nothing is sent before you publish it."
      actions={
        <>
          <DialogClose>
            <Button>Not now</Button>
          </DialogClose>
          <Button type="submit" form="new-journey" look="primary" busy={busy}>
            Draw it
          </Button>
        </>
      }
    >
      <form id="new-journey" className="space-y-4" onSubmit={draw}>
        <Field label="What is it called?" error={missing ? 'It needs a name.' : null}>
          <Input
            value={name}
            maxLength={200}
            placeholder="Booked to wedding"
            onChange={(event) => {
              setName(event.target.value)
              setMissing(false)
            }}
          />
        </Field>
        <Field label="What is it about?">
          <Select
            value={category}
            choices={CATEGORIES}
            onChange={(event) => setCategory(event.target.value)}
          />
        </Field>
      </form>
      <FromTemplate />
    </Dialog>
  )
}
