import { useQuery } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useState } from 'react'
import { listClients } from '../../../contract/clients.ts'
import { listForms, listUnanswered, makeFormLink } from '../../../contract/forms.ts'
import { Button } from '../../../ui/Button.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'

const COUPLES_OFFERED = 200

/** For whoever writes to a couple by hand: their own link, to be copied. */
export function LinkFor({ form, onClose }: { readonly form: string; readonly onClose: () => void }) {
  const { vendor } = useHere()
  const couples = useQuery(asks(listClients, { params: { vendor }, query: { limit: COUPLES_OFFERED } }))
  const [client, setClient] = useState<string | null>(null)
  const [url, setUrl] = useState<string | null>(null)
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const make = (): void =>
    act(async () => {
      if (client === null) return
      const body = { client }
      const { data } = await api(makeFormLink, { params: { vendor, form }, body, key: keyOf(body) })
      setUrl(data.url)
      void askAgain(listUnanswered, listForms)
    })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="A link for one couple"
      description="It opens this form for them alone, without a journey and without reminders."
      actions={
        url ? (
          <Button
            look="primary"
            icon={Copy}
            onClick={() =>
              act(async () => {
                await navigator.clipboard.writeText(url)
                toast('The link is copied')
                onClose()
              })
            }
          >
            Copy the link
          </Button>
        ) : (
          <Button look="primary" busy={busy} disabled={client === null} onClick={make}>
            {client === null ? 'Make the link, the couple is missing' : 'Make the link'}
          </Button>
        )
      }
    >
      {url ? (
        <Field
          label="Their link"
          hint="Whoever has it can read and send their answers. It can be taken back."
        >
          <Input readOnly value={url} onFocus={({ target }) => target.select()} />
        </Field>
      ) : (
        <Field label="Couple">
          <Combobox
            choices={(couples.data?.data.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={client}
            search="Find a couple"
            onChange={setClient}
          />
        </Field>
      )}
    </Dialog>
  )
}
