import { Plus, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { changeClient, type WholeClient } from '../../../contract/clients.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Section } from '../../../ui/Type.tsx'
import { useHere } from '../../session.ts'
import { useTraits } from './useTraits.ts'
import { factName, factWord, sayFact, shortName } from './words.ts'

/** What is known of them beside: from a table, from their answers, or written here. Letters may tell it, conditions ask it. */
export function OwnFacts({ client }: { readonly client: WholeClient }) {
  const { may } = useHere()
  const change = useTraits(client.id)
  if (client.fields === null) return null
  const facts = Object.entries(client.fields).sort(([a], [b]) => (a < b ? -1 : 1))
  const mayChange = may(changeClient)
  if (facts.length === 0 && !mayChange) return null
  const who = shortName(client)
  const set = (name: string, value: string | null, before: string | null) =>
    change({
      says:
        value === null ? `${who}: ${factWord(name)} taken away` : `${who}: ${factWord(name)} is written down`,
      of: () => ({ fields: { [name]: value } }),
      back: () => ({ fields: { [name]: before } }),
    })
  return (
    <Section title="Good to know">
      {facts.length > 0 && (
        <dl className="grid gap-y-2 py-2">
          {facts.map(([name, value]) => (
            <OneFact
              key={`${name} ${sayFact(value)}`}
              name={name}
              value={value}
              onChange={mayChange ? (next) => set(name, next, sayFact(value)) : null}
            />
          ))}
        </dl>
      )}
      {facts.length === 0 && (
        <p className="py-2 text-muted-foreground">
          How they met, a dog that comes along, a name nobody can spell: yours to write down, and your letters
          can tell it.
        </p>
      )}
      {mayChange && (
        <Another known={facts.map(([name]) => name)} onAdd={(name, value) => set(name, value, null)} />
      )}
    </Section>
  )
}

type Value = NonNullable<WholeClient['fields']>[string]

function OneFact({
  name,
  value,
  onChange,
}: {
  readonly name: string
  readonly value: Value
  readonly onChange: ((value: string | null) => void) | null
}) {
  const said = sayFact(value)
  // What came as more than a word or a number is read, and not written over by one.
  const isPlain = typeof value !== 'object'
  const [typed, setTyped] = useState(said)
  const save = () => {
    const next = typed.trim()
    if (next === said) return
    if (next === '') setTyped(said)
    else onChange?.(next)
  }
  return (
    <div>
      <dt className="text-small text-muted-foreground">{factWord(name)}</dt>
      <dd className="flex items-center gap-1">
        {onChange && isPlain ? (
          <Input
            aria-label={factWord(name)}
            autoComplete="off"
            maxLength={2_000}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onBlur={save}
            onKeyDown={({ key }) => {
              if (key === 'Enter') save()
              if (key === 'Escape') setTyped(said)
            }}
          />
        ) : (
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{said}</span>
        )}
        {onChange && (
          <IconButton
            size="sm"
            look="ghost"
            icon={X}
            label={`Take ${factWord(name)} away`}
            onClick={() => onChange(null)}
          />
        )}
      </dd>
    </div>
  )
}

function Another({
  known,
  onAdd,
}: {
  readonly known: readonly string[]
  readonly onAdd: (name: string, value: string) => void
}) {
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const first = useRef<HTMLInputElement>(null)
  const add = (event: FormEvent) => {
    event.preventDefault()
    const called = factName(name)
    if (called === null) return setProblem('Give it a name, such as “How they met”.')
    if (known.includes(called)) return setProblem('There is one of this name: change it above.')
    if (value.trim() === '') return setProblem('What is it? A few words are missing.')
    setProblem(null)
    setName('')
    setValue('')
    onAdd(called, value.trim())
    first.current?.focus()
  }
  return (
    <form onSubmit={add} className="grid gap-2 py-2">
      <Input
        ref={first}
        aria-label="What it is about"
        placeholder="How they met"
        autoComplete="off"
        maxLength={50}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <div className="flex gap-2">
        <Input
          aria-label="What you know"
          placeholder="On a ferry"
          autoComplete="off"
          maxLength={2_000}
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
        <Button type="submit" icon={Plus}>
          Add
        </Button>
      </div>
      {problem && (
        <p role="alert" className="text-small text-danger-text">
          {problem}
        </p>
      )}
    </form>
  )
}
