import { useQuery } from '@tanstack/react-query'
import { Monitor, Send, Smartphone, Text } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { composeMessage, tryMessage } from '../../contract/messages.ts'
import type { JsonObject } from '../../core/ids.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Answer } from '../Answer.tsx'
import { api, asks } from '../api.ts'
import { useHere } from '../session.ts'
import { useActs } from '../shell/commands.ts'
import { useDoing } from '../useDoing.ts'
import { LetterFrame } from './LetterFrame.tsx'

const FORMS = [
  { value: 'desktop', label: 'Desktop', icon: Monitor },
  { value: 'phone', label: 'Phone', icon: Smartphone },
  { value: 'text', label: 'Plain text', icon: Text },
] as const
type Form = (typeof FORMS)[number]['value']
const WIDTH = { desktop: 680, phone: 390 } as const

/** A letter as the chosen couple would get it, made by the server; and sent to oneself, never to them. */
export function MessagePreview({
  type,
  version,
  config,
  client,
}: {
  readonly type: string
  readonly version: number
  readonly config: JsonObject
  readonly client: { readonly id: string | null; readonly name: string } | null
}) {
  const { vendor, may } = useHere()
  const [open, setOpen] = useState(false)
  const [form, setForm] = useState<Form>('desktop')
  const { busy, act } = useDoing()
  const [tried, setTried] = useState<{ sent: boolean; says: string } | null>(null)
  const body = useDeferredValue({
    type,
    version,
    config,
    ...(client?.id ? { client: client.id } : {}),
  })
  const made = useQuery({
    ...asks(composeMessage, { params: { vendor }, body }),
    enabled: open,
    retry: false,
  })
  const trySending = () =>
    act(async () => {
      setTried(null)
      setTried((await api(tryMessage, { params: { vendor }, body })).data)
    })
  useActs(
    may(composeMessage)
      ? [
          {
            label: may(tryMessage) ? 'Preview it, or send it to me' : 'Preview it',
            icon: Monitor,
            also: ['test send', 'try'],
            run: () => setOpen(true),
          },
        ]
      : [],
  )
  if (!may(composeMessage)) return null
  return (
    <Dialog
      wide
      title="Preview"
      description={
        client ? `As ${client.name} would get it now.` : 'As a couple like any other would get it.'
      }
      open={open}
      onOpenChange={(now) => {
        setOpen(now)
        setTried(null)
      }}
      trigger={<Button icon={Monitor}>Preview</Button>}
      actions={
        may(tryMessage) && (
          <Button icon={Send} busy={busy} onClick={trySending}>
            Send it to me
          </Button>
        )
      }
    >
      <div className="grid gap-3 pb-2">
        {tried && <Banner kind={tried.sent ? 'success' : 'warning'} live title={tried.says} />}
        <div>
          <Segmented label="Form" segments={FORMS} value={form} onChange={setForm} />
        </div>
        <Answer of={made} lines={6}>
          {({ data }) => {
            const content = data.content as { subject?: string; html?: string; text?: string } | null
            if (!content)
              return (
                <Banner
                  kind="warning"
                  title={
                    data.unresolved.length > 0
                      ? `There is no value for ${data.unresolved.join(', ')}. It would wait for you.`
                      : `It cannot be made like this: ${data.why ?? 'something is missing'}.`
                  }
                />
              )
            return (
              <>
                {data.why && <Banner kind="warning" title={data.why} />}
                <p>
                  <span className="text-muted-foreground">Subject</span>{' '}
                  <span className="font-strong">{content.subject}</span>
                </p>
                {form === 'text' ? (
                  <pre className="overflow-x-auto rounded-md border border-border bg-card p-4 text-ui whitespace-pre-wrap">
                    {content.text}
                  </pre>
                ) : (
                  <LetterFrame html={content.html ?? ''} title="The letter" width={WIDTH[form]} />
                )}
              </>
            )
          }}
        </Answer>
      </div>
    </Dialog>
  )
}
