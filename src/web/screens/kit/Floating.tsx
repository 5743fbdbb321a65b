import { AlarmClock, Calendar, Ellipsis, Send, SkipForward, Square } from 'lucide-react'
import { Count } from '../../../ui/Badge.tsx'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Dialog, DialogClose, Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Kbd } from '../../../ui/Kbd.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { Popover } from '../../../ui/Popover.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { Tooltip } from '../../../ui/Tooltip.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'

export function Floating() {
  return (
    <>
      <Section title="Tabs and keys" level={3}>
        <Tabs
          label="Platform"
          defaultValue="overview"
          tabs={[
            { value: 'overview', label: 'Overview', content: 'Nine workers, none idle.' },
            { value: 'queues', label: 'Queues', content: 'Nothing waits longer than a second.' },
            {
              value: 'alerts',
              label: (
                <>
                  Alerts
                  <Count tone="warning" noun="open">
                    {2}
                  </Count>
                </>
              ),
              content: 'Two are open.',
            },
          ]}
        />
        <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          <span className="flex items-center gap-2">
            Find <Kbd keys={['Mod', 'K']} />
          </span>
          <span className="flex items-center gap-2">
            Today <Kbd keys={['G', 'then', 'T']} />
          </span>
        </p>
      </Section>
      <Section title="What opens" level={3}>
        <div className="flex flex-wrap gap-2 pt-1">
          <Menu
            trigger={<Button icon={Ellipsis}>Menu</Button>}
            align="start"
            items={[
              { label: 'Send now', icon: Send, keys: ['S'] },
              { label: 'Snooze', icon: AlarmClock },
              { label: 'Skip this one', icon: SkipForward, disabled: true },
              'line',
              { label: 'Stop the journey', icon: Square, danger: true },
            ]}
          />
          <Popover label="The venue’s hours" trigger={<Button icon={Calendar}>Popover</Button>}>
            <div className="w-64 p-4">
              <p className="font-display text-h3 font-medium">The venue’s hours</p>
              <p className="mt-1 text-muted-foreground">Deliveries from 08:00 to 11:00 Rome.</p>
            </div>
          </Popover>
          <Tooltip label="Tidy the layout" keys={['T']}>
            <Button>Tooltip</Button>
          </Tooltip>
          <Dialog
            trigger={<Button>Dialog</Button>}
            title="Erase the data of Ana & Simon?"
            description="Their names, addresses and 214 messages go for good. Totals in your analytics stay, without names. This is the one thing here that cannot be undone."
            actions={
              <>
                <DialogClose>
                  <Button>Keep it</Button>
                </DialogClose>
                <Button look="danger" disabled>
                  Erase
                </Button>
              </>
            }
          >
            <Field label="Type their names to go on">
              <Input placeholder="Ana Reyes, Simon Cole" />
            </Field>
          </Dialog>
          <Sheet
            trigger={<Button>Sheet</Button>}
            title="Snooze"
            description="For Mia & Jonas only."
            actions={
              <>
                <DialogClose>
                  <Button size="touch">Close</Button>
                </DialogClose>
                <DialogClose>
                  <Button size="touch" look="primary">
                    Snooze
                  </Button>
                </DialogClose>
              </>
            }
          >
            <p className="text-phone text-muted-foreground">
              Thu 17 June 10:00 Toronto, a week later than the rule says.
            </p>
          </Sheet>
          <Button
            onClick={() =>
              toast('Skipped for Mia & Jonas', { undo: () => toast('Mia & Jonas hear it after all') })
            }
          >
            Toast
          </Button>
          <Button
            onClick={() =>
              toast('Not done: “Mia & Jonas: Your timeline is approved”. The server did not answer.', {
                failed: true,
              })
            }
          >
            What failed
          </Button>
          <IconButton icon={Send} label="Send now" keys={['S']} />
        </div>
      </Section>
    </>
  )
}
