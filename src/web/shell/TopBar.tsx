import { CircleQuestionMark, Search } from 'lucide-react'
import { IconButton } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { ThemeSwitch } from '../../ui/ThemeSwitch.tsx'
import { openPalette, openShortcuts } from './overlays.ts'

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
        <span className="truncate">Go somewhere or do something</span>
        <span aria-hidden="true" className="ml-auto">
          <Kbd keys={['Mod', 'K']} />
        </span>
      </button>
      <div className="ml-auto flex items-center gap-3">
        <ThemeSwitch />
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
