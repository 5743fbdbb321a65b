import { useQuery } from '@tanstack/react-query'
import { ChevronsUpDown } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { listClients } from '../../../contract/clients.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { Input } from '../../../ui/Input.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Popover } from '../../../ui/Popover.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import type { ChosenCouple } from './context.ts'
import { EXAMPLE } from './useCouple.ts'

const ROW =
  'flex w-full items-baseline gap-3 rounded-[4px] px-2 py-1.5 text-left hover:bg-muted focus-visible:bg-muted touch:min-h-11 touch:items-center aria-pressed:font-strong'

/** Through whose eyes one looks: every date on the drawing is theirs. Rose, because it is their wedding. */
export function AsChip({
  couple,
  onChoose,
}: {
  readonly couple: ChosenCouple | null
  readonly onChoose: (as: string) => void
}) {
  const [open, setOpen] = useState(false)
  const choose = (as: string) => {
    onChoose(as)
    setOpen(false)
  }
  return (
    <Popover
      label="Look through a couple’s eyes"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="relative inline-flex h-8 max-w-[150px] md:max-w-[220px] min-w-0 items-center gap-1.5 rounded-sm bg-rose-surface px-2.5 font-medium text-rose-text hover:brightness-95 touch:after:absolute touch:after:-inset-y-1.5 touch:after:inset-x-0"
        >
          <Diamond small />
          <span className="truncate">
            <span className="max-md:sr-only">as </span>
            {shortOf(couple?.name ?? '…')}
          </span>
          <span className="sr-only">: choose another couple</span>
          <Icon of={ChevronsUpDown} size={14} />
        </button>
      }
    >
      <Choices couple={couple} onChoose={choose} />
    </Popover>
  )
}

/** "Mia & Jonas" of "Mia Castellani & Jonas Brandt". */
export const shortOf = (name: string): string =>
  name.includes(' & ')
    ? name
        .split(' & ')
        .map((one) => one.split(' ')[0])
        .join(' & ')
    : name

function Choices({
  couple,
  onChoose,
}: {
  readonly couple: ChosenCouple | null
  readonly onChoose: (as: string) => void
}) {
  const { vendor } = useHere()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const found = useQuery({
    ...asks(listClients, {
      params: { vendor },
      query: search === '' ? { limit: 8 } : { search, limit: 8 },
    }),
    placeholderData: (before) => before,
  })
  return (
    <div className="w-[300px] p-2">
      <Input
        aria-label="Find a couple"
        placeholder="Find a couple"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className="mt-1.5 max-h-[280px] overflow-y-auto">
        {found.data?.data.items.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              aria-pressed={one.id === couple?.id}
              className={ROW}
              onClick={() => onChoose(one.id)}
            >
              <span className="min-w-0 flex-1 truncate">{one.name}</span>
              <span className="text-small text-muted-foreground">
                {one.wedding?.on ? tellDay(one.wedding.on) : 'no date'}
              </span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            aria-pressed={couple !== null && couple.id === null}
            className={ROW}
            onClick={() => onChoose(EXAMPLE)}
          >
            <span className="min-w-0 flex-1">An example couple</span>
            <span className="text-small text-muted-foreground">in ten months</span>
          </button>
        </li>
      </ul>
    </div>
  )
}
