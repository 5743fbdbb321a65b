import { Plus, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Input } from '../../../ui/Input.tsx'
import { tagWord } from './words.ts'

/** Words of one's own about a couple: each can be taken away, and another typed. */
export function Tags({
  tags,
  onAdd,
  onRemove,
}: {
  readonly tags: readonly string[]
  readonly onAdd: (tag: string) => void
  readonly onRemove: (tag: string) => void
}) {
  const [typed, setTyped] = useState('')
  const box = useRef<HTMLInputElement>(null)
  const add = (event: FormEvent) => {
    event.preventDefault()
    const tag = typed.trim()
    if (tag === '') return box.current?.focus()
    setTyped('')
    if (!tags.includes(tag)) onAdd(tag)
  }
  return (
    <div>
      <p className="mb-1 text-small font-strong">Tags</p>
      {tags.length > 0 && (
        <ul aria-label="Tags" className="mb-2 flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="inline-flex h-7 items-center rounded-full border border-border-strong bg-card pl-2.5 text-small touch:h-9"
            >
              {tagWord(tag)}
              <button
                type="button"
                aria-label={`Take ${tagWord(tag)} away`}
                onClick={() => {
                  onRemove(tag)
                  box.current?.focus()
                }}
                className="relative inline-flex size-7 items-center justify-center rounded-full text-muted-foreground after:absolute hover:text-foreground touch:size-9 touch:after:-inset-1"
              >
                <Icon of={X} size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={add} className="flex gap-2">
        <Input
          ref={box}
          aria-label="Another tag"
          placeholder="Another tag"
          maxLength={60}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" icon={Plus}>
          Add
        </Button>
      </form>
    </div>
  )
}
