import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Skeleton } from '../ui/Waiting.tsx'
import { wordsOf } from './api.ts'
import { After } from './shell/Gate.tsx'

/** What a question answered: drawn when it is there, its place held when it takes long, and a way on when it fails. */
export function Answer<Data>({
  of,
  lines = 4,
  children,
}: {
  readonly of: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching'> & { refetch(): unknown }
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}) {
  if (of.data !== undefined) return children(of.data)
  if (of.error)
    return (
      <Banner
        kind="danger"
        live
        title="This could not be read"
        action={
          <Button size="sm" busy={of.isFetching} onClick={() => void of.refetch()}>
            Try again
          </Button>
        }
      >
        {wordsOf(of.error)}
      </Banner>
    )
  return (
    <After ms={300}>
      <Skeleton lines={lines} />
    </After>
  )
}
