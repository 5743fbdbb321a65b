import { useEffect, useState } from 'react'
import { parsePhrase, phraseOf } from '../../../../core/journey/phrase.ts'
import type { Amount, WaitRule, WhoseZone } from '../../../../core/wedding/wait-rule.ts'
import { DateField } from '../../../../ui/DateField.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Input } from '../../../../ui/Input.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { TimeField } from '../../../../ui/TimeField.tsx'
import { today } from '../../../times.ts'

/** Which shapes of a rule make sense here. */
export type Shape = 'after' | 'anchor' | 'next' | 'on' | 'every'
const SHAPES: { readonly [shape in Shape]: string } = {
  after: 'After a while',
  anchor: 'Before or after a date of theirs',
  next: 'At the next time of day',
  on: 'On a fixed day',
  every: 'Again and again',
}
export const shapeOf = (rule: WaitRule): Shape => {
  if ('before' in rule) return 'anchor'
  if ('next' in rule) return 'next'
  if ('on' in rule) return 'on'
  if ('every' in rule) return 'every'
  return rule.of === undefined || rule.of === 'now' ? 'after' : 'anchor'
}
const FRESH: { readonly [shape in Shape]: WaitRule } = {
  after: { after: { days: 2 } },
  anchor: { before: { days: 14 }, of: 'wedding', at: '09:00' },
  next: { next: '10:00' },
  on: { on: '2027-01-04', at: '10:00' },
  every: { every: { days: 14 }, timesMax: 3 },
}

const ANCHORS = [
  { value: 'wedding', label: 'the wedding' },
  { value: 'booking', label: 'the booking' },
  { value: 'inquiry', label: 'the inquiry' },
  { value: 'first_payment', label: 'the first payment' },
  { value: 'gallery_published', label: 'the gallery' },
  { value: 'due:', label: 'a payment that is due …' },
  { value: 'meeting:', label: 'a meeting …' },
  { value: 'custom:', label: 'a date of your own …' },
] as const
const UNITS = [
  { value: 'minutes', label: 'minutes' },
  { value: 'hours', label: 'hours' },
  { value: 'days', label: 'days' },
  { value: 'businessDays', label: 'working days' },
  { value: 'weeks', label: 'weeks' },
  { value: 'months', label: 'months' },
  { value: 'years', label: 'years' },
] as const satisfies readonly { value: keyof Amount; label: string }[]
const ZONES = [
  { value: 'venue', label: 'venue time' },
  { value: 'vendor', label: 'your time' },
  { value: 'couple', label: 'the couple’s time' },
] as const

/** "14 days before the wedding at 09:00, venue time": chosen part by part, or written as one says it. */
export function WaitEditor({
  label,
  rule,
  shapes,
  disabled = false,
  onChange,
}: {
  readonly label: string
  readonly rule: WaitRule
  readonly shapes: readonly Shape[]
  readonly disabled?: boolean
  readonly onChange: (rule: WaitRule, burst: string) => void
}) {
  const shape = shapeOf(rule)
  return (
    <fieldset disabled={disabled} className="min-w-0 space-y-3">
      <legend className="sr-only">{label}</legend>
      <InWords label={label} rule={rule} onChange={onChange} />
      <div className="grid grid-cols-2 gap-x-2 gap-y-2">
        {shapes.length > 1 && (
          <div className="col-span-2">
            <Select
              aria-label={`${label}: how it is said`}
              value={shape}
              choices={shapes.map((value) => ({ value, label: SHAPES[value] }))}
              onChange={(event) => onChange(FRESH[event.target.value as Shape], 'shape')}
            />
          </div>
        )}
        <Parts label={label} rule={rule} onChange={onChange} />
      </div>
    </fieldset>
  )
}

type PartProps = {
  readonly label: string
  readonly rule: WaitRule
  readonly onChange: (rule: WaitRule, burst: string) => void
}

/** The rule as a person would say it. It is read as one types; what cannot be read says why and changes nothing. */
function InWords({ label, rule, onChange }: PartProps) {
  const said = phraseOf(rule)
  const [typed, setTyped] = useState(said)
  const [problem, setProblem] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a changed rule is news here.
  useEffect(() => {
    const read = parsePhrase(typed)
    // Another edit changed the rule: the words follow it, but not while one is in the middle of a word.
    if (!read.ok || phraseOf(read.rule) !== said) {
      setTyped(said)
      setProblem(null)
    }
  }, [said])
  return (
    <Field label={label} error={problem} hint="Such as: 14 days before wedding at 09:00 venue time">
      <Input
        data-first
        value={typed}
        spellCheck={false}
        onChange={(event) => {
          const text = event.target.value
          setTyped(text)
          const read = parsePhrase(text)
          setProblem(read.ok ? null : read.problem)
          if (read.ok) onChange(read.rule, 'words')
        }}
        onBlur={() => {
          setTyped(said)
          setProblem(null)
        }}
      />
    </Field>
  )
}

