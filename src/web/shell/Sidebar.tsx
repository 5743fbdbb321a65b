import { Link, useLocation } from '@tanstack/react-router'
import { ChevronsUpDown, LogIn, Plus } from 'lucide-react'
import { Suspense } from 'react'
import { Avatar } from '../../ui/Avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Eyebrow } from '../../ui/Type.tsx'
import { lazily } from '../lazily.tsx'
import { roleWord, type Session, useSession } from '../session.ts'
import { Brand } from './Brand.tsx'
import { NothingMissing } from './PartMissing.tsx'
import { isAt, LATER, PLACES, type Place } from './places.ts'

// What a business is by its rules is no part of the first paint.
const HomeZone = lazily(async () => (await import('./HomeZone.tsx')).HomeZone, NothingMissing)

// A menu brings much with it, and most people have one business.
const Businesses = lazily(async () => (await import('./Businesses.tsx')).Businesses, NothingMissing)

const GROUPS = ['top', 'Couples', 'Automation', 'Looking back'] as const
const ROW = 'flex h-[30px] items-center gap-2.5 rounded-sm px-2 font-book touch:h-11'

/** The desk's way around. Below 768 px the bottom bar takes its place. */
export function Sidebar() {
  const session = useSession()
  return (
    <aside className="sticky top-0 hidden h-dvh w-[var(--size-sidebar)] shrink-0 flex-col overflow-y-auto border-r border-border bg-sidebar px-3 pt-4 pb-3 md:flex">
      <Link to="/" className="rounded-sm px-2" aria-label="WedSync Journeys, to Today">
        <Brand />
      </Link>
      <VendorCard session={session} />
      <nav aria-label="Main" className="flex flex-1 flex-col">
        {GROUPS.map((group) => (
          <div key={group}>
            {group !== 'top' && (
              <div className="px-2 pt-3.5 pb-1">
                <Eyebrow>{group}</Eyebrow>
              </div>
            )}
            <ul>
              {PLACES.filter((place) => place.group === group).map((place) => (
                <PlaceRow key={place.path} place={place} session={session} />
              ))}
            </ul>
          </div>
        ))}
        <ul className="mt-auto pt-4">
          {PLACES.filter((place) => place.group === 'foot').map((place) => (
            <PlaceRow key={place.path} place={place} session={session} />
          ))}
          <li>
            {session ? (
              <Link
                to="/settings/$part"
                params={{ part: 'you' }}
                className={classNames(ROW, 'hover:bg-muted')}
              >
                <span className="-mx-0.5 flex">
                  <Avatar name={session.person.name} size={20} />
                </span>
                <span className="truncate">{session.person.name}</span>
                <span className="ml-auto text-small text-muted-foreground">{roleWord[session.role]}</span>
              </Link>
            ) : (
              <Link to="/sign-in" className={classNames(ROW, 'hover:bg-muted')}>
                <Icon of={LogIn} className="text-muted-foreground" />
                Sign in
              </Link>
            )}
          </li>
        </ul>
      </nav>
    </aside>
  )
}

const CARD = 'mt-4 mb-3 flex w-full items-center gap-2 rounded-md border border-border bg-card p-2 leading-4'

/** Whose house this is. Who works for several changes it here; the address says which. */
function VendorCard({ session }: { readonly session: Session | null }) {
  if (!session)
    return (
      <div className={CARD}>
        <span
          aria-hidden="true"
          className="flex size-7 shrink-0 items-center justify-center rounded-sm border border-dashed border-border-strong text-muted-foreground"
        >
          <Icon of={Plus} size={14} />
        </span>
        <span className="min-w-0">
          <span className="block truncate font-strong">No business yet</span>
          <Link
            to="/sign-up"
            className="block truncate rounded-xs text-micro text-link underline-offset-2 hover:underline"
          >
            Set one up
          </Link>
        </span>
      </div>
    )
  const face = (
    <>
      <span
        aria-hidden="true"
        className="flex size-7 shrink-0 items-center justify-center rounded-sm bg-primary font-display text-[15px] font-medium text-primary-foreground italic"
      >
        {[...session.business][0]}
      </span>
      <span className="min-w-0 flex-1 text-left">
        <span className="block truncate font-strong">{session.business}</span>
        <span className="block truncate text-micro text-muted-foreground">
          <Suspense fallback={'\u00a0'}>
            <HomeZone vendor={session.vendor} />
          </Suspense>
        </span>
      </span>
    </>
  )
  if (session.businesses.length === 1) return <div className={CARD}>{face}</div>
  const trigger = (
    <button type="button" className={classNames(CARD, 'hover:bg-muted')}>
      {face}
      <Icon of={ChevronsUpDown} size={14} className="text-muted-foreground" />
    </button>
  )
  return (
    <Suspense fallback={trigger}>
      <Businesses session={session}>{trigger}</Businesses>
    </Suspense>
  )
}

function PlaceRow({ place, session }: { readonly place: Place; readonly session: Session | null }) {
  const here = useLocation({ select: (location) => isAt(place, location.pathname) })
  const figure = session?.counts[place.path]
  return (
    <li>
      <Link
        to={place.path}
        aria-current={here ? 'page' : undefined}
        className={classNames(
          ROW,
          place.later && LATER,
          here
            ? 'bg-control-on font-strong shadow-[var(--shadow-xs),inset_0_0_0_1px_var(--border)]'
            : 'hover:bg-muted',
        )}
      >
        <Icon of={place.icon} className={here ? 'text-link' : 'text-muted-foreground'} />
        {place.name}
        {figure && (
          <span
            className={classNames(
              'ml-auto text-small',
              figure.waits ? 'font-bold text-link' : 'font-normal text-muted-foreground',
            )}
          >
            {figure.count.toLocaleString()}
            <span className="sr-only"> {figure.noun}</span>
          </span>
        )}
      </Link>
    </li>
  )
}
