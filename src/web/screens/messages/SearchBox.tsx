import { useEffect, useRef, useState } from 'react'
import type { IconShape } from '../../../ui/Icon.tsx'
import { Input } from '../../../ui/Input.tsx'
import { soonHere } from '../../soon-here.ts'

const WRITTEN_WITHIN_MS = 220

/** Words that stand in the address: written there when the hand rests, read from there when one goes back. */
export function SearchBox({
  label,
  placeholder,
  value,
  icon,
  onChange,
}: {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly icon: IconShape
  readonly onChange: (words: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value)
  const box = useRef<HTMLInputElement>(null)
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    // Whoever is typing is not written over.
    if (document.activeElement !== box.current) setTyped(value)
  }, [value])
  useEffect(() => {
    const words = typed.trim()
    if (words === value) return
    return soonHere(() => change.current(words || undefined), WRITTEN_WITHIN_MS)
  }, [typed, value])
  return (
    <Input
      ref={box}
      type="search"
      icon={icon}
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
