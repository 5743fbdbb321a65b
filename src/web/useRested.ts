import { useEffect, useState } from 'react'

const RESTS_FOR_MS = 250

/** What is being written, once the hand rests: what is asked of the server is not asked with every letter. */
export function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(() => value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), RESTS_FOR_MS)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
