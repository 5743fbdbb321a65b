import { Link, useLocation } from '@tanstack/react-router'
import { Avatar } from '../../ui/Avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { useSession } from '../session.ts'
import { BrandMark } from './Brand.tsx'
import { isAt, PLACES, type Place } from './places.ts'

const GROUPS = ['top', 'Couples', 'Automation', 'Looking back'] as const
const CELL = 'flex size-8 items-center justify-center rounded-sm'

/** The sidebar of rooms where the work needs the width: the same ways, by their icons. */
export function Rail() {
  const session = useSession()
  return (
    <aside className="sticky top-0 hidden h-dvh w-[var(--size-rail)] shrink-0 flex-col items-center overflow-y-auto border-r border-border bg-sidebar pt-4 pb-3 md:flex">
      <Link to="/" className="rounded-sm" aria-label="WedSync Journeys, to Today">
        <BrandMark />
      </Link>
      <nav aria-label="Main" className="mt-4 flex flex-1 flex-col items-center">
        {GROUPS.map((group) => (
          <ul
            key={group}
            className="space-y-0.5 not-first:mt-2 not-first:border-t not-first:border-border not-first:pt-2"
          >
            {PLACES.filter((place) => place.group === group).map((place) => (
              <PlaceCell key={place.path} place={place} />
            ))}
          </ul>
        ))}
        <ul className="mt-auto space-y-1 pt-4">
          {PLACES.filter((place) => place.group === 'foot').map((place) => (
            <PlaceCell key={place.path} place={place} />
          ))}
          {session && (
            <li>
              <Tooltip label={session.person.name} side="right">
                <Link
                  to="/settings/$part"
                  params={{ part: 'you' }}
                  className={classNames(CELL, 'hover:bg-muted')}
                >
                  <Avatar name={session.person.name} size={20} />
                  <span className="sr-only">{session.person.name}</span>
                </Link>
              </Tooltip>
            </li>
          )}
        </ul>
      </nav>
    </aside>
  )
}

function PlaceCell({ place }: { readonly place: Place }) {
  const here = useLocation({ select: (location) => isAt(place, location.pathname) })
  return (
    <li>
      <Tooltip label={place.name} side="right">
        <Link
          to={place.path}
          aria-label={place.name}
          aria-current={here ? 'page' : undefined}
          className={classNames(
            CELL,
            here
              ? 'bg-control-on text-link shadow-[var(--shadow-xs),inset_0_0_0_1px_var(--border)]'
              : 'text-muted-foreground hover:bg-muted hover:text-foreground',
          )}
        >
          <Icon of={place.icon} />
        </Link>
      </Tooltip>
    </li>
  )
}
