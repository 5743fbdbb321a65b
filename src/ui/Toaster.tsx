import { Check, TriangleAlert } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useEffect, useState } from 'react'
import { Icon } from './Icon.tsx'
import { keepAside } from './toast-place.ts'
import { dismiss, type Toast, useToasts } from './toasts.ts'

const standAside = (toasts: HTMLElement | null) => (toasts ? keepAside(toasts) : undefined)

/**
 * Where toasts appear: above the bottom bar on a phone, in the corner on a desk, and out of the way of whatever is
 * open. F8 leads there.
 */
export function Toaster() {
  const toasts = useToasts()
  return (
    <Radix.Provider label="Done just now" swipeDirection="down">
      {toasts.map((one) => (
        <OneToast key={one.id} of={one} />
      ))}
      <Radix.Viewport
        ref={standAside}
        label="Done just now ({hotkey})"
        className="toasts fixed z-[var(--z-toast)] flex flex-col gap-2"
      />
    </Radix.Provider>
  )
}

function OneToast({ of }: { readonly of: Toast }) {
  const [left, setLeft] = useState(Math.round(of.forMs / 1_000))
  const [resting, setResting] = useState(false)
  useEffect(() => {
    if (resting) return
    const ticking = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1_000)
    return () => clearInterval(ticking)
  }, [resting])
  return (
    <Radix.Root
      type="foreground"
      duration={of.forMs}
      onOpenChange={(open) => !open && dismiss(of.id)}
      onPause={() => setResting(true)}
      onResume={() => setResting(false)}
      className="max-w-full data-[state=open]:animate-rise rounded-md data-[swipe=end]:opacity-0 data-[swipe=move]:translate-y-[var(--radix-toast-swipe-move-y)]"
    >
      <ToastBody
        says={of.says}
        failed={of.failed}
        left={of.undo ? left : null}
        undo={of.undo ? <Undo of={of} /> : null}
      />
    </Radix.Root>
  )
}

const Undo = ({ of }: { readonly of: Toast }) => (
  <Radix.Action
    altText="Undo with Mod+Z"
    onClick={() => of.undo?.()}
    className="min-h-6 rounded-xs font-bold underline underline-offset-[3px] outline-offset-4 focus-visible:outline-inverse-foreground relative after:absolute after:-inset-3"
  >
    Undo
  </Radix.Action>
)

/** How a toast looks; the kit draws it at rest. */
export function ToastBody({
  says,
  left,
  undo,
  failed = false,
}: {
  readonly says: string
  readonly failed?: boolean
  readonly left: number | null
  readonly undo: React.ReactNode
}) {
  return (
    <div className="flex items-center gap-3 rounded-md bg-inverse py-2.5 pr-3 pl-3.5 text-inverse-foreground shadow-md">
      <Icon of={failed ? TriangleAlert : Check} size={14} />
      <Radix.Title asChild>
        <span className="line-clamp-3 min-w-0 [overflow-wrap:anywhere]">{says}</span>
      </Radix.Title>
      {undo}
      {left !== null && (
        <span aria-hidden="true" className="whitespace-nowrap">
          {left} s left
        </span>
      )}
    </div>
  )
}
