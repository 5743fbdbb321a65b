import { Link } from '@tanstack/react-router'
import { CircleCheck, CirclePause, Inbox } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useSendingState } from './useSendingState.ts'

/** How sending stands, on every page of the desk, with the hand that stops it. */
export function SendingWord() {
  const { sending, may, busy, set } = useSendingState()
  if (!sending) return null
  const { held, leaves } = sending
  if (held)
    return (
      <p className="flex items-center gap-1.5 text-small text-held-text">
        <Icon of={CirclePause} size={14} />
        Everything is held
      </p>
    )
  return (
    <div className="flex items-center gap-3 text-small text-muted-foreground">
      {leaves ? (
        <p className="flex items-center gap-1.5 text-success-text">
          <Icon of={CircleCheck} size={14} />
          Everything is sending
        </p>
      ) : (
        <Link
          to="/settings/$part"
          params={{ part: 'channels' }}
          className="flex items-center gap-1.5 rounded-xs hover:underline"
        >
          <Icon of={Inbox} size={14} />
          Nothing leaves: kept in the mailbox
        </Link>
      )}
      {may && (
        <Button size="sm" icon={CirclePause} busy={busy} onClick={() => set(true)}>
          Hold everything
        </Button>
      )}
    </div>
  )
}
