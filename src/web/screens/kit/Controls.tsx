import { ChevronDown, Ellipsis, Pencil, Search } from 'lucide-react'
import { useState } from 'react'
import { Button, ButtonGroup, IconButton } from '../../../ui/Button.tsx'
import { Checkbox, RadioGroup, Switch } from '../../../ui/Checkbox.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput, TextArea } from '../../../ui/Input.tsx'
import { Chip, Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'

import { TimeField } from '../../../ui/TimeField.tsx'
import { Section } from '../../../ui/Type.tsx'

const ROW = 'flex flex-wrap items-center gap-2 py-1'
const Lbl = ({ children }: { readonly children: string }) => (
  <span className="w-full text-small text-muted-foreground sm:w-[88px]">{children}</span>
)
const CITIES = [
  { value: 'rome', label: 'Rome', aside: 'Italy' },
  { value: 'london', label: 'London', aside: 'England' },
  { value: 'toronto', label: 'Toronto', aside: 'Canada' },
  { value: 'lisbon', label: 'Lisbon', aside: 'Portugal' },
]

export function Controls() {
  return (
    <>
      <Section title="Buttons" level={3}>
        <div className={ROW}>
          <Lbl>rest</Lbl>
          <Button look="primary">Approve</Button>
          <Button>Edit</Button>
          <Button look="ghost">Skip</Button>
          <Button look="quiet-danger">Stop</Button>
          <Button look="danger">Erase data</Button>
          <IconButton icon={Ellipsis} label="More" />
        </div>
        <div className={ROW}>
          <Lbl>icon</Lbl>
          <Button icon={Pencil}>Edit this one</Button>
          <IconButton icon={Pencil} label="Edit" keys={['E']} look="ghost" size="sm" />
        </div>
        <div className={ROW}>
          <Lbl>disabled, busy</Lbl>
          <Button look="primary" disabled>
            Apply, 1 choice left
          </Button>
          <Button busy>Importing 412 of 1,000</Button>
        </div>
        <div className={ROW}>
          <Lbl>sizes</Lbl>
          <Button size="sm">28</Button>
          <Button>32</Button>
          <Button size="lg">40</Button>
          <Button size="touch">44, touch</Button>
          <ButtonGroup label="Send">
            <Button>Send now</Button>
            <IconButton icon={ChevronDown} label="More ways" />
          </ButtonGroup>
        </div>
      </Section>
      <Section title="Inputs" level={3}>
        <Inputs />
      </Section>
      <Section title="Choices" level={3}>
        <Choices />
      </Section>
    </>
  )
}

function Inputs() {
  const [city, setCity] = useState<string | null>('rome')
  const [day, setDay] = useState<string | null>('2027-09-04')
  return (
    <div className="grid items-start gap-4 pt-1 sm:grid-cols-2">
      <Field label="Subject">
        <Input defaultValue="Let’s talk through your day" />
      </Field>
      <Field label="Wedding date" hint="Rome, the venue’s zone">
        <DateField value={day} today="2027-06-10" wedding onChange={setDay} />
      </Field>
      <Field label="Ceremony" hint="“930”, “14h30” and “2:30 pm” are read, too; arrows walk a quarter.">
        <TimeField defaultValue="14:30" />
      </Field>
      <Field label="Mobile" error="One or two digits are missing.">
        <Input defaultValue="+39 347 555 01" inputMode="tel" />
      </Field>
      <Field label="Zone">
        <Input disabled value="London, from the business" readOnly />
      </Field>
      <Field label="Language">
        <Select
          choices={[
            { value: 'en', label: 'English' },
            { value: 'it', label: 'Italiano' },
            { value: 'fr', label: 'Français' },
          ]}
          defaultValue="en"
        />
      </Field>
      <Field label="Joins too late" hint="Quiet, in a row that is mostly read.">
        <Select
          look="quiet"
          choices={[
            { value: 'skip', label: 'Leave it out' },
            { value: 'task', label: 'A person decides' },
          ]}
          defaultValue="skip"
        />
      </Field>
      <Field label="Venue’s city" hint="Type to find it.">
        <Combobox choices={CITIES} value={city} onChange={setCity} />
      </Field>
      <Field label="Find" optional>
        <Input icon={Search} placeholder="A couple, a journey" />
      </Field>
      <Field label="Password">
        <PasswordInput autoComplete="off" defaultValue="three quiet words" />
      </Field>
      <Field label="Note" optional>
        <TextArea placeholder="Someone missing, someone who does not want to be photographed" />
      </Field>
      <Field label="No date yet">
        <DateField value={null} today="2027-06-10" onChange={() => undefined} disabled />
      </Field>
    </div>
  )
}

function Choices() {
  const [mode, setMode] = useState<'build' | 'live' | 'results'>('build')
  const [trade, setTrade] = useState(true)
  return (
    <div className="grid gap-2 pt-1">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Checkbox defaultChecked>Mia</Checkbox>
        <Checkbox>Jonas</Checkbox>
        <Checkbox checked="mixed">All</Checkbox>
        <Checkbox disabled>Nobody</Checkbox>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <RadioGroup
          label="When the date moves"
          defaultValue="follow"
          choices={[
            { value: 'follow', label: 'Follow' },
            { value: 'keep', label: 'Keep' },
          ]}
        />
        <Switch defaultChecked>Approve first</Switch>
        <Switch>SMS</Switch>
        <Switch disabled>Calls</Switch>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="View"
          value={mode}
          onChange={setMode}
          segments={[
            { value: 'build', label: 'Build' },
            { value: 'live', label: 'Live' },
            { value: 'results', label: 'Results' },
          ]}
        />
        <Chip on={trade} onChange={setTrade}>
          Photographer
        </Chip>
        <Chip on={!trade} onChange={(on) => setTrade(!on)}>
          Venue
        </Chip>
      </div>
    </div>
  )
}
