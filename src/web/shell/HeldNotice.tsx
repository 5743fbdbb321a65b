import { CirclePause, Play } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { cityOf, hereZone, tellSoon } from '../times.ts'
import { type Command, useOffer } from './commands.ts'
import { useSendingState } from './useSendingState.ts'

/** Somebody has stopped everything: said on every page, so that nobody waits for what does not come. */
export function HeldNotice() {
  const { sending, may, busy, set } = useSendingState()
  const held = sending?.held
  const state = sending && may ? (held ? 'held' : 'going') : null
  const setLatest = useRef(set)
  useEffect(() => {
    setLatest.current = set
  })
  useOffer(useMemo(() => offers(state, (next) => setLatest.current(next)), [state]))
  if (!held) return null
  const zone = hereZone()
  return (
    <div className="px-5 pt-3 md:px-10">
      <Banner
        kind="held"
        live
        title={`Everything is held since ${tellSoon(held.since, zone)} ${cityOf(zone)}, by ${held.by}`}
        {...(may && {
          action: (
            <Button size="sm" busy={busy} onClick={() => set(false)}>
              Let it go on
            </Button>
          ),
        })}
      >
        No journey sends or goes on, and those that begin now wait. What is late when it goes on is judged
        step by step; nobody gets it all at once.
      </Banner>
    </div>
  )
}

const offers = (state: 'held' | 'going' | null, set: (held: boolean) => void): readonly Command[] =>
  state === null
    ? []
    : state === 'held'
      ? [
          {
            id: 'let-go',
            group: 'Do',
            label: 'Let everything go on',
            icon: Play,
            also: ['release', 'resume'],
            run: () => set(false),
          },
        ]
      : [
          {
            id: 'hold-everything',
            group: 'Do',
            label: 'Hold everything',
            icon: CirclePause,
            also: ['stop', 'pause', 'sending'],
            run: () => set(true),
          },
        ]
