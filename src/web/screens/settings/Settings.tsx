import { Switch } from '../../../ui/Checkbox.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Kbd } from '../../../ui/Kbd.tsx'
import { ThemeSwitch } from '../../../ui/ThemeSwitch.tsx'
import { Eyebrow, Lede, Section } from '../../../ui/Type.tsx'
import { setSingleKeys, useSingleKeys } from '../../shell/preferences.ts'

/** What this browser keeps for you works; what the business keeps comes with accounts. */
export function Settings() {
  const single = useSingleKeys()
  return (
    <>
      <Eyebrow>Settings</Eyebrow>
      <Lede>How the house looks and listens, on this device.</Lede>
      <div className="mt-5 grid max-w-[860px] gap-6">
        <Section title="On this device">
          <div className="grid gap-4 py-2 md:grid-cols-2">
            <div>
              <p className="mb-1 text-small font-strong">Colours</p>
              <ThemeSwitch size="md" />
              <p className="mt-1 text-small text-muted-foreground">
                System follows the machine, also at dusk.
              </p>
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
        <Section title="Your business">
          <div className="pt-2">
            <EmptyState title="Not connected yet" level={3}>
              Business, hours, holidays, quiet hours, members, channels, keys and the record of every change
              come with accounts.
            </EmptyState>
          </div>
        </Section>
      </div>
    </>
  )
}
