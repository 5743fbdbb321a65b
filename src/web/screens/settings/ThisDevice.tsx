import { Switch } from '../../../ui/Checkbox.tsx'
import { Kbd } from '../../../ui/Kbd.tsx'
import { ThemeSwitch } from '../../../ui/ThemeSwitch.tsx'
import { Section } from '../../../ui/Type.tsx'
import { setSingleKeys, useSingleKeys } from '../../shell/preferences.ts'

/** What this browser keeps for you. */
export function ThisDevice() {
  const single = useSingleKeys()
  return (
    <Section title="On this device">
      <div className="grid gap-4 py-2 md:grid-cols-2">
        <div>
          <p className="mb-1 text-small font-strong">Colours</p>
          <ThemeSwitch size="md" />
          <p className="mt-1 text-small text-muted-foreground">System follows the machine, also at dusk.</p>
        </div>
        <div>
          <p className="mb-1 text-small font-strong">Keys</p>
          <Switch checked={single} onChange={setSingleKeys}>
            Single keys
          </Switch>
          <p className="mt-1 text-small text-muted-foreground">
            Such as <Kbd keys={['G', 'then', 'T']} />. Press <Kbd keys={['?']} /> to see all of them.
          </p>
        </div>
      </div>
    </Section>
  )
}
