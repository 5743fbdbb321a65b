import { CircleQuestionMark, Moon, Search, Sun } from 'lucide-react'
import { Suspense } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { chooseTheme, isDark, useTheme } from '../../ui/theme/theme.ts'
import { lazily } from '../lazily.tsx'
import { openPalette, openShortcuts } from './overlays.ts'
import { NothingMissing } from './PartMissing.tsx'

// What it asks comes once the room is there.
const SendingWord = lazily(async () => (await import('./SendingWord.tsx')).SendingWord, NothingMissing)
const Now = lazily(async () => (await import('./Now.tsx')).Now, NothingMissing)

/** The desk's top: find anything, and what helps. */
export function TopBar() {
  return (
    <header className="sticky top-0 z-[var(--z-nav)] hidden h-[var(--size-topbar)] items-center gap-3 border-b border-border bg-background px-10 md:flex">
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-8 w-[360px] min-w-0 items-center gap-2 rounded-sm bg-muted pr-1.5 pl-2.5 text-muted-foreground shadow-[inset_0_0_0_1px_var(--border)] hover:shadow-[inset_0_0_0_1px_var(--border-strong)]"
      >
        <Icon of={Search} size={14} />
        <span className="truncate">Find a couple, a journey, a message</span>
        <span aria-hidden="true" className="ml-auto">
          <Kbd keys={['Mod', 'K']} />
        </span>
      </button>
      <div className="ml-auto flex min-w-0 items-center gap-3">
        <Suspense>
          <SendingWord />
        </Suspense>
        <Suspense>
          <Now />
        </Suspense>
      </div>
      <div className="flex items-center gap-1">
        <RoomSwitch />
        <IconButton
          look="ghost"
          size="sm"
          icon={CircleQuestionMark}
          label="Keys"
          keys={['?']}
          onClick={openShortcuts}
        />
      </div>
    </header>
  )
}

/** One press to the other room; "as the system" is in Settings and in the palette. */
function RoomSwitch() {
  const dark = isDark(useTheme())
  return (
    <IconButton
      look="ghost"
      size="sm"
      icon={dark ? Sun : Moon}
      label={dark ? 'Light colours' : 'Dark colours'}
      onClick={() => chooseTheme(dark ? 'light' : 'dark')}
    />
  )
}
