import { useMatches } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The name of the room, in the tab and for those who hear it. */
    readonly title?: string
    /** A room to work in: the house makes way for it, with a rail instead of its sidebar and no bar above. */
    readonly works?: true
  }
}

/**
 * What a page load does by itself, and a route change must do by hand: name the tab, and put the focus where
 * reading begins. The first arrival is left to the browser.
 */
export function Arrival() {
  const { title, at } = useMatches({
    select: (matches) => ({
      title: matches.findLast((match) => match.staticData.title)?.staticData.title,
      at: matches.at(-1)?.pathname,
    }),
    structuralSharing: true,
  })
  const first = useRef(true)
  useEffect(() => {
    document.title = title ? `${title} · WedSync Journeys` : 'WedSync Journeys'
  }, [title])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what one arrives at.
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const head = document.querySelector<HTMLElement>('main h1') ?? document.querySelector('main')
    head?.focus({ preventScroll: true })
  }, [at])
  return null
}
