import { Outlet, useMatches, useNavigate } from '@tanstack/react-router'
import { CircleQuestionMark, LogOut, Mail, Moon, Search, Sun, SunMoon, Undo2 } from 'lucide-react'
import { type ReactNode, Suspense, useEffect, useMemo } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { chooseTheme } from '../../ui/theme/theme.ts'
import { dismiss, latestUndo, toast } from '../../ui/toasts.ts'
import { useNarrow } from '../../ui/useNarrow.ts'
import { lazily } from '../lazily.tsx'
import { useSession } from '../session.ts'
import { afterFirstPaint } from './after-first-paint.ts'
import { BottomBar } from './BottomBar.tsx'
import { type Command, useOffer } from './commands.ts'
import { openPalette, openShortcuts, openSignOut, useOverlay } from './overlays.ts'
import { NothingMissing, OverlayMissing } from './PartMissing.tsx'
import { PLACES } from './places.ts'
import { Rail } from './Rail.tsx'
import { ReconnectNotice } from './ReconnectNotice.tsx'
import { SampleNotice } from './SampleNotice.tsx'
import { Sidebar } from './Sidebar.tsx'
import { TopBar } from './TopBar.tsx'
import { useKeys } from './useKeys.ts'
import { useLive } from './useLive.ts'

// The sheets are not part of the first paint: they come when the browser is idle, before anybody asks.
const HeldNotice = lazily(async () => (await import('./HeldNotice.tsx')).HeldNotice, NothingMissing)
const Toaster = lazily(async () => (await import('../../ui/Toaster.tsx')).Toaster, NothingMissing)
const CommandPalette = lazily(
  async () => (await import('./CommandPalette.tsx')).CommandPalette,
  OverlayMissing,
)
const ShortcutsSheet = lazily(
  async () => (await import('./ShortcutsSheet.tsx')).ShortcutsSheet,
  OverlayMissing,
)
const MoreSheet = lazily(async () => (await import('./MoreSheet.tsx')).MoreSheet, OverlayMissing)
const SignOutDialog = lazily(async () => (await import('./SignOutDialog.tsx')).SignOutDialog, OverlayMissing)

/** The frame around every room: ways around, the palette and the keys, what was undone, and whether the line holds. */
export function Shell({ children = <Outlet /> }: { readonly children?: ReactNode }) {
  const navigate = useNavigate()
  const commands = useMemo(() => commandsOfTheHouse((path) => void navigate({ to: path })), [navigate])
  useOffer(commands)
  const session = useSession()
  useOffer(session ? OF_WHO_IS_HERE : NONE)
  useLive(session?.vendor)
  useKeys()
  useEffect(() => {
    return afterFirstPaint(() => {
      for (const one of [CommandPalette, ShortcutsSheet, MoreSheet, SignOutDialog]) void one.preload()
    })
  }, [])
  const narrow = useNarrow()
  const works = useMatches({ select: (matches) => matches.some((match) => match.staticData.works) })
  return (
    <div className={classNames('flex', works ? 'h-dvh' : 'min-h-dvh')}>
      <a
        href="#content"
        className="fixed top-2 left-2 z-[var(--z-tooltip)] -translate-y-16 rounded-sm bg-primary px-4 py-2 font-medium text-primary-foreground focus:translate-y-0"
      >
        Skip to the content
      </a>
      {/* What is printed is the room, without the ways around it. */}
      <div className="contents print:hidden">{!narrow && (works ? <Rail /> : <Sidebar />)}</div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="contents print:hidden">
          {!narrow && !works && <TopBar />}
          <ReconnectNotice />
          <SampleNotice />
          <Suspense>
            <HeldNotice />
          </Suspense>
        </div>
        <main
          id="content"
          tabIndex={-1}
          className={classNames(
            'min-w-0 flex-1 text-phone md:text-ui',
            works
              ? 'min-h-0 pb-[calc(56px+env(safe-area-inset-bottom))] md:pb-0'
              : 'px-5 pt-4 pb-[calc(80px+env(safe-area-inset-bottom))] md:px-10 md:py-6',
          )}
        >
          {children}
        </main>
      </div>
      <div className="contents print:hidden">{narrow && <BottomBar />}</div>
      <Overlays />
      <Suspense>
        <Toaster />
      </Suspense>
    </div>
  )
}

function Overlays() {
  const open = useOverlay()
  return (
    <Suspense>
      {open === 'palette' && <CommandPalette />}
      {open === 'shortcuts' && <ShortcutsSheet />}
      {open === 'more' && <MoreSheet />}
      {open === 'sign-out' && <SignOutDialog />}
    </Suspense>
  )
}

const NONE: readonly Command[] = []
const OF_WHO_IS_HERE: readonly Command[] = [
  {
    id: 'sign-out',
    group: 'Do',
    label: 'Sign out',
    icon: LogOut,
    also: ['log out', 'leave'],
    run: openSignOut,
  },
]

function commandsOfTheHouse(go: (path: string) => void): readonly Command[] {
  return [
    ...PLACES.map(
      (place): Command => ({
        id: `go-${place.path}`,
        group: 'Go to',
        label: place.name,
        icon: place.icon,
        keys: ['G', 'then', place.key],
        also: ['go', 'open', 'show'],
        run: () => go(place.path),
      }),
    ),
    {
      id: 'palette',
      group: 'Do',
      label: 'Go anywhere, do anything',
      icon: Search,
      keys: ['Mod', 'K'],
      byKeyOnly: true,
      run: openPalette,
    },
    {
      id: 'find',
      group: 'Do',
      label: 'The same, with one key',
      icon: Search,
      keys: ['/'],
      byKeyOnly: true,
      run: openPalette,
    },
    {
      id: 'keys',
      group: 'Do',
      label: 'Show the keys',
      icon: CircleQuestionMark,
      keys: ['?'],
      also: ['help', 'shortcuts'],
      run: openShortcuts,
    },
    {
      id: 'undo',
      group: 'Do',
      label: 'Undo what was just done',
      icon: Undo2,
      keys: ['Mod', 'Z'],
      run: undoLatest,
    },
    {
      id: 'dark',
      group: 'Do',
      label: 'Dark colours',
      icon: Moon,
      also: ['theme', 'night'],
      run: () => chooseTheme('dark'),
    },
    {
      id: 'light',
      group: 'Do',
      label: 'Light colours',
      icon: Sun,
      also: ['theme', 'day'],
      run: () => chooseTheme('light'),
    },
    {
      id: 'system',
      group: 'Do',
      label: 'Colours as the system has them',
      icon: SunMoon,
      also: ['theme'],
      run: () => chooseTheme('system'),
    },
    {
      id: 'mailbox',
      group: 'Do',
      label: 'Open the captured mailbox',
      icon: Mail,
      also: ['letters'],
      run: () => location.assign('/mailbox'),
    },
  ]
}

function undoLatest(): void {
  const latest = latestUndo()
  if (!latest) return void toast('There is nothing to undo')
  dismiss(latest.id)
  latest.undo?.()
}
