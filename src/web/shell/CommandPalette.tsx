import { Command as Cmdk } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { Icon } from '../../ui/Icon.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { useFocusReturn } from '../../ui/useFocusReturn.ts'
import { type Command, useCommands } from './commands.ts'
import { setOverlay } from './overlays.ts'

const GROUPS = ['Here', 'Go to', 'Do'] as const

/** One line to go anywhere and do anything. Couples, journeys and answers join when there are some to find. */
export function CommandPalette() {
  const commands = useCommands().filter((command) => !command.byKeyOnly)
  const back = useFocusReturn()
  const choose = (command: Command) => {
    setOverlay(null)
    command.run()
  }
  return (
    <Dialog.Root open onOpenChange={() => setOverlay(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-[var(--z-overlay)] data-[state=open]:animate-appear bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={back.remember}
          onCloseAutoFocus={back.giveBack}
          className="fixed inset-x-4 top-4 z-[var(--z-dialog)] mx-auto flex max-h-[calc(100dvh-32px)] max-w-[600px] data-[state=open]:animate-appear flex-col overflow-hidden rounded-lg border border-border bg-popover text-popover-foreground shadow-lg md:top-[12vh] md:max-h-[70vh]"
        >
          <Dialog.Title className="sr-only">Go somewhere or do something</Dialog.Title>
          <Cmdk label="Go somewhere or do something" loop className="flex min-h-0 flex-col">
            <div className="flex h-12 shrink-0 items-center gap-2.5 border-b border-border px-3.5">
              <Icon of={Search} className="text-muted-foreground" />
              <Cmdk.Input
                placeholder="Go somewhere or do something"
                className="min-w-0 flex-1 bg-transparent text-phone outline-none touch:text-lead"
              />
              <Dialog.Close aria-label="Close, Esc" className="rounded-xs">
                <Kbd keys={['Esc']} />
              </Dialog.Close>
            </div>
            <Cmdk.List
              label="What you can do"
              className="min-h-0 flex-1 overflow-y-auto p-1.5 [scroll-padding-block:32px]"
            >
              <Cmdk.Empty className="px-2.5 py-6 text-center text-muted-foreground">
                Nothing by that name. Try a room, or “dark”.
              </Cmdk.Empty>
              {GROUPS.map((group) => {
                const some = commands.filter((command) => command.group === group)
                return (
                  some.length > 0 && (
                    <Cmdk.Group
                      key={group}
                      heading={group}
                      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-0.5 [&_[cmdk-group-heading]]:text-micro [&_[cmdk-group-heading]]:font-strong [&_[cmdk-group-heading]]:text-muted-foreground"
                    >
                      {some.map((command) => (
                        <Cmdk.Item
                          key={command.id}
                          value={command.label}
                          keywords={[...(command.also ?? [])]}
                          onSelect={() => choose(command)}
                          className="flex h-9 items-center gap-2.5 rounded-sm px-2.5 touch:h-11 data-[selected=true]:bg-selected"
                        >
                          <Icon of={command.icon} className="text-muted-foreground" />
                          {command.label}
                          {command.keys && (
                            <span className="ml-auto hidden md:inline">
                              <Kbd keys={command.keys} />
                            </span>
                          )}
                        </Cmdk.Item>
                      ))}
                    </Cmdk.Group>
                  )
                )
              })}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
