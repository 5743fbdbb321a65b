import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon, type IconShape } from '../../../../ui/Icon.tsx'
import { TEXT, type Tone } from '../../../../ui/tone.ts'
import { firstNames } from '../../../times.ts'

/** As many of a kind as Today tells one by one, before somebody asks for all. */
export const SHOWN = 5
/** As many as one page of an answer gives. */
export const ALL = 100
/** Whether also what waits for others is told. */
export type Whose = 'yours' | 'all'

/** What waits for a person, on one line: what it is, about whom, and on the right what can be done here. */
export function Line({
  icon,
  tone = 'quiet',
  title,
  sub,
  children,
}: {
  readonly icon?: IconShape
  readonly tone?: Tone
  readonly title: ReactNode
  readonly sub: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <li className="flex items-center gap-3 border-t border-border py-2 first:border-t-0">
      {icon && (
        <span className={TEXT[tone]}>
          <Icon of={icon} size={16} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-strong text-pretty">{title}</p>
        <p className="text-small text-muted-foreground">{sub}</p>
      </div>
      {children}
    </li>
  )
}

export const Couple = ({
  of,
}: {
  readonly of: { readonly client: string | null; readonly names: string | null }
}) =>
  of.client ? (
    <Link to="/clients/$clientId" params={{ clientId: of.client }} className="rounded-xs hover:underline">
      {firstNames(of.names ?? '')}
    </Link>
  ) : null

export const More = ({
  shown,
  total,
  children,
}: {
  readonly shown: number
  readonly total: number
  readonly children: ReactNode
}) => (total > shown ? <li className="border-t border-border py-2">{children}</li> : null)

export const Rest = ({ of }: { readonly of: number }) => (
  <span className="text-muted-foreground">{of.toLocaleString()} more follow when these are done.</span>
)
