import { Link, useMatches } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Eyebrow, Lede } from '../../ui/Type.tsx'
import { setOverlay } from './overlays.ts'

/** A part of the app that could not be fetched, and how it is asked for again. */
export type MissingPart = {
  /** It comes by itself when the line is back; otherwise the server answers, and has no such part any more. */
  readonly isLineLost: boolean
  readonly busy: boolean
  readonly again: () => void
}

const whatHelps = (isLineLost: boolean): string =>
  isLineLost
    ? 'It comes by itself as soon as the line is back. Everything else stays as it is.'
    : 'Either the line broke off for a moment, or the app was renewed while this tab was open: then loading the page again helps.'

function Again({ isLineLost, busy, again }: MissingPart) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" busy={busy} onClick={again}>
        Try again
      </Button>
      {!isLineLost && (
        <Button size="sm" onClick={() => location.reload()}>
          Load the page again
        </Button>
      )}
    </div>
  )
}

const Said = (part: MissingPart) => (
  <>
    <p className="mb-2">{whatHelps(part.isLineLost)}</p>
    <Again {...part} />
  </>
)

/** In the place of something within a room. */
export const PartMissing = (part: MissingPart) => (
  <div className="w-full p-4">
    <Banner kind="warning" live title="This part could not be fetched">
      <Said {...part} />
    </Banner>
  </div>
)

/** In the place of a room; the frame around it stands. */
export function RoomMissing(part: MissingPart) {
  // A room to work in has no margin but its own.
  const works = useMatches({ select: (matches) => matches.some((match) => match.staticData.works) })
  return (
    <div role="status" className={works ? 'px-5 pt-4 md:px-10 md:py-6' : ''}>
      <Eyebrow>{part.isLineLost ? 'No connection' : 'Not fetched'}</Eyebrow>
      <Lede>This room could not be fetched yet.</Lede>
      <p className="mt-2 max-w-[60ch] text-muted-foreground">{whatHelps(part.isLineLost)}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Again {...part} />
        <Button asChild size="sm" look="ghost">
          <Link to="/">Go to Today</Link>
        </Button>
      </div>
    </div>
  )
}

/** In the place of one of the shell's own sheets. */
export const OverlayMissing = (part: MissingPart) => (
  <div className="fixed inset-x-4 bottom-[calc(72px+env(safe-area-inset-bottom))] z-[var(--z-dialog)] mx-auto max-w-[560px] rounded-sm bg-background shadow-lg md:bottom-6">
    <Banner kind="warning" live title="This could not be fetched" onDismiss={() => setOverlay(null)}>
      <Said {...part} />
    </Banner>
  </div>
)

/** In the place of what is only an addition: what it would stand around stands alone. */
export const NothingMissing = ({ children }: MissingPart & { readonly children?: ReactNode }) => children
