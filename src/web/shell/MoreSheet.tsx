import { Link } from '@tanstack/react-router'
import { LogIn, Search } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Sheet } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ThemeSwitch } from '../../ui/ThemeSwitch.tsx'
import { useSession } from '../session.ts'
import { setOverlay } from './overlays.ts'
import { PLACES } from './places.ts'

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
              <Link to={place.path} onClick={close} className={ROW}>
                <Icon of={place.icon} size={20} className="text-muted-foreground" />
                {place.name}
              </Link>
            </li>
          ))}
          {!session && (
            <li>
              <Link to="/sign-in" onClick={close} className={ROW}>
                <Icon of={LogIn} size={20} className="text-muted-foreground" />
                Sign in
              </Link>
            </li>
          )}
        </ul>
      </nav>
      <div className="mt-3 grid border-t border-border pt-4">
        <ThemeSwitch size="touch" />
      </div>
    </Sheet>
  )
}
