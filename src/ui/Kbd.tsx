import { Command } from 'lucide-react'
import { classNames } from './class-names.ts'
import { Icon } from './Icon.tsx'

/** Mod is the command key where there is one. Inter's Latin subset has no command sign, so it is drawn. */
const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

/** Keys to press together or, with "then", one after the other. */
export function Kbd({
  keys,
  onInverse = false,
}: {
  readonly keys: readonly string[]
  readonly onInverse?: boolean
}) {
  return (
    <span className="inline-flex items-center gap-1">
      {keys.map((key) =>
        key === 'then' ? (
          <span key={key} className="text-micro text-muted-foreground">
            then
          </span>
        ) : (
          <kbd
            key={key}
            className={classNames(
              'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-xs border px-1 font-inter text-micro font-medium leading-4',
              onInverse
                ? 'border-[color-mix(in_srgb,currentColor_40%,transparent)]'
                : 'border-border border-b-border-strong bg-card text-muted-foreground',
            )}
          >
            {key === 'Mod' ? isApple ? <Icon of={Command} size={10} /> : 'Ctrl' : key}
            {key === 'Mod' && isApple && <span className="sr-only">Command</span>}
          </kbd>
        ),
      )}
    </span>
  )
}
