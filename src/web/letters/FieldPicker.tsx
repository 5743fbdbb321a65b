import { Braces } from 'lucide-react'
import { useState } from 'react'
import { isGuaranteed } from '../../core/merge-fields.ts'
import { Button } from '../../ui/Button.tsx'
import { Input } from '../../ui/Input.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { labelOf } from './nodes.ts'

/** Which words of the couple stand here: found by name, taken by Enter or a press. */
export function FieldPicker({
  fields,
  open,
  onOpenChange,
  onPick,
}: {
  readonly fields: readonly string[]
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onPick: (name: string) => void
}) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = fields.filter((one) => `${labelOf(one)} ${one}`.toLowerCase().includes(wanted))
  const pick = (name: string | undefined): void => {
    if (name === undefined) return
    onOpenChange(false)
    setSearch('')
    onPick(name)
  }
  return (
    <Popover
      label="Fields"
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <Button size="sm" icon={Braces}>
          Field
        </Button>
      }
    >
      <div className="grid w-[280px] gap-1 p-2">
        <Input
          aria-label="Find a field"
          placeholder="Find a field"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            pick(found[0])
          }}
        />
        <ul className="max-h-[240px] overflow-y-auto">
          {found.map((one) => (
            <li key={one}>
              <button
                type="button"
                onClick={() => pick(one)}
                className="flex min-h-8 w-full items-center justify-between gap-3 rounded-sm px-2 py-1 text-left hover:bg-muted touch:min-h-11"
              >
                <span>{labelOf(one)}</span>
                {!isGuaranteed(one) && (
                  <span className="text-small text-muted-foreground">may be missing</span>
                )}
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="px-2 py-1 text-muted-foreground">No field by that name.</li>}
        </ul>
      </div>
    </Popover>
  )
}
