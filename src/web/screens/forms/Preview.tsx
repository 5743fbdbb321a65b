import { Monitor, Smartphone } from 'lucide-react'
import { useEffect, useState } from 'react'
import { previewPath } from '../../../contract/forms.ts'
import { Segmented } from '../../../ui/Segmented.tsx'
import { useHere } from '../../session.ts'
import type { FormDraft } from './useFormDraft.ts'

const WIDTHS = { desk: '100%', phone: '390px' } as const

/** The very page a couple will open, made by the server from what is saved; nothing in it can be sent. */
export function Preview({ draft }: { readonly draft: FormDraft }) {
  const { vendor } = useHere()
  const [as, setAs] = useState<keyof typeof WIDTHS>(
    matchMedia('(min-width: 768px)').matches ? 'desk' : 'phone',
  )
  const [shown, setShown] = useState<string | null>(null)
  const { settle, saved } = draft
  useEffect(() => {
    let here = true
    settle()
      .then((etag) => here && setShown(etag))
      .catch(() => here && setShown('as it was saved'))
    return () => {
      here = false
    }
  }, [settle])
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Segmented
          label="Shown on"
          value={as}
          segments={[
            { value: 'desk', label: 'Desktop', icon: Monitor },
            { value: 'phone', label: 'Phone', icon: Smartphone },
          ]}
          onChange={setAs}
        />
        <p className="text-small text-muted-foreground">For an imagined couple; nothing can be sent.</p>
      </div>
      <div className="overflow-hidden rounded-md border border-border bg-sunken">
        {shown !== null && (
          <iframe
            key={shown}
            title="The form as a couple sees it"
            src={previewPath(vendor, saved.id)}
            className="mx-auto block h-[760px] max-w-full border-0 bg-background"
            style={{ width: WIDTHS[as] }}
          />
        )}
      </div>
    </>
  )
}
