import { useRef } from 'react'
import { newKey } from './api.ts'

/**
 * The key of a change that makes something new: the same said again goes out under the key it had, so that a second
 * press after a lost answer makes nothing twice; something else is another change.
 */
export function useKeyOf(): (said: unknown) => string {
  const last = useRef<{ readonly said: string; readonly key: string } | null>(null)
  return (said) => {
    const words = JSON.stringify(said)
    if (last.current?.said !== words) last.current = { said: words, key: newKey() }
    return last.current.key
  }
}
