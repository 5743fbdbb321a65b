import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './Icon.tsx'
import { useFocusReturn } from './useFocusReturn.ts'

type Opening = {
  readonly title: string
  readonly description?: ReactNode
  readonly trigger?: ReactNode
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  /** Buttons, the one that goes on at the end. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
  /** Where one goes on when it was opened by no press: by the address of the page. The page itself, if nothing is nearer. */
  readonly goesBackTo?: () => HTMLElement | null
}

const LAYER = 'fixed inset-0 z-[var(--z-overlay)]'
const SCRIM = `${LAYER} data-[state=open]:animate-appear bg-overlay`
/** `open` only when somebody else holds it: Radix tells "not given" from "undefined". */
const held = ({ open, onOpenChange }: Pick<Opening, 'open' | 'onOpenChange'>) => ({
  ...(open !== undefined && { open }),
  ...(onOpenChange && { onOpenChange }),
})

/** Where reading begins: the first field if there is one, else the dialog itself; never its Close button. */
function useFocusMoves({ trigger, goesBackTo }: Pick<Opening, 'trigger' | 'goesBackTo'>) {
  // A trigger is gone back to by itself.
  const back = useFocusReturn(() => goesBackTo?.() ?? (trigger ? null : document.querySelector('main')))
  return {
    onOpenAutoFocus: (event: Event) => {
      back.remember()
      focusFirst(event)
    },
    onCloseAutoFocus: back.giveBack,
  }
}

function focusFirst(event: Event): void {
  event.preventDefault()
  const content = event.target as HTMLElement
  ;(content.querySelector<HTMLElement>('input, select, textarea') ?? content).focus()
}

/** Stops everything else, so it is for what cannot be undone and for what needs the whole eye. */
export function Dialog({
  title,
  description,
  actions,
  children,
  wide = false,
  ...state
}: Opening & { readonly wide?: boolean }) {
  const moves = useFocusMoves(state)
  return (
    <Radix.Root {...held(state)}>
      {state.trigger && <Radix.Trigger asChild>{state.trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <div className="pointer-events-none fixed inset-0 z-[var(--z-dialog)] grid grid-rows-1 place-items-center p-4">
          <Radix.Content
            {...(!description && { 'aria-describedby': undefined })}
            {...moves}
            className={classNames(
              'pointer-events-auto outline-none flex max-h-full w-full data-[state=open]:animate-rise flex-col rounded-lg border border-border bg-popover text-popover-foreground shadow-lg',
              wide ? 'max-w-[880px]' : 'max-w-[560px]',
            )}
          >
            <Heading title={title} description={description} />
            {children && <div className="min-h-0 overflow-y-auto px-6 pt-3 pb-1">{children}</div>}
            {actions && <div className="flex flex-wrap justify-end gap-2 px-6 pt-4 pb-5">{actions}</div>}
            {!actions && <div className="pb-5" />}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Heading({ title, description }: Pick<Opening, 'title' | 'description'>) {
  return (
    <div className="flex items-start gap-4 pt-5 pr-4 pl-6">
      <div className="min-w-0 flex-1">
        <Radix.Title className="font-display text-h2 font-medium tracking-display text-pretty">
          {title}
        </Radix.Title>
        {description && (
          <Radix.Description className="mt-1 text-muted-foreground text-pretty">
            {description}
          </Radix.Description>
        )}
      </div>
      <Radix.Close
        aria-label="Close"
        className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-sm hover:bg-muted touch:after:absolute touch:after:-inset-1.5"
      >
        <Icon of={X} />
      </Radix.Close>
    </div>
  )
}

/** From below on a phone, where the thumb is; from the right on a desk. */
export function Sheet({
  title,
  description,
  actions,
  children,
  clear = false,
  ...state
}: Opening & {
  /** What lies behind is what it is about, and stays to be looked at. */
  readonly clear?: boolean
}) {
  const moves = useFocusMoves(state)
  return (
    <Radix.Root {...held(state)}>
      {state.trigger && <Radix.Trigger asChild>{state.trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className={clear ? LAYER : SCRIM} />
        <Radix.Content
          {...(!description && { 'aria-describedby': undefined })}
          {...moves}
          className="outline-none fixed inset-x-0 bottom-0 z-[var(--z-dialog)] flex max-h-[88dvh] data-[state=open]:animate-slide-up flex-col rounded-t-lg border-t border-border bg-popover pb-[env(safe-area-inset-bottom)] text-popover-foreground shadow-lg md:inset-y-0 md:left-auto md:max-h-none md:w-[384px] md:data-[state=open]:animate-slide-in md:rounded-none md:border-t-0 md:border-l"
        >
          <div
            aria-hidden="true"
            className="mx-auto mt-2 h-1 w-9 shrink-0 rounded-full bg-border-strong md:hidden"
          />
          <Heading title={title} description={description} />
          <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4">{children}</div>
          {actions && (
            <div className="flex gap-2 border-t border-border px-6 py-3 [&>*]:flex-1 md:justify-end md:[&>*]:flex-none">
              {actions}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Closes the dialog or sheet it stands in. */
export const DialogClose = ({ children }: { readonly children: ReactNode }) => (
  <Radix.Close asChild>{children}</Radix.Close>
)
