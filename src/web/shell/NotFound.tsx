import { Link, useLocation, useMatches } from '@tanstack/react-router'
import { Button } from '../../ui/Button.tsx'
import { Eyebrow, Lede } from '../../ui/Type.tsx'
import { openPalette } from './overlays.ts'

/** An address nobody lives at. */
export function NotFound() {
  const { pathname } = useLocation()
  // A working room has no margin of its own.
  const works = useMatches({ select: (matches) => matches.some((match) => match.staticData.works) })
  return (
    <div className={works ? 'px-5 py-4 md:px-10 md:py-6' : undefined}>
      <Eyebrow>Not found</Eyebrow>
      <Lede>There is nothing at this address.</Lede>
      <p className="mt-2 max-w-[60ch] text-muted-foreground">
        <code className="font-mono break-all">{pathname}</code> leads nowhere. The link may be old, or a
        letter may be missing from it.
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button asChild look="primary">
          <Link to="/">Go to Today</Link>
        </Button>
        <Button onClick={openPalette}>Find what you meant</Button>
      </div>
    </div>
  )
}
