import { Link } from '@tanstack/react-router'
import { ArrowLeftRight, CirclePause, LogIn, LogOut, Search } from 'lucide-react'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Sheet } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ThemeSwitch } from '../../ui/ThemeSwitch.tsx'
import { roleWord, useSession } from '../session.ts'
import { openSignOut, setOverlay } from './overlays.ts'
import { LATER, PLACES } from './places.ts'
import { useSendingState } from './useSendingState.ts'

const ROW = 'flex h-11 items-center gap-3 border-t border-border text-phone'

/** The rooms that have no place in the bottom bar. */
export function MoreSheet() {
  const session = useSession()
  const close = () => setOverlay(null)
  return (
    <Sheet title="More" open onOpenChange={close}>
      <Button size="touch" block icon={Search} onClick={() => setOverlay('palette')}>
        Go somewhere or do something
      </Button>
      <nav aria-label="More rooms" className="mt-4">
        <ul>
          {PLACES.filter((place) => !place.onPhone).map((place) => (
            <li key={place.path}>
              <Link to={place.path} onClick={close} className={classNames(ROW, place.later && LATER)}>
                <Icon of={place.icon} size={20} className="text-muted-foreground" />
                {place.name}
              </Link>
            </li>
          ))}
          {session ? (
            <>
              <li>
                <Link to="/settings/$part" params={{ part: 'you' }} onClick={close} className={ROW}>
                  <Avatar name={session.person.name} size={20} />
                  <span className="truncate">{session.person.name}</span>
                  <span className="ml-auto text-small text-muted-foreground">
                    {roleWord[session.role]}, {session.business}
                  </span>
                </Link>
              </li>
              {session.businesses
                .filter(({ vendor }) => vendor !== session.vendor)
                .map(({ vendor, name }) => (
                  <li key={vendor}>
                    <Link to="/" search={{ business: vendor }} onClick={close} className={ROW}>
                      <Icon of={ArrowLeftRight} size={20} className="text-muted-foreground" />
                      To {name}
                    </Link>
                  </li>
                ))}
              <li>
                <button type="button" onClick={openSignOut} className={`${ROW} w-full`}>
                  <Icon of={LogOut} size={20} className="text-muted-foreground" />
                  Sign out
                </button>
              </li>
            </>
          ) : (
            <li>
              <Link to="/sign-in" onClick={close} className={ROW}>
                <Icon of={LogIn} size={20} className="text-muted-foreground" />
                Sign in
              </Link>
            </li>
          )}
        </ul>
      </nav>
      <HoldRow />
      <div className="mt-3 grid border-t border-border pt-4">
        <ThemeSwitch size="touch" />
      </div>
    </Sheet>
  )
}

/** Held, the notice on the page lets it go on. */
function HoldRow() {
  const { sending, may, busy, set } = useSendingState()
  if (!may || !sending || sending.held) return null
  return (
    <div className="mt-3 grid border-t border-border pt-4">
      <Button
        size="touch"
        block
        icon={CirclePause}
        busy={busy}
        onClick={() => {
          set(true)
          setOverlay(null)
        }}
      >
        Hold everything
      </Button>
    </div>
  )
}
