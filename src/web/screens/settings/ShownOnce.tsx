import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/toasts.ts'

/** The one moment a secret can be read. */
export function ShownOnce({
  title,
  secret,
  onDone,
  children,
}: {
  readonly title: string
  readonly secret: string
  readonly onDone: () => void
  readonly children: ReactNode
}) {
  return (
    <div className="py-2">
      <Banner kind="success" live title={title} onDismiss={onDone}>
        <p>{children}</p>
        <p className="mt-1.5 flex flex-wrap items-center gap-2">
          <code className="rounded-xs bg-card px-1.5 py-0.5 font-mono text-foreground select-all [overflow-wrap:anywhere]">
            {secret}
          </code>
          <CopyButton text={secret} />
        </p>
      </Banner>
    </div>
  )
}

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      toast('Copied')
    } catch {
      toast('The browser did not allow it. Mark it and copy it by hand.')
    }
  }
  return (
    <Button size="sm" icon={Copy} onClick={() => void copy()} {...(label && { 'aria-label': label })}>
      Copy
    </Button>
  )
}
