import type { ReactNode } from 'react'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Eyebrow, Lede } from '../../ui/Type.tsx'

/**
 * A room whose walls stand and whose data is not connected yet: it says so, says what will be here, and where the
 * same thing can be had meanwhile. Each screen replaces this with its own when its data arrives.
 */
export function Unwired({
  name,
  lede,
  next,
  children,
}: {
  readonly name: string
  readonly lede: ReactNode
  /** Where one can have it meanwhile. */
  readonly next: ReactNode
  readonly children: ReactNode
}) {
  return (
    <>
      <Eyebrow>{name}</Eyebrow>
      <Lede>{lede}</Lede>
      <div className="mt-5 max-w-[860px]">
        <EmptyState title="This room opens in a later version" action={next}>
          {children}
        </EmptyState>
      </div>
    </>
  )
}