function Parts({ label, rule, onChange }: PartProps) {
  if ('next' in rule)
    return (
      <Clock
        label={label}
        at={rule.next}
        zone={rule.zone}
        onChange={(at, zone) => at && onChange({ next: at, ...(zone && { zone }) }, 'clock')}
      />
    )
  const clock = (
    <Clock
      label={label}
      at={rule.at}
      zone={rule.zone}
      optional
      onChange={(at, zone) => {
        const { at: _at, zone: _zone, ...rest } = rule
        onChange({ ...rest, ...(at && { at }), ...(zone && { zone }) } as WaitRule, 'clock')
      }}
    />
  )
  if ('on' in rule)
    return (
      <>
        <div className="col-span-2">
          <Field label="Day">
            <DateField
              value={rule.on}
              today={today()}
              onChange={(on) => on && onChange({ ...rule, on }, 'on')}
            />
          </Field>
        </div>
        {clock}
      </>
    )
  if ('every' in rule)
    return (
      <>
        <Length
          label={`${label}: every`}
          amount={rule.every}
          onChange={(every) => onChange({ ...rule, every }, 'amount')}
        />
        <Field label="At most so often">
          <Input
            type="number"
            min={1}
            max={400}
            value={rule.timesMax}
            onChange={(event) =>
              onChange({ ...rule, timesMax: within(event.target.valueAsNumber, 1, 400) }, 'times')
            }
          />
        </Field>
        {clock}
      </>
    )
  const amount = 'before' in rule ? rule.before : rule.after
  const side = 'before' in rule ? 'before' : 'after'
  const withAmount = (next: Amount): WaitRule =>
    'before' in rule ? { ...rule, before: next } : { ...rule, after: next }
  if (side === 'after' && (rule.of === undefined || rule.of === 'now'))
    return (
      <>
        <Length
          label={`${label}: how long`}
          amount={amount}
          onChange={(next) => onChange(withAmount(next), 'amount')}
        />
        {clock}
      </>
    )
  const of = rule.of ?? 'wedding'
  const turned = (next: string): WaitRule => {
    const at = { ...(rule.at && { at: rule.at }), ...(rule.zone && { zone: rule.zone }) }
    return next === 'before' ? { before: amount, of, ...at } : { after: amount, of, ...at }
  }
  return (
    <>
      <Length
        label={`${label}: how long`}
        amount={amount}
        onChange={(next) => onChange(withAmount(next), 'amount')}
      />
      <Select
        aria-label={`${label}: before or after`}
        value={side}
        choices={[
          { value: 'before', label: 'before' },
          { value: 'after', label: 'after' },
        ]}
        onChange={(event) => onChange(turned(event.target.value), 'side')}
      />
      <Anchor
        label={label}
        of={of}
        onChange={(next) => onChange({ ...rule, of: next } as WaitRule, 'anchor')}
      />
      {clock}
    </>
  )
}

const within = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : min

function Length({
  label,
  amount,
  onChange,
}: {
  readonly label: string
  readonly amount: Amount
  readonly onChange: (amount: Amount) => void
}) {
  const parts = UNITS.filter(({ value }) => amount[value] !== undefined)
  const unit = parts[0]?.value ?? 'days'
  // "1 month and 3 days" is said in words; here its first part is changed and the rest stays.
  const { [unit]: count = 0, ...rest } = amount
  return (
    <div className="col-span-2 grid grid-cols-2 gap-2">
      <Input
        type="number"
        min={0}
        max={3_660}
        aria-label={label}
        value={count}
        onChange={(event) => onChange({ ...rest, [unit]: within(event.target.valueAsNumber, 0, 3_660) })}
      />
      <Select
        aria-label={`${label}, in`}
        value={unit}
        choices={[...UNITS]}
        onChange={(event) => onChange({ ...rest, [event.target.value]: count })}
      />
    </div>
  )
}

function Anchor({
  label,
  of,
  onChange,
}: {
  readonly label: string
  readonly of: string
  readonly onChange: (of: string) => void
}) {
  const [kind, own] = of.includes(':') ? [`${of.split(':')[0]}:`, of.split(':')[1] ?? ''] : [of, null]
  return (
    <>
      <Select
        aria-label={`${label}: of which date`}
        value={kind}
        choices={[...ANCHORS]}
        onChange={(event) =>
          onChange(
            event.target.value.endsWith(':')
              ? `${event.target.value}${FIRST_NAME[event.target.value]}`
              : event.target.value,
          )
        }
      />
      {own !== null && (
        <Input
          aria-label={`${label}: its name`}
          value={own}
          spellCheck={false}
          onChange={(event) => {
            const name = event.target.value
              .toLowerCase()
              .replace(/[^a-z0-9_]+/g, '_')
              .slice(0, 60)
            if (name !== '') onChange(`${kind}${name}`)
          }}
        />
      )}
    </>
  )
}
const FIRST_NAME: { readonly [kind: string]: string } = {
  'due:': 'balance',
  'meeting:': 'final_call',
  'custom:': 'rehearsal',
}

function Clock({
  label,
  at,
  zone,
  optional = false,
  onChange,
}: {
  readonly label: string
  readonly at: string | undefined
  readonly zone: WhoseZone | undefined
  readonly optional?: boolean
  readonly onChange: (at: string | undefined, zone: WhoseZone | undefined) => void
}) {
  const fixed = typeof zone === 'object' ? zone.fixed : null
  return (
    <div className="col-span-2 grid grid-cols-2 gap-2">
      <div>
        <TimeField
          aria-label={`${label}: at which time${optional ? ', if one matters' : ''}`}
          value={at ?? null}
          onChange={(next) => onChange(next ?? undefined, zone)}
        />
      </div>
      <Select
        aria-label={`${label}: whose time`}
        value={fixed ?? (typeof zone === 'string' ? zone : 'venue')}
        choices={[...ZONES, ...(fixed ? [{ value: fixed, label: `${fixed} time` }] : [])]}
        onChange={(event) => {
          const next = event.target.value
          onChange(
            at,
            next === fixed ? { fixed: next } : next === 'venue' ? undefined : (next as 'vendor' | 'couple'),
          )
        }}
      />
    </div>
  )
}
