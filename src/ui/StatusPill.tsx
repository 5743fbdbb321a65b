import type { ReactNode } from 'react'
import { Badge, State } from './Badge.tsx'
import { STATUS, type Status } from './status.ts'

/** A state as a badge. `children` say more than the bare word: "Held: she replied". */
export function StatusPill({ of, children }: { readonly of: Status; readonly children?: ReactNode }) {
  const { icon, tone, word } = STATUS[of]
  return (
    <Badge tone={tone} icon={icon}>
      {children ?? word}
    </Badge>
  )
}

/** A state at the end of a row: the same three signs without the tint. */
export function StatusWord({ of, children }: { readonly of: Status; readonly children?: ReactNode }) {
  const { icon, tone, word } = STATUS[of]
  return (
    <State tone={tone} icon={icon}>
      {children ?? word}
    </State>
  )
}
