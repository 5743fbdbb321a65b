import { Switch } from '../../ui/Checkbox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { Section } from '../../ui/Type.tsx'
import { useCommands } from './commands.ts'
import { setOverlay } from './overlays.ts'
import { setSingleKeys, useSingleKeys } from './preferences.ts'

/** Every key there is right now, drawn from the same list the keys are read from. */
export function ShortcutsSheet() {
  const commands = useCommands().filter((command) => command.keys)
  const on = useSingleKeys()
  return (
    <Dialog
      wide
      open
      onOpenChange={() => setOverlay(null)}
      title="Keys"
      description="They work anywhere but in a field. Every button shows its key when you rest on it."
    >
      <div className="grid gap-x-10 gap-y-5 pt-1 pb-3 md:grid-cols-2">
        {(['Go to', 'Do', 'Here'] as const).map((group) => {
          const some = commands.filter((command) => command.group === group)
          return (
            some.length > 0 && (
              <Section key={group} title={group} level={3}>
                <ul>
                  {some.map((command) => (
                    <li
                      key={command.id}
                      className="flex h-8 items-center justify-between gap-4 border-t border-border first:border-t-0"
                    >
                      {command.label}
                      <Kbd keys={command.keys ?? []} />
                    </li>
                  ))}
                </ul>
              </Section>
            )
          )
        })}
      </div>
      <div className="border-t border-border py-3">
        <Switch checked={on} onChange={setSingleKeys}>
          Single keys, such as <Kbd keys={['?']} /> and <Kbd keys={['G', 'then', 'T']} />
        </Switch>
      </div>
    </Dialog>
  )
}
