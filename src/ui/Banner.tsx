import { CircleCheck, CirclePause, Info, OctagonAlert, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'

type Kind = 'info' | 'warning' | 'danger' | 'held' | 'success'
const KIND: {
  readonly [kind in Kind]: { readonly icon: IconShape; readonly dress: string; readonly ink: string }
} = {
  info: { icon: Info, dress: 'border-info-border border-l-info-mark bg-info-surface', ink: 'text-info-text' },
  warning: {
    icon: TriangleAlert,
    dress: 'border-warning-border border-l-warning-mark bg-warning-surface',
    ink: 'text-warning-text',
  },
  danger: {
    icon: OctagonAlert,
    dress: 'border-danger-border border-l-danger-mark bg-danger-surface',
    ink: 'text-danger-text',
  },
  held: {
    icon: CirclePause,
    dress: 'border-held-border border-l-held-mark bg-held-surface',
    ink: 'text-held-text',
  },
  success: {
    icon: CircleCheck,
    dress: 'border-success-border border-l-success-mark bg-success-surface',
    ink: 'text-success-text',
  },
}

/** What happened, to whom, and what to do about it, as a button or link. */
export function Banner({
  kind,
  title,
  children,
  action,
  live = false,
  onDismiss,
}: {
  readonly kind: Kind
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** It appeared while somebody was reading: say it. Danger at once, the rest at the next pause. */
  readonly live?: boolean
  readonly onDismiss?: () => void
}) {
  const { icon, dress, ink } = KIND[kind]
  return (
    <div
      {...(live && { role: kind === 'danger' ? 'alert' : 'status' })}
      className={classNames('flex items-start gap-2.5 rounded-sm border border-l-3 px-3 py-2.5', dress)}
    >
      <Icon of={icon} className={classNames('mt-0.5', ink)} />
      <div className="min-w-0 flex-1">
        <p className="font-strong">{title}</p>
        {children && <div className="text-small">{children}</div>}
      </div>
      {action}
      {onDismiss && <IconButton look="ghost" size="sm" icon={X} label="Dismiss" onClick={onDismiss} />}
    </div>
  )
}
