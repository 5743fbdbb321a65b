import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from '../../ui/Button.tsx'
import { Eyebrow, Lede } from '../../ui/Type.tsx'
import { isPartMissing } from '../lazily.tsx'

/**
 * A room that broke. The frame around it stands. A part that cannot be loaded usually means the app was replaced
 * by a newer one while this tab was open, which a reload mends.
 */
export function RoomError({ error: thrown, reset }: ErrorComponentProps) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const router = useRouter()
  const outdated = isPartMissing(error)
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div role="alert">
      <Eyebrow>{outdated ? 'Newer version' : 'A fault of ours'}</Eyebrow>
      <Lede>{outdated ? 'This part could not be loaded.' : 'This screen could not be drawn.'}</Lede>
      <p className="mt-2 max-w-[60ch] text-muted-foreground">
        {outdated
          ? 'Either the line is cut, or the app was renewed while this tab was open. Loading it again helps in both cases.'
          : 'Your journeys go on by themselves: they run on the server, not on this screen. Try again; if it stays, send us the line below.'}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="primary" onClick={outdated ? () => location.reload() : again}>
          {outdated ? 'Load it again' : 'Try again'}
        </Button>
        <Button asChild>
          <Link to="/">Go to Today</Link>
        </Button>
      </div>
      {!outdated && (
        <pre className="mt-4 max-w-full overflow-x-auto rounded-sm bg-sunken px-3 py-2 font-mono text-small whitespace-pre-wrap">
          {error.name}: {error.message}
        </pre>
      )}
    </div>
  )
}
