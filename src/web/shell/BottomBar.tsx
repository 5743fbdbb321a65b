import { Link, useLocation } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useSession } from '../session.ts'
import { openMore } from './overlays.ts'
import { isAt, PLACES } from './places.ts'

const TAB =
  'relative flex h-full w-full flex-col items-center justify-center gap-0.5 text-micro leading-[14px] -outline-offset-4'

/** The phone's way around: four rooms and the rest, under the thumb. */
export function BottomBar() {
  const pathname = useLocation({ select: (location) => location.pathname })
  const session = useSession()
  const tabs = PLACES.filter((place) => place.onPhone)
  const elsewhere = PLACES.some((place) => !place.onPhone && isAt(place, pathname))
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-[var(--z-nav)] border-t border-border bg-card px-2 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid h-14 grid-cols-5">
        {tabs.map((place) => {
          const here = isAt(place, pathname)
          const figure = session?.counts[place.path]
          return (
            <li key={place.path}>
              <Link
                to={place.path}
                aria-current={here ? 'page' : undefined}
                className={classNames(TAB, here ? 'font-bold text-link' : 'text-muted-foreground')}
              >
                <Icon of={place.icon} size={22} />
                {place.name}
                {figure?.waits && (
                  <span className="absolute top-1 left-1/2 ml-1.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-primary px-1 text-[10.5px] font-bold text-primary-foreground">
                    {figure.count}
                    <span className="sr-only"> {figure.noun}</span>
                  </span>
                )}
              </Link>
            </li>
          )
        })}
        <li>
          <button
            type="button"
            aria-haspopup="dialog"
            onClick={openMore}
            className={classNames(TAB, elsewhere ? 'font-bold text-link' : 'text-muted-foreground')}
          >
            <Icon of={Ellipsis} size={22} />
            More
          </button>
        </li>
      </ul>
    </nav>
  )
}
