import { Braces } from 'lucide-react'
import { useId, useRef } from 'react'
import { z } from 'zod'
import type { Json, JsonObject } from '../../../../core/ids.ts'
import { MERGE_FIELDS } from '../../../../core/merge-fields.ts'
import type { Problem } from '../../../../core/problem.ts'
import type { WaitRule } from '../../../../core/wedding/wait-rule.ts'
import { Button, IconButton } from '../../../../ui/Button.tsx'
import { Checkbox } from '../../../../ui/Checkbox.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Input, TextArea } from '../../../../ui/Input.tsx'
import { Menu } from '../../../../ui/Menu.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { WaitEditor } from './WaitEditor.tsx'

/** The parts of JSON Schema that a configuration is written in. */
export type Schema = {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly Json[]
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

const made = new WeakMap<z.ZodType, Schema>()
/** A schema is turned once; a panel is opened many times. */
export function schemaOf(type: z.ZodType): Schema {
  const known = made.get(type)
  if (known) return known
  const schema = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema
  made.set(type, schema)
  return schema
}

type FormProps = {
  readonly schema: Schema
  readonly value: JsonObject
  /** Where this object lies in the configuration, for its problems. */
  readonly at?: string
  readonly problems: readonly Problem[]
  /** Texts of messages may name fields. */
  readonly merges: boolean
  readonly onChange: (value: JsonObject, burst?: string) => void
}

/** A form made from what a type says its configuration is. Types that deserve better bring a panel of their own. */
export function SchemaForm({ schema, value, at = '', problems, merges, onChange }: FormProps) {
  const required = new Set(schema.required)
  return (
    <div className="space-y-3">
      {Object.entries(schema.properties ?? {}).map(([name, part]) => {
        const path = `${at}/${name}`
        const isThere = value[name] !== undefined
        const set = (next: Json | undefined, burst?: string): void => {
          const { [name]: _before, ...rest } = value
          const burstAt = burst === undefined ? undefined : `${path}${burst}`
          // Where it stood, so that an edit does not turn the file upside down.
          onChange(next === undefined ? rest : { ...value, [name]: next }, burstAt)
        }
        return (
          <Part
            key={name}
            name={name}
            schema={part}
            value={value[name]}
            required={required.has(name)}
            isThere={isThere}
            path={path}
            problems={problems}
            merges={merges}
            onChange={set}
          />
        )
      })}
    </div>
  )
}

function Part({
  name,
  schema,
  value,
  required,
  isThere,
  path,
  problems,
  merges,
  onChange,
}: {
  readonly name: string
  readonly schema: Schema
  readonly value: Json | undefined
  readonly required: boolean
  readonly isThere: boolean
  readonly path: string
  readonly problems: readonly Problem[]
  readonly merges: boolean
  readonly onChange: (value: Json | undefined, burst?: string) => void
}) {
  const label = labelOf(name, schema)
  const error = problems.find((one) => one.path === path)?.message
  const common = {
    label,
    error,
    optional: !required,
    ...(schema.description && { hint: schema.description }),
  }
  if (isWaitRule(schema) && isThere)
    return (
      <WaitEditor
        label={label}
        rule={value as unknown as WaitRule}
        shapes={name === 'when' ? ['anchor', 'on'] : ['after', 'anchor', 'next', 'on']}
        onChange={(rule) => onChange(rule as unknown as Json, '')}
      />
    )
  if (schema.enum)
    return (
      <Field {...common}>
        <Select
          value={String(value ?? '')}
          choices={[
            ...(required ? [] : [{ value: '', label: 'any' }]),
            ...schema.enum.map((one) => ({ value: String(one), label: String(one).replaceAll('_', ' ') })),
          ]}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      </Field>
    )
  switch (schema.type) {
    case 'boolean':
      return (
        <Checkbox
          checked={value === true}
          onChange={(next) => onChange(next || (required ? false : undefined))}
        >
          {label}
        </Checkbox>
      )
    case 'number':
    case 'integer':
      return (
        <Field {...common}>
          <Input
            type="number"
            value={typeof value === 'number' ? value : ''}
            {...(schema.minimum !== undefined && { min: schema.minimum })}
            {...(schema.maximum !== undefined && { max: schema.maximum })}
            onChange={(event) =>
              onChange(
                Number.isFinite(event.target.valueAsNumber) ? event.target.valueAsNumber : undefined,
                '',
              )
            }
          />
        </Field>
      )
    case 'string':
      return (
        <Text
          {...common}
          long={(schema.maxLength ?? 0) > 500}
          value={typeof value === 'string' ? value : ''}
          merges={merges}
          onChange={(text) => onChange(text === '' && !required ? undefined : text, '')}
        />
      )
    case 'array':
      if (schema.items?.type !== 'string') return <Raw {...common} value={value} onChange={onChange} />
      return (
        <Field {...common} hint="One after another, with commas">
          <Input
            value={Array.isArray(value) ? value.join(', ') : ''}
            onChange={(event) => {
              const list = event.target.value.split(',').map((one) => one.trimStart())
              onChange(list.join('') === '' ? (required ? [] : undefined) : list, '')
            }}
          />
        </Field>
      )
    case 'object': {
      if (!isThere && !required)
        return (
          <Button size="sm" look="ghost" onClick={() => onChange(emptyOf(schema))}>
            Add {label.toLowerCase()}
          </Button>
        )
      return (
        <fieldset className="rounded-sm border border-border p-3">
          <div className="mb-2 flex items-center">
            <legend className="contents text-small font-strong">{label}</legend>
            {!required && (
              <span className="ml-auto">
                <Button size="sm" look="ghost" onClick={() => onChange(undefined)}>
                  Remove
                </Button>
              </span>
            )}
          </div>
          <SchemaForm
            schema={schema}
            value={(value ?? {}) as JsonObject}
            at={path}
            problems={problems}
            merges={merges}
            onChange={(next, burst) =>
              onChange(next, burst === undefined ? undefined : burst.slice(path.length))
            }
          />
        </fieldset>
      )
    }
    default:
      return <Raw {...common} value={value} onChange={onChange} />
  }
}

/** A union of rules that begins with "after": the one shape everything that waits is written in. */
const isWaitRule = (schema: Schema): boolean =>
  schema.anyOf?.some((one) => one.properties?.after !== undefined && one.properties.of !== undefined) === true

const emptyOf = (schema: Schema): JsonObject =>
  Object.fromEntries(
    (schema.required ?? []).map((name) => [name, schema.properties?.[name]?.type === 'string' ? '' : null]),
  )

/** "amountMin" is "Amount min": names are chosen to be read. */
const labelOf = (name: string, schema: Schema): string => {
  if (schema.title) return schema.title
  const words = name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`)
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** A text, with a menu of the fields it may name, put where the cursor stands. */
function Text({
  long,
  value,
  merges,
  onChange,
  ...field
}: {
  readonly label: string
  readonly error: string | undefined
  readonly optional: boolean
  readonly long: boolean
  readonly value: string
  readonly merges: boolean
  readonly onChange: (text: string) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const put = (name: string, guaranteed: boolean): void => {
    const control = box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
    const at = control?.selectionStart ?? value.length
    const words = guaranteed ? `{{ ${name} }}` : `{{ ${name} | default: "" }}`
    onChange(value.slice(0, at) + words + value.slice(control?.selectionEnd ?? at))
    requestAnimationFrame(() => {
      control?.focus()
      const after = at + words.length - (guaranteed ? 0 : 4)
      control?.setSelectionRange(after, after)
    })
  }
  return (
    <div ref={box} id={id}>
      <Field
        {...field}
        aside={
          merges && (
            <Menu
              trigger={
                <IconButton look="ghost" size="sm" icon={Braces} label={`Put a field into: ${field.label}`} />
              }
              items={MERGE_FIELDS.map((one) => ({
                label: one.label,
                onSelect: () => put(one.name, one.guaranteed),
              }))}
            />
          )
        }
      >
        {long ? (
          <TextArea rows={9} value={value} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <Input value={value} onChange={(event) => onChange(event.target.value)} />
        )}
      </Field>
    </div>
  )
}

/** What no form knows is still there to be read and changed: as it is written down. */
function Raw({
  label,
  error,
  value,
  onChange,
}: {
  readonly label: string
  readonly error: string | undefined
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
}) {
  return (
    <Field label={label} error={error} hint="As JSON">
      <TextArea
        rows={4}
        spellCheck={false}
        defaultValue={value === undefined ? '' : JSON.stringify(value, null, 2)}
        onBlur={(event) => {
          const text = event.target.value.trim()
          if (text === '') return onChange(undefined)
          try {
            onChange(JSON.parse(text) as Json)
          } catch {
            event.target.value = value === undefined ? '' : JSON.stringify(value, null, 2)
          }
        }}
      />
    </Field>
  )
}
