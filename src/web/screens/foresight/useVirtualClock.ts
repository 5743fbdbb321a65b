import { useEffect, useState } from 'react'
import type { Ahead } from './ahead.ts'

const TICK_MS = 100
/** However long the journey is, it passes in about twenty seconds. */
const TICKS = 200

export type VirtualClock = {
  readonly at: number
  readonly playing: boolean
  /** Somebody has moved it: before that it shows how it all ends. */
  readonly touched: boolean
  readonly hasBefore: boolean
  readonly hasNext: boolean
  set(at: number): void
  play(): void
  /** To the next moment at which something happens, or the one before. */
  step(by: 1 | -1): void
}

/** A clock that runs from the beginning to the end of what is foreseen, or stands where it is put. */
export function useVirtualClock({ steps, from, until }: Ahead): VirtualClock {
  const [at, setAt] = useState<number>(until)
  const [playing, setPlaying] = useState(false)
  const [touched, setTouched] = useState(false)
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => setAt((now) => Math.min(until, now + (until - from) / TICKS)), TICK_MS)
    return () => clearInterval(timer)
  }, [playing, from, until])
  const isOver = at >= until
  useEffect(() => {
    if (isOver) setPlaying(false)
  }, [isOver])
  const moments = momentsOf(steps)
  const before = moments.findLast((moment) => moment < at)
  const next = moments.find((moment) => moment > at)
  const set = (to: number): void => {
    setPlaying(false)
    setTouched(true)
    setAt(to)
  }
  return {
    at,
    playing,
    touched,
    hasBefore: before !== undefined,
    hasNext: next !== undefined,
    set,
    step: (by) => {
      const to = by === 1 ? next : before
      if (to !== undefined) set(to)
    },
    play: () => {
      setTouched(true)
      if (!playing && isOver) setAt(from)
      setPlaying(!playing)
    },
  }
}

export const momentsOf = (steps: Ahead['steps']): readonly number[] =>
  [...new Set(steps.flatMap(({ at }) => (at === null ? [] : [at as number])))].sort((a, b) => a - b)
