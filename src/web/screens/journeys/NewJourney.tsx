import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { addJourney, listJourneys } from '../../../contract/journeys.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog, DialogClose } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { api, askAgain } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { FromTemplate } from './FromTemplate.tsx'

const CATEGORIES = [
  { value: 'inquiry', label: 'Inquiry' },
  { value: 'planning', label: 'Planning' },
  { value: 'payment', label: 'Payments' },
  { value: 'after', label: 'After the wedding' },
  { value: 'general', label: 'Something else' },
]

/** A name is enough: one draws the rest. */
export function NewJourney({ onClose }: { readonly onClose: () => void }) {
  const { vendor } = useHere()
  const navigate = useNavigate()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const [name, setName] = useState('')
  const [category, setCategory] = useState('planning')
  const [missing, setMissing] = useState(false)
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const said = name.trim()
    if (said === '') return setMissing(true)
    act(async () => {
      const body = { name: said, category }
      const { data } = await api(addJourney, { params: { vendor }, body, key: keyOf(body) })
      await askAgain(listJourneys)
      await navigate({ to: '/journeys/$journeyId', params: { journeyId: data.id } })
    })
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
      <form id="new-journey" className="space-y-4" onSubmit={add}>
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
