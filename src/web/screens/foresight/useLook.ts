import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

const room = getRouteApi('/house/journeys/$journeyId')
type Looked = ReturnType<typeof room.useSearch>

/** What one looks at stands in the address, and what is usual is left unsaid there. */
export function useLook() {
  const looked = room.useSearch()
  const navigate = useNavigate({ from: '/journeys/$journeyId' })
  const look = useCallback(
    (next: { readonly [key in keyof Looked]: Looked[key] | undefined }) =>
      void navigate({
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined),
          ),
        replace: true,
      }),
    [navigate],
  )
  return { looked, look }
}
