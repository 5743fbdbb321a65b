import { useCallback, useState } from 'react'
import { useHere } from '../../session.ts'
import type { Begun } from './Bulk.tsx'

/**
 * What was begun for many couples, until its progress is closed: it runs on the server, so neither a reload nor a look
 * into another room may lose sight of it and of its undo. In this tab, at the place where it was begun, and for whoever
 * began it.
 */
export function useBegun(at: string): readonly [Begun | null, (next: Begun | null) => void] {
  const name = `begun:${useHere().member}:${at}`
  const [known, setKnown] = useState(() => ({ name, begun: keptAt(name) }))
  const begin = useCallback(
    (begun: Begun | null) => {
      keepAt(name, begun)
      setKnown({ name, begun })
    },
    [name],
  )
  if (known.name === name) return [known.begun, begin]
  const begun = keptAt(name)
  setKnown({ name, begun })
  return [begun, begin]
}

function keepAt(name: string, begun: Begun | null): void {
  try {
    if (begun) sessionStorage.setItem(name, JSON.stringify(begun))
    else sessionStorage.removeItem(name)
  } catch {
    // A browser that keeps nothing follows it as long as the room is open.
  }
}

function keptAt(name: string): Begun | null {
  try {
    const { job, label, undoable } = JSON.parse(sessionStorage.getItem(name) ?? 'null') as Begun
    return { job: String(job), label: String(label), undoable: undoable === true }
  } catch {
    return null
  }
}
