import { DropdownMenu } from 'radix-ui'
import { Fragment, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'
import { Kbd } from './Kbd.tsx'

export type MenuItem =
  | 'line'
  | {
      readonly label: string
      readonly icon?: IconShape
      readonly keys?: readonly string[]
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly onSelect?: () => void
    }

/** The other things one can do here. What stops or erases stands last, below a line. */
export function Menu({
  trigger,
  items,
  align = 'end',
}: {
  readonly trigger: ReactNode
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end'
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-[var(--z-popover)] min-w-[208px] data-[state=open]:animate-appear rounded-md border border-border bg-popover p-1 text-popover-foreground shadow-md"
        >
          {items.map((item, index) =>
            item === 'line' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name, and menus do not reorder.
              <Fragment key={`line-${index}`}>
                <DropdownMenu.Separator className="mx-2 my-1 h-px bg-border" />
              </Fragment>
            ) : (
              <DropdownMenu.Item
                key={item.label}
                {...(item.disabled && { disabled: true })}
                {...(item.onSelect && { onSelect: item.onSelect })}
                className={classNames(
                  'flex min-h-[30px] items-center gap-2 rounded-[4px] px-2 outline-none touch:min-h-11 data-[disabled]:opacity-[.48] data-[highlighted]:bg-muted',
                  item.danger && 'text-danger-text',
                )}
              >
                {item.icon && (
                  <Icon of={item.icon} size={14} className={item.danger ? '' : 'text-muted-foreground'} />
                )}
                {item.label}
                {item.keys && (
                  <span className="ml-auto pl-4">
                    <Kbd keys={item.keys} />
                  </span>
                )}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
