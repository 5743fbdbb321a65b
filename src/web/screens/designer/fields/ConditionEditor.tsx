import { Plus, X } from 'lucide-react'
import type { Condition } from '../../../../core/journey/condition.ts'
import { Button, IconButton } from '../../../../ui/Button.tsx'
import { Input } from '../../../../ui/Input.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { EVENTS } from './events.ts'

/** What can be asked of a couple. The last asks for anything by its path: an answer, a field, what a step brought. */
const FACTS = [
  { value: 'client.tags', label: 'The tags' },
  { value: 'client.stage', label: 'The stage' },
  { value: 'client.language', label: 'The language' },
  { value: 'wedding.guests', label: 'The number of guests' },
  { value: 'wedding.status', label: 'The state of the date' },
  { value: 'wedding.region', label: 'The region of the wedding' },
  { value: 'vendor.type', label: 'Your trade' },
  { value: 'days', label: 'Days until a date' },
  { value: 'happened', label: 'Something has come' },
  { value: 'path', label: 'Something else …' },
] as const

type Group = Extract<Condition, { all: unknown } | { any: unknown }>
type Leaf = Exclude<Condition, Group | { not: unknown }>
type OnChange = (condition: Condition, burst?: string) => void
const isGroup = (condition: Condition): condition is Group => 'all' in condition || 'any' in condition

export const FRESH_CONDITION: Condition = { fact: 'client.tags', is: 'contains', value: '' }

/** A small tree: all of these, or any of them, one below the other. */
export function ConditionEditor({
  label,
  condition,
  onChange,
  onRemove,
}: {
  readonly label: string
  readonly condition: Condition
  readonly onChange: OnChange
  readonly onRemove?: () => void
}) {
  if ('not' in condition)
    return (
      <div className="rounded-sm border border-border p-2">
        <div className="mb-1 flex items-center text-small font-strong">
          Not so that
          <span className="ml-auto">
            <IconButton
              look="ghost"
              size="sm"
              icon={X}
              label="Take the “not” away"
              onClick={() => onChange(condition.not)}
            />
          </span>
        </div>
        <ConditionEditor
          label={label}
          condition={condition.not}
          onChange={(next, burst) => onChange({ not: next }, burst)}
        />
      </div>
    )
  if (!isGroup(condition))
    return (
      <div className="space-y-1.5">
        <LeafEditor label={label} leaf={condition} onChange={onChange} {...(onRemove && { onRemove })} />
        {!onRemove && (
          <Button
            look="ghost"
            size="sm"
            icon={Plus}
            onClick={() => onChange({ all: [condition, FRESH_CONDITION] })}
          >
            And also
          </Button>
        )}
      </div>
    )
  const [word, list] =
    'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const)
  const grouped = (next: readonly Condition[]): Condition =>
    next.length === 1 && next[0] ? next[0] : word === 'all' ? { all: [...next] } : { any: [...next] }
  return (
    <div className="space-y-1.5 border-l-2 border-border pl-2.5">
      <Select
        aria-label={`${label}: all or any`}
        value={word}
        choices={[
          { value: 'all', label: 'All of these hold' },
          { value: 'any', label: 'Any of these holds' },
        ]}
        onChange={(event) => onChange(event.target.value === 'all' ? { all: [...list] } : { any: [...list] })}
      />
      {list.map((one, index) => (
        <ConditionEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison has no other name than its place.
          key={index}
          label={`${label}, ${index + 1}`}
          condition={one}
          onChange={(next, burst) => onChange(grouped(list.with(index, next)), burst && `${index}.${burst}`)}
          onRemove={() => onChange(grouped(list.toSpliced(index, 1)))}
        />
      ))}
      <div className="flex gap-1">
        <Button
          look="ghost"
          size="sm"
          icon={Plus}
          onClick={() => onChange(grouped([...list, FRESH_CONDITION]))}
        >
          One more
        </Button>
        {onRemove && (
          <Button look="ghost" size="sm" icon={X} onClick={onRemove}>
            Remove the group
          </Button>
        )}
      </div>
    </div>
  )
}

const kindOf = (leaf: Leaf): string => {
  if ('daysUntil' in leaf) return 'days'
  if ('happened' in leaf) return 'happened'
  return FACTS.some((one) => one.value === leaf.fact) ? leaf.fact : 'path'
}

function fresh(kind: string): Condition {
  if (kind === 'days') return { daysUntil: 'wedding', is: 'at_least', value: 30 }
  if (kind === 'happened') return { happened: 'payment_received' }
  if (kind === 'wedding.guests') return { fact: kind, is: 'at_least', value: 100 }
  if (kind === 'client.tags') return FRESH_CONDITION
  if (kind === 'path') return { fact: 'client.fields.package', is: 'equal', value: '' }
  return { fact: kind, is: 'equal', value: '' }
}

