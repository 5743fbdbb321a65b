import { X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Section } from '../../../ui/Type.tsx'
import { today } from '../../times.ts'

/** Days off of one's own, beside the public ones. Saved with the rest of the form. */
export function Holidays({
  days,
  zone,
  onChange,
}: {
  readonly days: readonly string[]
  readonly zone: string
  readonly onChange: (days: string[]) => void
}) {
  const [next, setNext] = useState<string | null>(null)
  const add = () => {
    if (!next) return
    onChange([...new Set([...days, next])].sort())
    setNext(null)
  }
  return (
    <Section title="Days off" meta="beside the public holidays">
      {days.length > 0 && (
        <ul aria-label="Days off" className="flex flex-wrap gap-1.5 pt-2">
          {days.map((day) => (
            <li
              key={day}
              className="inline-flex h-7 items-center rounded-full border border-border-strong bg-card pl-2.5 text-small touch:h-9"
            >
              <time dateTime={day}>{tellDay(day)}</time>
              <button
                type="button"
                aria-label={`Take ${tellDay(day)} away`}
                onClick={() => onChange(days.filter((one) => one !== day))}
                className="relative inline-flex size-7 items-center justify-center rounded-full text-muted-foreground hover:text-foreground touch:size-9"
              >
                <Icon of={X} size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex max-w-[360px] gap-2 py-2">
        <div className="min-w-0 flex-1">
          <DateField
            label="Another day off"
            placeholder="Another day off"
            value={next}
            today={today(zone)}
            onChange={setNext}
          />
        </div>
        <Button onClick={add} disabled={!next}>
          {next ? 'Add the day' : 'Choose a day'}
        </Button>
      </div>
    </Section>
  )
}
