import { Suspense, useSyncExternalStore } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { ThemeSwitch } from '../../../ui/ThemeSwitch.tsx'
import { Toaster } from '../../../ui/Toaster.tsx'
import { Lede } from '../../../ui/Type.tsx'
import { isDark, useTheme } from '../../../ui/theme/theme.ts'
import { lazily } from '../../lazily.tsx'
import { Brand } from '../../shell/Brand.tsx'
import { ColourAndType } from './ColourAndType.tsx'
import { Controls } from './Controls.tsx'
import { Floating } from './Floating.tsx'
import { Things } from './Things.tsx'

const Writing = lazily(async () => (await import('./Writing.tsx')).Writing)
const wide = matchMedia('(min-width: 1024px)')
const useWide = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      wide.addEventListener('change', tell)
      return () => wide.removeEventListener('change', tell)
    },
    () => wide.matches,
  )

/** Every part of the kit in every state, by day and in the evening; on a phone in the room one sits in. */
export function Kit() {
  const both = useWide()
  const dark = isDark(useTheme())
  return (
    <div className="min-h-dvh">
      <header className="flex flex-wrap items-center justify-between gap-3 border-b border-border px-5 py-4 lg:px-8">
        <Brand />
        <ThemeSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        <div className="px-5 pt-6 lg:px-8">
          <Lede>The parts the house is built of, each in all its states.</Lede>
        </div>
        <div className={both ? 'mt-6 grid grid-cols-2' : 'mt-2'}>
          {(both ? (['light', 'dark'] as const) : [dark ? ('dark' as const) : ('light' as const)]).map(
            (room) => (
              <section
                key={room}
                aria-label={room}
                className={classNames(room, 'min-w-0 bg-background px-5 pt-5 pb-10 text-foreground lg:px-8')}
              >
                <h2 className="font-display text-h1 tracking-display">
                  {room === 'light' ? 'Light, the desk by day' : 'Dark, the same desk in the evening'}
                </h2>
                <div className="mt-6 grid gap-6">
                  <ColourAndType />
                  <Controls />
                  <Floating />
                  <Things room={room} />
                  <Suspense>
                    <Writing />
                  </Suspense>
                </div>
              </section>
            ),
          )}
        </div>
      </main>
      <Toaster />
    </div>
  )
}