function LeafEditor({
  label,
  leaf,
  onChange,
  onRemove,
}: {
  readonly label: string
  readonly leaf: Leaf
  readonly onChange: OnChange
  readonly onRemove?: () => void
}) {
  return (
    <div className="flex items-start gap-1">
      <div className="grid min-w-0 flex-1 grid-cols-2 gap-1.5">
        <div className="col-span-2">
          <Select
            data-first
            aria-label={`${label}: what is asked`}
            value={kindOf(leaf)}
            choices={[...FACTS]}
            onChange={(event) => onChange(fresh(event.target.value))}
          />
        </div>
        {'happened' in leaf ? (
          <div className="col-span-2">
            <EventSelect
              label={`${label}: what came`}
              value={leaf.happened}
              onChange={(happened) => onChange({ ...leaf, happened })}
            />
          </div>
        ) : 'daysUntil' in leaf ? (
          <DaysEditor label={label} leaf={leaf} onChange={onChange} />
        ) : (
          <FactEditor label={label} leaf={leaf} onChange={onChange} />
        )}
      </div>
      {onRemove && <IconButton look="ghost" icon={X} label="Remove this" onClick={onRemove} />}
    </div>
  )
}

const NUMBERS = [
  { value: 'less', label: 'less than' },
  { value: 'at_most', label: 'at most' },
  { value: 'equal', label: 'exactly' },
  { value: 'at_least', label: 'at least' },
  { value: 'more', label: 'more than' },
] as const

function DaysEditor({
  label,
  leaf,
  onChange,
}: {
  readonly label: string
  readonly leaf: Extract<Leaf, { daysUntil: string }>
  readonly onChange: OnChange
}) {
  return (
    <>
      <Select
        aria-label={`${label}: compared how`}
        value={leaf.is}
        choices={[...NUMBERS]}
        onChange={(event) => onChange({ ...leaf, is: event.target.value as 'less' })}
      />
      <Input
        type="number"
        aria-label={`${label}: days until the ${leaf.daysUntil}`}
        value={leaf.value}
        onChange={(event) =>
          Number.isFinite(event.target.valueAsNumber) &&
          onChange({ ...leaf, value: Math.round(event.target.valueAsNumber) }, 'value')
        }
      />
    </>
  )
}

const OPS = [
  ...NUMBERS.filter(({ value }) => value !== 'equal'),
  { value: 'equal', label: 'is' },
  { value: 'not_equal', label: 'is not' },
  { value: 'contains', label: 'include' },
  { value: 'lacks', label: 'do not include' },
  { value: 'starts_with', label: 'begins with' },
  { value: 'one_of', label: 'is one of' },
  { value: 'none_of', label: 'is none of' },
  { value: 'known', label: 'is known' },
  { value: 'missing', label: 'is not known' },
] as const
const OPS_OF: { readonly [fact: string]: readonly string[] } = {
  'client.tags': ['contains', 'lacks', 'one_of', 'none_of'],
  'wedding.guests': ['less', 'at_most', 'at_least', 'more', 'known', 'missing'],
}
const OF_TEXT = ['equal', 'not_equal', 'one_of', 'none_of', 'starts_with', 'known', 'missing']

type Comparison = Extract<Leaf, { fact: string }>

function FactEditor({
  label,
  leaf,
  onChange,
}: {
  readonly label: string
  readonly leaf: Comparison
  readonly onChange: OnChange
}) {
  const allowed = kindOf(leaf) === 'path' ? OPS.map((one) => one.value) : (OPS_OF[leaf.fact] ?? OF_TEXT)
  const choices = OPS.filter((one) => (allowed as readonly string[]).includes(one.value))
  const asksNothing = leaf.is === 'known' || leaf.is === 'missing'
  return (
    <>
      {kindOf(leaf) === 'path' && (
        <div className="col-span-2">
          <Input
            aria-label={`${label}: its path`}
            spellCheck={false}
            value={leaf.fact}
            onChange={(event) => onChange({ ...leaf, fact: event.target.value.trim() }, 'fact')}
          />
        </div>
      )}
      <div className={asksNothing ? 'col-span-2' : ''}>
        <Select
          aria-label={`${label}: compared how`}
          value={leaf.is}
          choices={[...choices]}
          onChange={(event) => onChange(compared(leaf, event.target.value))}
        />
      </div>
      {!asksNothing && (
        <Input
          aria-label={`${label}: with what`}
          value={shownValue(leaf)}
          {...(typeof (leaf as { value?: unknown }).value === 'number' && { type: 'number' })}
          placeholder={leaf.is === 'one_of' || leaf.is === 'none_of' ? 'one, another' : ''}
          onChange={(event) => onChange(withValue(leaf, event.target.value), 'value')}
        />
      )}
    </>
  )
}

const wantOf = (leaf: Comparison): unknown => ('value' in leaf ? leaf.value : undefined)
const shownValue = (leaf: Comparison): string => {
  const value = wantOf(leaf)
  return Array.isArray(value) ? value.join(', ') : value === undefined || value === null ? '' : String(value)
}
function compared(leaf: Comparison, is: string): Condition {
  if (is === 'known' || is === 'missing') return { fact: leaf.fact, is }
  return withValue({ fact: leaf.fact, is, value: wantOf(leaf) } as Comparison, shownValue(leaf))
}
function withValue(leaf: Comparison, text: string): Condition {
  const { fact, is } = leaf
  if (is === 'one_of' || is === 'none_of')
    return { fact, is, value: text.split(',').map((one) => one.trimStart()) } as Condition
  if (is === 'less' || is === 'at_most' || is === 'more' || is === 'at_least')
    return { fact, is, value: Number(text) || 0 }
  return { fact, is, value: text } as Condition
}

export function EventSelect({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (event: string) => void
}) {
  const known = EVENTS.some((one) => one.value === value)
  return (
    <Select
      data-first
      aria-label={label}
      value={value}
      choices={[...EVENTS, ...(known ? [] : [{ value, label: value }])]}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
